import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { valueOf } from '../../fact.ts';
import type { PathView } from '../../facts/kube/policies.ts';
import { isOfRollout, liteLlmErrors } from '../../litellm-log.ts';
import type { LiteLlmProbeView } from '../../facts/litellm/probe.ts';
import type { LogView, PodView } from '../../views.ts';
import type { LogHit } from '../../wording.ts';
import { failing, logEvidence, manual } from '../../wording.ts';

export const litellmReachableCheck = defineCheck({
  id: 'litellm/reachable',
  area: 'litellm',
  title: 'LiteLLM reaches Langfuse',
  why: "Judged by LiteLLM's own log, then by the NetworkPolicies and AuthorizationPolicies between the two. Calls to models go on without Langfuse, and their traces are lost.",
  severity: 'error',
  uses: ['litellm/config'],
  sees: ['kube/policies', 'kube/logs', 'kube/pods', 'litellm/probe'],
  explains: [],
  evaluate: ({ outcomes }) => {
    const logs = valueOf(outcomes['kube/logs']) ?? [];
    const pods = valueOf(outcomes['kube/pods']);
    // Without the pods it cannot be told from an error of the time web was away.
    const hit = pods === null ? undefined : newestError(logs, pods);
    return (
      denied(outcomes['kube/policies'], hit) ??
      cannotConnect(hit) ??
      byProbe(outcomes['litellm/probe']) ??
      quiet(outcomes['kube/policies'], pods ?? [], logs)
    );
  },
});

function newestError(logs: readonly LogView[], pods: readonly PodView[]): LogHit | undefined {
  return liteLlmErrors(logs, ['litellm-unreachable']).find((one) => !isOfRollout(one, pods));
}

function denied(policies: Outcome<readonly PathView[]>, hit: LogHit | undefined): Verdict | null {
  const path = policies.status === 'known' ? policies.value.find((one) => one.denials.length > 0) : undefined;
  const [denial] = path?.denials ?? [];
  if (path === undefined || denial === undefined) return null;
  const { kind, namespace, name, direction } = denial;
  return failing(
    `${kind} ${namespace}/${name} denies ${path.path} (${direction})`,
    [
      {
        source: `${kind} ${name}`,
        again: `kubectl get ${kind.toLowerCase()} -n ${namespace} ${name} -o yaml`,
        observed: `no rule allows ${path.path}`,
        expected: 'a rule that allows it',
      },
      ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'no error')]),
    ],
    [
      manual(
        `allow port ${path.path.split(':').at(-1) ?? '3000'} from the namespace of LiteLLM in ${kind} ${name}`,
        `kubectl edit ${kind.toLowerCase()} -n ${namespace} ${name}`,
      ),
    ],
  );
}

function cannotConnect(hit: LogHit | undefined): Verdict | null {
  if (hit === undefined) return null;
  const { namespace, pod } = hit.view;
  return failing(
    'LiteLLM cannot connect to Langfuse',
    [logEvidence(hit.view, hit.finding, 'no error')],
    [
      manual(
        'try it from its pod',
        `kubectl exec -n ${namespace} ${pod} -- python3 -c "import urllib.request,os;print(urllib.request.urlopen(os.environ['LANGFUSE_HOST']+'/api/public/health').read())"`,
      ),
    ],
    { confidence: 0.8 },
  );
}

function byProbe(probe: Outcome<readonly LiteLlmProbeView[]>): Verdict | null {
  if (probe.status !== 'known') return null;
  const refused = probe.value.find((one) => !one.ok);
  if (refused === undefined) return { status: 'ok', detail: 'asked from its own pod' };
  return failing(
    `asked from its own pod, LiteLLM does not reach Langfuse: ${refused.answer}`,
    [
      {
        source: `exec in pod ${refused.pod}`,
        again: 'lfctl doctor --only litellm/reachable --probe',
        observed: refused.answer,
        expected: '200 {"status":"OK"}',
      },
    ],
    [manual('see what stands between the two', `kubectl get networkpolicies -n ${refused.namespace}`)],
  );
}

/** Nothing speaks against it: that counts only where policies and log could be read. */
function quiet(
  policies: Outcome<readonly PathView[]>,
  pods: readonly PodView[],
  logs: readonly LogView[],
): Verdict {
  if (policies.status === 'unknown') return { status: 'unknown', reason: policies.reason };
  const own = logs.filter((view) => view.part === 'litellm');
  const running = pods.some((pod) => pod.part === 'litellm' && pod.ready);
  if (running && own.some((view) => view.unreadable === null))
    return { status: 'ok', detail: 'no error in its log, no policy against it' };
  const why = own.find((view) => view.unreadable !== null)?.unreadable;
  return { status: 'unknown', reason: why ?? 'no ready pod of LiteLLM, or its log cannot be read' };
}
