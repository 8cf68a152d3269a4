import type { ComponentEnvView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { valueOf } from '../../fact.ts';
import type { LogView, PodView } from '../../views.ts';
import type { LogHit } from '../../wording.ts';
import { failing, logEvidence, logHits, manual, setVariableFix, variableOf } from '../../wording.ts';

const mode = 'LANGFUSE_MIGRATION_V4_WRITE_MODE';

export const ingestionRefusedCheck = defineCheck({
  id: 'ingestion/refused',
  area: 'web',
  title: 'web takes the events that its clients send',
  why: 'Langfuse 4 in events_only stores nothing of the JSON batches that older SDKs send (Python before 3, JS before 4, LiteLLM before 1.104) but scores. It answers 207 with the refusals inside, most clients say nothing, and the only trace of it in the deployment is a warning in the log of web, with the project.',
  severity: 'error',
  uses: ['kube/logs'],
  sees: ['kube/pods', 'config/env'],
  appliesTo: { generations: [4] },
  explains: ['litellm/callbacks'],
  evaluate: ({ facts, outcomes }) => {
    const logs = facts['kube/logs'].filter(({ part }) => part === 'web');
    const web = valueOf(outcomes['config/env'])?.find(({ role }) => role === 'web');
    const changedAt = lastChange(outcomes['kube/pods']);
    const [hit] = logHits(logs, ['ingestion-refused']).filter(
      ({ finding: { at } }) => at === null || Date.parse(at) > changedAt,
    );
    return hit === undefined ? unseen(logs, web) : refused(hit, web);
  },
});

/** A client that was replaced, or a web that was, is not the one that a line from before speaks of. */
function lastChange(pods: Outcome<readonly PodView[]>): number {
  const parts: readonly string[] = ['web', 'litellm'];
  const starts = (valueOf(pods) ?? [])
    .filter(({ part, deleting }) => parts.includes(part) && !deleting)
    .map(({ startedAt }) => Date.parse(startedAt ?? ''));
  return Math.max(0, ...starts.filter(Number.isFinite));
}

/** The line is a warning, and stands in the log of the pod that refused. */
function unseen(logs: readonly LogView[], web: ComponentEnvView | undefined): Verdict {
  const closed = logs.find(({ unreadable }) => unreadable !== null);
  if (closed !== undefined || logs.length === 0)
    return { status: 'unknown', reason: closed?.unreadable ?? 'no log of web was read' };
  const level = web === undefined ? null : (variableOf(web, 'LANGFUSE_LOG_LEVEL')?.value ?? null);
  return level === 'error' || level === 'fatal'
    ? { status: 'unknown', reason: `LANGFUSE_LOG_LEVEL is ${level}: refusals are warnings, and not logged` }
    : { status: 'ok', detail: 'no refusal in the last 10 minutes' };
}

function refused({ view, finding }: LogHit, web: ComponentEnvView | undefined): Verdict {
  return failing(
    `web refuses events of project ${finding.subject ?? ''}: an SDK sends JSON batches, and Langfuse 4 in events_only takes scores alone`,
    [logEvidence(view, finding, 'no refusal')],
    [
      manual(
        'update the client: Python SDK 3, JS SDK 4, LiteLLM 1.104 or callback langfuse_otel, or any OTLP exporter; the line in the log names SDK and version',
      ),
      ...(web === undefined ? [] : [bridge(web)]),
    ],
    finding.at === null ? {} : { since: finding.at },
  );
}

function bridge(web: ComponentEnvView): ReturnType<typeof setVariableFix> {
  const fix = setVariableFix(web, mode, 'dual');
  return { ...fix, text: `until then: ${fix.text}, and the same on the worker` };
}
