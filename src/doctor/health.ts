import type { HttpView, PodView } from './views.ts';

/** Postgres and Redis, in every version. */
export const workerHealth = '/api/health';
/**
 * Also whether jobs are done: the first from 3.203.2 on, the second from 4.0.0 on. Earlier ones ignore what they do
 * not know and answer 200, so only a body that speaks of it counts (langfuse/langfuse worker/src/features/health).
 */
export const workerJobs = '/api/health?failIfEventPropagationStuck=true&failIfQueueConsumptionStuck=true';

export type HealthTrouble =
  | { readonly kind: 'none'; readonly answering: number }
  | { readonly kind: 'unknown'; readonly reason: string }
  | {
      readonly kind: 'trouble';
      readonly namespace: string;
      readonly pod: string | null;
      readonly observed: string;
      readonly again: string;
    };

/** While it starts a pod need not answer: the official probes give it 20 s and three times 10 s. */
const startMs = 90_000;

/** What the pods' health calls amount to. Pods that start or end are left out. */
export function healthTrouble(
  pods: readonly PodView[],
  answers: readonly HttpView[],
  paths: readonly string[],
  now: Date,
): HealthTrouble {
  const [first] = pods;
  if (pods.length === 0 || first === undefined)
    return { kind: 'trouble', namespace: '', pod: null, observed: 'no pod', again: 'kubectl get pods -A' };
  const answerOf = (pod: PodView): HttpView | undefined => answers.find((one) => one.pod === pod.name);
  const settled = pods.filter((pod) => {
    const answer = answerOf(pod);
    if (answer?.gone === true) return false;
    if (!isYoung(pod, now) || hasCrashed(pod) || refuses(answer, paths)) return true;
    // Without a readiness probe a pod counts as ready before it listens.
    return pod.ready && !isSilent(answer, paths);
  });
  for (const pod of settled) {
    const answer = answerOf(pod);
    const observed = answer === undefined ? 'no answer: the pod does not run' : worst(answer, paths);
    if (observed === null) continue;
    if (answer !== undefined && pod.ready && isTunnel(observed)) return { kind: 'unknown', reason: observed };
    return {
      kind: 'trouble',
      namespace: pod.namespace,
      pod: pod.name,
      observed,
      again: healthCommand(pod, paths[0] ?? '/'),
    };
  }
  return settled.length === 0
    ? { kind: 'unknown', reason: 'its pods are starting or ending' }
    : { kind: 'none', answering: settled.length };
}

/** A server that listens has started: an error is its answer, however young the pod is. */
function refuses(answer: HttpView | undefined, paths: readonly string[]): boolean {
  return paths.some((path) => (answer?.answers[path]?.status ?? 200) >= 500);
}

/** No HTTP answer to any path, and not for want of a way to the pod. */
function isSilent(answer: HttpView | undefined, paths: readonly string[]): boolean {
  if (answer === undefined) return false;
  return paths.every((path) => answer.answers[path] === null && !isTunnel(answer.errors[path] ?? ''));
}

function isYoung(pod: PodView, now: Date): boolean {
  return pod.startedAt === null || now.getTime() - Date.parse(pod.startedAt) < startMs;
}

function hasCrashed(pod: PodView): boolean {
  return pod.containers.some((container) => container.main && container.restarts > 0 && !container.ready);
}

/** A failure of lfctl's own way to the pod says nothing of the pod. */
function isTunnel(observed: string): boolean {
  return /forbidden|tunnel|Kubernetes API|deadline|in time|timed out/i.test(observed);
}

function worst(answer: HttpView, paths: readonly string[]): string | null {
  for (const path of paths) {
    const got = answer.answers[path];
    if (got === undefined) continue;
    if (got === null) return answer.errors[path] ?? 'no answer';
    if (got.status !== 200) return `${got.status} ${got.body}`.trim();
    if (!/^\s*\{/.test(got.body)) return `200 with a body that is not JSON: ${got.body.slice(0, 60)}`;
  }
  return null;
}

/** The line that asks a pod from inside: busybox' wget is in every image of Langfuse, curl in none. */
export function healthCommand(pod: Pick<PodView, 'part' | 'namespace' | 'name'>, path: string): string {
  const port = pod.part === 'worker' ? 3030 : 3000;
  return `kubectl exec -n ${pod.namespace} ${pod.name} -- wget -qO- 'http://localhost:${port}${path}'`;
}
