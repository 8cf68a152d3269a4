import type { ComponentEnvView, DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { valueOf } from '../../fact.ts';
import type { QueuesView } from '../../facts/redis/queues.ts';
import { healthCommand, workerJobs } from '../../health.ts';
import type { HttpView } from '../../views.ts';
import {
  envEvidence,
  failing,
  manual,
  setVariableFix,
  storeCommand,
  variableOf,
  workloadText,
} from '../../wording.ts';

const switches: Readonly<Record<string, string>> = {
  QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED: 'ingestion-queue',
  QUEUE_CONSUMER_OTEL_INGESTION_QUEUE_IS_ENABLED: 'otel-ingestion-queue',
};

export const workerConsumingCheck = defineCheck({
  id: 'worker/consuming',
  area: 'worker',
  title: 'the worker takes jobs from the ingestion queues',
  why: 'A queue that no worker consumes grows silently: everything is healthy and no trace arrives. Workers of 4.0.0 and later say themselves when they did no job for an hour, those of 3.203.2 and later when spans no longer reach the tables of 4; earlier ones ignore the question.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['redis/queues', 'deployment/discovery', 'worker/http'],
  appliesTo: { generations: [3, 4] },
  explains: ['queue/backlog'],
  evaluate: ({ facts, outcomes }) => {
    const workers = facts['config/env'].filter((env) => env.role === 'worker');
    const [worker] = workers;
    if (worker === undefined)
      return { status: 'unknown', reason: 'no worker was found', blockers: ['worker/running'] };
    return (
      switchedOff(worker, workers) ??
      ownWord(worker, valueOf(outcomes['worker/http']) ?? []) ??
      byQueues(worker, outcomes['redis/queues'], outcomes['deployment/discovery'])
    );
  },
});

function switchedOff(worker: ComponentEnvView, workers: readonly ComponentEnvView[]): Verdict | null {
  const off = Object.entries(switches).find(([name]) =>
    workers.every((env) => variableOf(env, name)?.value === 'false'),
  );
  if (off === undefined) return null;
  const [name, queue] = off;
  return failing(
    `no worker consumes ${queue}: ${name} is false`,
    [envEvidence(worker, name, 'false', 'true on at least one worker')],
    [setVariableFix(worker, name, 'true')],
  );
}

/** 503 is the answer to this question alone: a store that is away gives 500. */
function ownWord(worker: ComponentEnvView, answers: readonly HttpView[]): Verdict | null {
  const stuck = answers.find((one) => one.answers[workerJobs]?.status === 503);
  if (stuck === undefined) return null;
  const body = stuck.answers[workerJobs]?.body ?? '';
  const said = /"status":"([^"]+)"/.exec(body)?.[1] ?? body;
  return failing(
    `worker pod ${stuck.pod} says of itself: ${said}`,
    [
      {
        source: `${workerJobs} on the pod`,
        again: healthCommand({ part: 'worker', namespace: stuck.namespace, name: stuck.pod }, workerJobs),
        observed: `503 ${said}`,
        expected: '200 {"status":"ok"}',
      },
    ],
    [restartFix(worker)],
  );
}

function byQueues(
  worker: ComponentEnvView,
  queues: Outcome<QueuesView>,
  deployment: Outcome<DeploymentView>,
): Verdict {
  if (queues.status !== 'known')
    return queues.status === 'skipped'
      ? { status: 'skipped', reason: queues.reason }
      : { status: 'unknown', reason: queues.reason, blockers: ['redis/reachable', 'redis/auth'] };
  const [stalled] = queues.value.stalled;
  if (stalled === undefined) return { status: 'ok' };
  const key = queues.value.queues.find((queue) => queue.name === stalled)?.key ?? `bull:${stalled}`;
  return failing(
    `jobs of ${stalled} are due and nothing takes them`,
    [
      {
        source: 'redis',
        again: storeCommand(deployment, 'redis', `redis-cli lrange ${key}:wait -1 -1`),
        observed: 'the same job is next after a second, none active',
        expected: 'another job, or none',
      },
    ],
    [restartFix(worker)],
    { confidence: 0.8 },
  );
}

function restartFix({ workload }: ComponentEnvView) {
  return manual(
    `restart ${workloadText(workload)} and read its log`,
    `kubectl rollout restart -n ${workload.namespace} ${workloadText(workload)}`,
  );
}
