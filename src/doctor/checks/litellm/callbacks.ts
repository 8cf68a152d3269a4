import { lt } from 'semver';
import type { Mode } from '../../../deployment/model.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import type { LiteLlmConfigView } from '../../facts/litellm/config.ts';
import { liteLlmErrors } from '../../litellm-log.ts';
import { failing, logEvidence, manual } from '../../wording.ts';

export const litellmCallbacksCheck = defineCheck({
  id: 'litellm/callbacks',
  area: 'litellm',
  title: 'LiteLLM sends successes and failures to Langfuse, in a form that this version takes',
  why: "success_callback and failure_callback must both name langfuse, or callbacks names langfuse_otel. langfuse_otel needs Langfuse 3.22 or later; the JSON events of langfuse are refused by Langfuse 4 in events_only, inside an answer 207 that looks well. Keys set per team in LiteLLM's own database are not visible here.",
  severity: 'error',
  uses: ['litellm/config'],
  sees: ['kube/logs'],
  explains: ['litellm/reachable', 'litellm/keys', 'litellm/host'],
  evaluate: ({ facts, outcomes, version, mode, generation }) => {
    const configs = facts['litellm/config'];
    const [hit] = liteLlmErrors(valueOf(outcomes['kube/logs']) ?? [], ['litellm-callback-error']);
    if (hit !== undefined) return broken(logEvidence(hit.view, hit.finding, 'no error'));
    const era = { version: version ?? (generation === 2 ? '2.95.12' : null), generation, mode };
    const verdicts = configs.map((config) => judgeConfig(config, era));
    return (
      verdicts.find((verdict) => verdict?.status === 'fail') ??
      verdicts.find((verdict) => verdict !== null) ?? { status: 'ok' }
    );
  },
});

/** What the server takes. */
interface Era {
  readonly version: string | null;
  readonly generation: number | null;
  readonly mode: Mode | null;
}

/** OTLP came with 3.22.0 (langfuse/langfuse web/src/pages/api/public/otel/v1/traces). */
const otlpSince = '3.22.0';

/** Null where all is sent and all is taken. */
function judgeConfig(config: LiteLlmConfigView, { version, generation, mode }: Era): Verdict | null {
  if (config.unreadable !== null) return { status: 'unknown', reason: config.unreadable };
  const lacking = lackingOf(config);
  if (lacking.length > 0) return notNamed(config, lacking);
  const names = [...config.callbacks, ...config.successCallbacks];
  const [otel, json] = [names.includes('langfuse_otel'), names.includes('langfuse')];
  if (otel && !json && version !== null && lt(version, otlpSince))
    return notTaken(config, `Langfuse ${version} takes no OTLP`, 'langfuse_otel', 'langfuse');
  if (otel || generation !== 4) return null;
  if (mode === 'events_only')
    return notTaken(config, 'Langfuse 4 in events_only refuses JSON events', 'langfuse', 'langfuse_otel');
  return mode === null
    ? {
        status: 'unknown',
        reason: 'the write mode of Langfuse 4 is not known: events_only refuses JSON events',
      }
    : null;
}

function lackingOf({ callbacks, successCallbacks, failureCallbacks }: LiteLlmConfigView): string[] {
  if (callbacks.some(isLangfuse)) return [];
  return [
    ...(successCallbacks.some(isLangfuse) ? [] : ['success_callback']),
    ...(failureCallbacks.some(isLangfuse) ? [] : ['failure_callback']),
  ];
}

function isLangfuse(name: string): boolean {
  return name === 'langfuse' || name === 'langfuse_otel';
}

function notNamed(config: LiteLlmConfigView, lacking: readonly string[]): Verdict {
  return failing(
    `${lacking.join(' and ')} of ${config.namespace}/${config.workload} ${lacking.length === 1 ? 'does' : 'do'} not name langfuse`,
    [configEvidence(config, 'success_callback: ["langfuse"], failure_callback: ["langfuse"]')],
    [
      manual(
        `add langfuse to ${lacking.join(' and ')} under litellm_settings and restart LiteLLM`,
        editCommand(config),
      ),
    ],
  );
}

function notTaken(config: LiteLlmConfigView, why: string, named: string, wanted: string): Verdict {
  return failing(
    `${config.namespace}/${config.workload} sends by callback ${named}, and ${why}: no trace arrives`,
    [configEvidence(config, `callback ${wanted}`)],
    [manual(`name ${wanted} instead of ${named} and restart LiteLLM`, editCommand(config))],
  );
}

/** langfuse-python of another major than LiteLLM's callback was written for, or a queue that lost events. */
function broken(evidence: Evidence): Verdict {
  return failing(
    "LiteLLM's Langfuse callback fails: no trace is sent",
    [evidence],
    [
      manual(
        'run a LiteLLM image whose langfuse package fits its callback (langfuse 2.x for "langfuse"), or change to langfuse_otel',
      ),
    ],
    { confidence: 0.9 },
  );
}

function objectOf({ configObject }: LiteLlmConfigView): { namespace: string; name: string } {
  const [namespace = '', name = ''] = (configObject ?? '').split('/');
  return { namespace, name };
}

function configEvidence(config: LiteLlmConfigView, expected: string): Evidence {
  const { namespace, name } = objectOf(config);
  const { successCallbacks, failureCallbacks, callbacks } = config;
  return {
    source: `configmap/${name}`,
    again: `kubectl get configmap -n ${namespace} ${name} -o yaml`,
    observed: `success ${JSON.stringify(successCallbacks)}, failure ${JSON.stringify(failureCallbacks)}, callbacks ${JSON.stringify(callbacks)}`,
    expected,
  };
}

function editCommand(config: LiteLlmConfigView): string {
  const { namespace, name } = objectOf(config);
  return `kubectl edit configmap -n ${namespace} ${name}`;
}
