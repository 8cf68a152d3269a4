import { defineCheck } from '../../check.ts';
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
    const failed = facts['redis/queues'].queues.filter((queue) => queue.failed > 0);
    const [first] = failed;
    if (first === undefined) return { status: 'ok' };
    const total = failed.reduce((sum, queue) => sum + queue.failed, 0);
    const reason = first.lastFailure?.reason ?? '';
    return failing(
      `${total} jobs failed for good in ${failed.map((queue) => queue.name).join(', ')}${reason === '' ? '' : `, the newest with: ${reason}`}`,
      [
        {
          source: 'redis',
          again: storeCommand(
            outcomes['deployment/discovery'],
            'redis',
            `redis-cli zcard ${first.key}:failed`,
          ),
          observed: `${first.failed}`,
          expected: '0',
        },
      ],
      [
        manual(
          'mend the reason, then have them tried again (needs ADMIN_API_KEY on web, no licence)',
          `curl -X POST -H "Authorization: Bearer $ADMIN_API_KEY" -H 'Content-Type: application/json' -d '{"action":"retry","queueNames":["${first.name}"]}' $LANGFUSE_HOST/api/admin/bullmq`,
        ),
      ],
      first.lastFailure?.at == null ? {} : { since: first.lastFailure.at },
    );
  },
});
