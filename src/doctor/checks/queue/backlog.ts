import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { DeploymentView } from '../../../deployment/view.ts';
import type { Outcome } from '../../fact.ts';
import type { QueueView } from '../../queues.ts';
import { failing, manual, storeCommand, workloadText } from '../../wording.ts';

const warningMs = 60_000;
const errorMs = 600_000;

export const queueBacklogCheck = defineCheck({
  id: 'queue/backlog',
  area: 'queue',
  title: 'jobs are done when they are due',
  why: 'Delayed jobs are normal: JSON events wait 5 s, up to 15 s around midnight UTC. What counts is how late the oldest due job is: over a minute is a warning, over ten an error.',
  severity: 'warning',
  uses: ['redis/queues'],
  sees: ['deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const { queues } = facts['redis/queues'];
    const [latest] = queues.toSorted((left, right) => (right.lateMs ?? 0) - (left.lateMs ?? 0));
    const lateMs = latest?.lateMs ?? 0;
    const depth = queues.reduce((sum, queue) => sum + queue.waiting + queue.delayed + queue.active, 0);
    if (latest === undefined || lateMs <= warningMs) return { status: 'ok', detail: `${depth} jobs` };
    return late(latest, lateMs, outcomes['deployment/discovery']);
  },
});

function late(queue: QueueView, lateMs: number, deployment: Outcome<DeploymentView>): Verdict {
  const { name, key, waiting, delayed, active } = queue;
  const command = waiting > 0 ? `redis-cli llen ${key}:wait` : `redis-cli zcard ${key}:delayed`;
  return failing(
    `the oldest due job of ${name} is ${Math.round(lateMs / 1000)} s late, ${waiting + delayed} wait`,
    [
      {
        source: 'redis',
        again: storeCommand(deployment, 'redis', command),
        observed: `${waiting} waiting, ${delayed} delayed, ${active} active`,
        expected: `the oldest less than ${warningMs / 1000} s late`,
      },
    ],
    [
      manual(
        'add workers, or raise LANGFUSE_INGESTION_QUEUE_PROCESSING_CONCURRENCY (20) while its CPU is below half',
        scaleCommand(deployment),
      ),
    ],
    { severity: lateMs > errorMs ? 'error' : 'warning' },
  );
}

/** One more worker than there is; none where no worker is known. */
function scaleCommand(deployment: Outcome<DeploymentView>): string | undefined {
  const worker =
    deployment.status === 'known'
      ? deployment.value.components.find((one) => one.role === 'worker')
      : undefined;
  if (worker === undefined) return undefined;
  const { workload, desiredReplicas } = worker;
  return `kubectl scale -n ${workload.namespace} ${workloadText(workload)} --replicas=${desiredReplicas + 1}`;
}
