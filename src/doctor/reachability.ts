/** Does *Langfuse* reach a store? One judgement for all four stores, on evidence from the deployment's side. */
import type { DeploymentView, StoreView } from '../deployment/view.ts';
import type { Evidence, FindingFix, Verdict } from './check.ts';
import type { Outcome } from './fact.ts';
import type { EndpointView, HttpView, LoginView, LogView, PodPart, PodView } from './views.ts';
import { workerHealth as healthPath } from './health.ts';
import { addressText, failing, logEvidence, logHits, manual, podCommand, podsOfPart } from './wording.ts';

export interface Reach {
  readonly part: Extract<PodPart, 'postgres' | 'clickhouse' | 'redis' | 'objects'>;
  readonly title: string;
  readonly deployment: Outcome<DeploymentView>;
  readonly storeOf: (deployment: DeploymentView) => StoreView;
  readonly endpoints: Outcome<readonly EndpointView[]>;
  readonly pods: Outcome<readonly PodView[]>;
  readonly logs: Outcome<readonly LogView[]>;
  readonly login: Outcome<LoginView>;
  /** Log patterns that mean "no connection". */
  readonly patterns: readonly string[];
  /** Worker health, where it covers this store (Postgres and Redis). */
  readonly workerHealth?: Outcome<readonly HttpView[]>;
  readonly now: Date;
}

/** Older errors say nothing of the present when a connection works now. */
const freshMs = 30_000;

export function judgeReach(given: Reach): Verdict {
  if (given.deployment.status !== 'known') return byUrl(given);
  const deployment = given.deployment.value;
  const reach: Known = {
    ...given,
    namespace: deployment.namespace,
    inside: deployment.context === 'in-cluster',
    store: given.storeOf(deployment),
  };
  if (!reach.store.configured) return { status: 'skipped', reason: `not configured: ${reach.title}` };
  return notThere(reach) ?? noEndpoint(reach) ?? connectionErrors(reach) ?? ownView(reach);
}

/** A reach whose deployment is known. */
interface Known extends Reach {
  readonly namespace: string;
  /** True when lfctl runs in a pod of the cluster, so that it sees what Langfuse sees. */
  readonly inside: boolean;
  readonly store: StoreView;
}

/** With URLs alone lfctl's own view is all there is: a refusal and an unknown host are failures. */
function byUrl({ login, title, part }: Reach): Verdict {
  if (login.status !== 'known') return { status: login.status, reason: login.reason };
  if (login.value.ok) return { status: 'ok', detail: `${login.value.ms} ms` };
  const { code, message } = login.value;
  if (spoke(code)) return { status: 'ok' };
  if (!turnsAway(code)) return { status: 'unknown', reason: message };
  const variable = { postgres: 'DATABASE', clickhouse: 'CLICKHOUSE', redis: 'REDIS', objects: 'S3' }[part];
  return failing(
    `${title} does not answer: ${message}`,
    [
      {
        source: 'connection of lfctl',
        again: `lfctl doctor --only ${part}`,
        observed: message,
        expected: 'an answer',
      },
    ],
    [manual(`check that LFCTL_${variable}_URL names the right host and port, and that the server runs`)],
  );
}

/** Nobody listens there, or nothing has that name: a timeout may be lfctl's own, these are the address's. */
function turnsAway(code: string): boolean {
  return ['_REFUSED', '_UNKNOWN_HOST', '_CLOSED'].some((end) => code.endsWith(end));
}

/** The server spoke: it is reached, and what it said is for other checks. */
function spoke(code: string): boolean {
  if (code.startsWith('KUBE_')) return false;
  return ['_AUTH', '_DATABASE', '_BUCKET', '_FORBIDDEN', '_CLOCK', '_FAILED'].some((end) =>
    code.endsWith(end),
  );
}

function notThere({ store, title, namespace: home }: Known): Verdict | null {
  const { placement } = store;
  if (placement.kind !== 'no-service') return null;
  const { namespace, service } = placement;
  return failing(
    `${title} is addressed as ${addressText(store)}, and there is no Service ${service} in namespace ${namespace}`,
    [
      {
        source: 'services',
        again: `kubectl get service -n ${namespace} ${service}`,
        observed: 'not found',
        expected: `a Service named ${service}`,
      },
    ],
    [manual(`correct ${store.variables.join(' or ')} of namespace ${home}, or create the Service`)],
  );
}

function noEndpoint({ part, title, endpoints, pods }: Known): Verdict | null {
  const endpoint =
    endpoints.status === 'known' ? endpoints.value.find((one) => one.part === part) : undefined;
  if (endpoint === undefined || endpoint.external || !endpoint.exists || endpoint.readyPods.length > 0)
    return null;
  const { namespace, service } = endpoint;
  const own = pods.status === 'known' ? podsOfPart(pods.value, part) : [];
  const evidence: [Evidence, ...Evidence[]] = [
    {
      source: `endpoints of service ${service}`,
      again: `kubectl get endpoints -n ${namespace} ${service}`,
      observed:
        endpoint.notReadyPods.length === 0 ? 'no pod' : `not ready: ${endpoint.notReadyPods.join(', ')}`,
      expected: 'at least one ready pod',
    },
  ];
  for (const pod of own) {
    const waiting = pod.containers.map((one) => one.state.waiting).find((state) => state !== undefined);
    evidence.push({
      source: `pod ${pod.name}`,
      again: podCommand(pod),
      observed:
        waiting === undefined ? pod.phase : `${waiting.reason ?? 'waiting'}: ${waiting.message ?? ''}`,
      expected: 'Running and ready',
    });
  }
  const fix = endpointFix(endpoint, own[0]);
  return failing(`no ready pod answers for ${title} (service ${namespace}/${service})`, evidence, [fix]);
}

function endpointFix({ namespace, workload }: EndpointView, pod: PodView | undefined): FindingFix {
  if (workload?.replicas === 0) {
    const name = `${workload.kind.toLowerCase()}/${workload.name}`;
    return manual(
      `${name} is scaled to zero: scale it up`,
      `kubectl scale -n ${namespace} ${name} --replicas=1`,
    );
  }
  if (pod !== undefined) return manual('see why its pod is not ready', podCommand(pod));
  return manual(
    'see what should run behind the Service',
    `kubectl get deployments,statefulsets -n ${namespace}`,
  );
}

function connectionErrors(reach: Known): Verdict | null {
  const { logs, login, patterns, title, part, now, store } = reach;
  if (logs.status !== 'known') return null;
  const readySince = newestReady(reach);
  const hits = logHits(logs.value, patterns).filter(({ view, finding }) => {
    if (view.part !== 'web' && view.part !== 'worker') return false;
    if (finding.at === null) return !loginWorks(login);
    const atMs = Date.parse(finding.at);
    return atMs > readySince && (now.getTime() - atMs < freshMs || !loginWorks(login));
  });
  const hit = hits[0];
  if (hit === undefined || healthyWorker(reach)) return null;
  return failing(
    `${hit.view.part} cannot connect to ${title} at ${addressText(store)}`,
    [logEvidence(hit.view, hit.finding, `a connection to ${title}`)],
    [
      manual(
        `see what stands between ${hit.view.part} and ${title}: Service, NetworkPolicy, the server itself`,
        `kubectl get networkpolicies,services -n ${reach.namespace}`,
      ),
    ],
    { confidence: 0.9, ...(part === 'postgres' && hit.view.previous ? { confidence: 0.95 } : {}) },
  );
}

/** When the store's youngest ready pod became ready: errors before it are of the time it was away. */
function newestReady({ pods, part }: Reach): number {
  if (pods.status !== 'known') return 0;
  const times = podsOfPart(pods.value, part).map((pod) =>
    pod.readySince === null ? 0 : Date.parse(pod.readySince),
  );
  // Kubernetes gives whole seconds: the second itself still belongs to the time before.
  return Math.max(0, ...times.map((time) => time + 1000));
}

function loginWorks(login: Outcome<LoginView>): boolean {
  return login.status === 'known' && (login.value.ok || login.value.code.endsWith('_AUTH'));
}

/** The worker's own health call reached the store a moment ago. */
function healthyWorker({ workerHealth, logs }: Reach): boolean {
  if (workerHealth?.status !== 'known' || workerHealth.value.length === 0) return false;
  const crashed = logs.status === 'known' && logs.value.some((view) => view.previous && view.part === 'web');
  return !crashed && workerHealth.value.every((pod) => pod.answers[healthPath]?.status === 200);
}

/** No evidence against it: what lfctl's own connection shows, and what it does not. */
function ownView({ login, store, title, inside }: Known): Verdict {
  if (login.status === 'skipped') return { status: 'skipped', reason: login.reason };
  if (login.status === 'unknown') return { status: 'unknown', reason: login.reason };
  if (login.value.ok) return { status: 'ok', detail: `${addressText(store)}, ${login.value.ms} ms` };
  const { code, message } = login.value;
  if (spoke(code)) return { status: 'ok', detail: addressText(store) };
  if (login.value.route === 'direct' && inside && turnsAway(code)) return fromInside(store, title, message);
  if (login.value.route === 'direct' && store.placement.kind === 'external' && !code.endsWith('_TIMEOUT'))
    return {
      status: 'unknown',
      reason: `${message}; only the cluster may reach ${title}: run lfctl in a pod`,
    };
  return { status: 'unknown', reason: message };
}

function fromInside(store: StoreView, title: string, message: string): Verdict {
  return failing(
    `${title} at ${addressText(store)} is not there: ${message}`,
    [
      {
        source: 'connection from inside the cluster',
        again: `nc -vz ${store.host ?? ''} ${store.port ?? ''}`,
        observed: message,
        expected: 'a connection',
      },
    ],
    [manual(`correct ${store.variables.join(' or ')}, or start the server`)],
  );
}
