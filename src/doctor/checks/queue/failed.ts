import type { DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import type { QueueView } from '../../queues.ts';
import { failing, manual, storeCommand } from '../../wording.ts';

export const queueFailedCheck = defineCheck({
  id: 'queue/failed',
  area: 'queue',
  title: 'no ingestion job has failed',
  why: 'A job that failed six times rests in the failed set and is never tried again by itself: its trace is missing, its raw event is still in the bucket.',
  severity: 'error',
  uses: ['redis/queues'],
  sees: ['deployment/discovery'],
  appliesTo: { generations: [3, 4] },
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const [first, ...rest] = facts['redis/queues'].queues.filter((queue) => queue.failed > 0);
    return first === undefined
      ? { status: 'ok' }
      : resting([first, ...rest], outcomes['deployment/discovery']);
  },
});

function resting(failed: readonly [QueueView, ...QueueView[]], deployment: Outcome<DeploymentView>): Verdict {
  const [{ name, key, failed: count, lastFailure }] = failed;
  const total = failed.reduce((sum, queue) => sum + queue.failed, 0);
  const reason =
    lastFailure === null || lastFailure.reason === '' ? '' : `, the newest with: ${lastFailure.reason}`;
  return failing(
    `${total} jobs failed for good in ${failed.map((queue) => queue.name).join(', ')}${reason}`,
    [
      {
        source: 'redis',
        again: storeCommand(deployment, 'redis', `redis-cli zcard ${key}:failed`),
        observed: `${count}`,
        expected: '0',
      },
    ],
    [
      manual(
        'mend the reason, then have them tried again (needs ADMIN_API_KEY on web; without a licence from 3.122.2 on)',
        `curl -X POST -H "Authorization: Bearer $ADMIN_API_KEY" -H 'Content-Type: application/json' -d '{"action":"retry","queueNames":["${name}"]}' $LANGFUSE_HOST/api/admin/bullmq`,
      ),
    ],
    lastFailure?.at == null ? {} : { since: lastFailure.at },
  );
}
