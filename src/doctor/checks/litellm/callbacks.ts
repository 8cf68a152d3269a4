import { lt } from 'semver';
import type { Generation, Mode } from '../../../deployment/model.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import type { LiteLlmConfigView } from '../../facts/litellm/config.ts';
import { liteLlmErrors } from '../../litellm-log.ts';
import type { Form } from '../../litellm-forms.ts';
import { formsOf, proxyVersionOf } from '../../litellm-forms.ts';
import type { PodView } from '../../views.ts';
import { failing, logEvidence, manual } from '../../wording.ts';

export const litellmCallbacksCheck = defineCheck({
  id: 'litellm/callbacks',
  area: 'litellm',
  title: 'LiteLLM sends successes and failures to Langfuse, in a form that this version takes',
  why: "success_callback and failure_callback must both name langfuse, or callbacks names langfuse_otel. langfuse_otel, and langfuse of LiteLLM 1.104 and later, send OTLP: Langfuse 2 takes none. langfuse of LiteLLM before 1.104 sends JSON events, which Langfuse 4 in events_only refuses inside an answer 207 that looks well. Keys set per team in LiteLLM's own database are not visible here.",
  severity: 'error',
  uses: ['litellm/config'],
  sees: ['kube/logs', 'kube/pods'],
  explains: ['litellm/reachable', 'litellm/keys', 'litellm/host'],
  evaluate: ({ facts, outcomes, version, mode, generation }) => {
    const [hit] = liteLlmErrors(valueOf(outcomes['kube/logs']) ?? [], ['litellm-callback-error']);
    if (hit !== undefined) return broken(logEvidence(hit.view, hit.finding, 'no error'));
    const server = { version: version ?? (generation === 2 ? '2.0.0' : null), generation, mode };
    const pods = valueOf(outcomes['kube/pods']) ?? [];
    const verdicts = facts['litellm/config'].map((config) =>
      judgeConfig(
        config,
        server,
        formsOf([...config.callbacks, ...config.successCallbacks], proxyVersion(config, pods)),
      ),
    );
    return (
      verdicts.find((verdict) => verdict?.status === 'fail') ??
      verdicts.find((verdict) => verdict !== null) ?? { status: 'ok' }
    );
  },
});

/** What runs, and with it what is taken. */
interface Server {
  readonly version: string | null;
  readonly generation: Generation | null;
  readonly mode: Mode | null;
}

/** OTLP came with 3.22.0 (langfuse/langfuse web/src/pages/api/public/otel/v1/traces). */
const otlpSince = '3.22.0';

function proxyVersion({ namespace, workload }: LiteLlmConfigView, pods: readonly PodView[]): string | null {
  const own = pods.find(
    (pod) => pod.part === 'litellm' && pod.namespace === namespace && pod.workload === workload,
  );
  const image = own?.containers.find((container) => container.main)?.image;
  return image === undefined ? null : proxyVersionOf(image);
}

/** Null where all is sent and all is taken. */
function judgeConfig(config: LiteLlmConfigView, server: Server, forms: readonly Form[]): Verdict | null {
  if (config.unreadable !== null) return { status: 'unknown', reason: config.unreadable };
  const lacking = lackingOf(config);
  if (lacking.length > 0) return notNamed(config, lacking);
  const { version, generation, mode } = server;
  if (forms.every((form) => form === 'otlp') && version !== null && lt(version, otlpSince))
    return notTaken(config, `OTLP, and Langfuse ${version} takes none`, 'langfuse, of LiteLLM before 1.104');
  if (generation !== 4 || forms.includes('otlp')) return null;
  if (mode === 'events_only' && !forms.includes('unknown'))
    return notTaken(config, 'JSON events, and Langfuse 4 in events_only refuses them', 'langfuse_otel');
  const open = mode === null ? 'the write mode of Langfuse 4' : "LiteLLM's version";
  return mode === null || mode === 'events_only'
    ? {
        status: 'unknown',
        reason: `whether callback langfuse is taken depends on ${open}, which is not known`,
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

function notTaken(config: LiteLlmConfigView, form: string, wanted: string): Verdict {
  return failing(
    `${config.namespace}/${config.workload} sends ${form}: no trace arrives`,
    [configEvidence(config, `callback ${wanted}`)],
    [manual(`name callback ${wanted}, and restart LiteLLM`, editCommand(config))],
  );
}

/** langfuse-python of another major than LiteLLM's callback was written for, or a queue that lost events. */
function broken(evidence: Evidence): Verdict {
  return failing(
    "LiteLLM's Langfuse callback fails: no trace is sent",
    [evidence],
    [
      manual(
        'run the image of LiteLLM as it is published: its langfuse package fits its callback (2.x before LiteLLM 1.104, 4.x from there on), another one does not',
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
