import type { Condition, Pod } from '../../../ports/kube-objects.ts';
import { type ControlledWorkload, isReady, kinds, listed, owned } from '../kinds.ts';
import { timestamp } from '../timestamp.ts';
import type { ControllerContext } from './context.ts';
import { controllerReference, podFrom, randomSuffix } from './pod-template.ts';

const component = 'job-controller';

interface Job extends Omit<ControlledWorkload, 'status'> {
  readonly spec: ControlledWorkload['spec'] & {
    readonly completions?: number;
    readonly parallelism?: number;
    readonly backoffLimit?: number;
    readonly suspend?: boolean;
  };
  readonly status?: {
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** Runs pods until as many as asked for have succeeded, or too many have failed. */
export function syncJobs(context: ControllerContext): void {
  for (const job of listed<Job>(context.store, kinds.jobs)) {
    const over = job.status?.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed');
    if (over !== true && job.spec.suspend !== true) syncJob(context, job);
  }
}

function syncJob(context: ControllerContext, job: Job): void {
  const pods = owned<Pod>(context.store, kinds.pods, job);
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed');
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const active = pods.length - failed.length - succeeded;
  const completions = job.spec.completions ?? 1;
  if (succeeded >= completions) return finish(context, job, pods, 'Complete');
  if (failed.length > (job.spec.backoffLimit ?? 6)) return finish(context, job, pods, 'Failed');
  const missing = Math.min(job.spec.parallelism ?? 1, completions - succeeded) - active;
  if (missing > 0 && backedOff(context, failed)) addPod(context, job);
  setStatus(context, job, []);
}

/** 10 s, 20 s, 40 s … after a failure, on the sandbox's clock. */
function backedOff(context: ControllerContext, failed: readonly Pod[]): boolean {
  const ends = failed.map((pod) => pod.status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? '');
  const last = ends.toSorted().at(-1);
  if (last === undefined || last === '') return true;
  const delayMs = Math.min(360, 10 * 2 ** (failed.length - 1)) * (1000 / context.timeScale);
  const leftMs = Date.parse(last) + delayMs - context.now().getTime();
  if (leftMs > 0) context.wakeAfter(leftMs + 10);
  return leftMs <= 0;
}

function addPod(context: ControllerContext, job: Job): void {
  const name = `${job.metadata.name}-${randomSuffix()}`;
  const labels = {
    'batch.kubernetes.io/controller-uid': job.metadata.uid ?? '',
    'batch.kubernetes.io/job-name': job.metadata.name,
    'job-name': job.metadata.name,
  };
  const owner = controllerReference(job, 'batch/v1', 'Job');
  const namespace = job.metadata.namespace ?? 'default';
  context.store.create(kinds.pods, podFrom(job.spec.template, { name, namespace, owner, labels }));
  context.record(job, {
    kind: 'Job',
    component,
    reason: 'SuccessfulCreate',
    message: `Created pod: ${name}`,
  });
}

function finish(
  context: ControllerContext,
  job: Job,
  pods: readonly Pod[],
  type: 'Complete' | 'Failed',
): void {
  const time = timestamp(context.now());
  const why =
    type === 'Failed'
      ? { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
      : { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  const condition = { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, ...why };
  for (const pod of pods)
    if (pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
      context.store.remove(kinds.pods, pod.metadata.namespace ?? null, pod.metadata.name);
  setStatus(context, job, [condition]);
  const reason = type === 'Failed' ? 'BackoffLimitExceeded' : 'Completed';
  const message = type === 'Failed' ? why.message : 'Job completed';
  context.record(job, {
    kind: 'Job',
    component,
    type: type === 'Failed' ? 'Warning' : 'Normal',
    reason,
    message,
  });
}

function setStatus({ store, now }: ControllerContext, job: Job, conditions: readonly Condition[]): void {
  const pods = owned<Pod>(store, kinds.pods, job);
  const phase = (name: string): number => pods.filter((pod) => pod.status?.phase === name).length;
  const complete = conditions.some(({ type }) => type === 'Complete');
  store.setStatus(kinds.jobs, job.metadata.namespace ?? null, job.metadata.name, {
    startTime: job.status?.startTime ?? timestamp(now()),
    active: phase('Running') + phase('Pending'),
    ready: pods.filter(isReady).length,
    succeeded: phase('Succeeded'),
    failed: phase('Failed'),
    conditions,
    ...(complete ? { completionTime: timestamp(now()) } : {}),
  });
}
