import { defineCheck } from '../../check.ts';
import type { QueuesView } from '../../facts/redis/queues.ts';
import {
  envEvidence,
  failing,
  manual,
  setVariableFix,
  storeCommand,
  variableOf,
  workloadText,
} from '../../wording.ts';

const keyOf = ({ queues }: QueuesView, name: string): string =>
  queues.find((queue) => queue.name === name)?.key ?? `bull:${name}`;

const switches: Readonly<Record<string, string>> = {
  QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED: 'ingestion-queue',
  QUEUE_CONSUMER_OTEL_INGESTION_QUEUE_IS_ENABLED: 'otel-ingestion-queue',
};

export const workerConsumingCheck = defineCheck({
  id: 'worker/consuming',
  area: 'worker',
  title: 'the worker takes jobs from the ingestion queues',
  why: 'A queue that no worker consumes grows silently: everything is healthy and no trace arrives.',
  severity: 'critical',
  uses: ['config/env'],
  sees: ['redis/queues', 'deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: ['queue/backlog'],
  evaluate: ({ facts, outcomes }) => {
    const workers = facts['config/env'].filter((env) => env.role === 'worker');
    const [worker] = workers;
    if (worker === undefined)
      return { status: 'unknown', reason: 'no worker was found', blockers: ['worker/running'] };
    for (const [name, queue] of Object.entries(switches)) {
      const values = workers.map((env) => variableOf(env, name)?.value ?? 'true');
      if (values.some((value) => value !== 'false')) continue;
      return failing(
        `no worker consumes ${queue}: ${name} is false`,
        [envEvidence(worker, name, 'false', 'true on at least one worker')],
        [setVariableFix(worker, name, 'true')],
      );
    }
    const queues = outcomes['redis/queues'];
    if (queues.status !== 'known')
      return queues.status === 'skipped'
        ? { status: 'skipped', reason: queues.reason }
        : { status: 'unknown', reason: queues.reason, blockers: ['redis/reachable', 'redis/auth'] };
    const [stalled] = queues.value.stalled;
    if (stalled === undefined) return { status: 'ok' };
    return failing(
      `jobs of ${stalled} are due and nothing takes them`,
      [
        {
          source: 'redis',
          again: storeCommand(
            outcomes['deployment/discovery'],
            'redis',
            `redis-cli lrange ${keyOf(queues.value, stalled)}:wait -1 -1`,
          ),
          observed: 'the same job is next after a second, none active',
          expected: 'another job, or none',
        },
      ],
      [
        manual(
          `restart ${workloadText(worker.workload)} and read its log`,
          `kubectl rollout restart -n ${worker.workload.namespace} ${workloadText(worker.workload)}`,
        ),
      ],
      { confidence: 0.8 },
    );
  },
});
