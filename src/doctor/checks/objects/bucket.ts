import { defineCheck } from '../../check.ts';
import { valueOf } from '../../fact.ts';
import { failing, logProof, manual } from '../../wording.ts';
import { eventsStuck } from '../../symptoms.ts';

export const objectsBucketCheck = defineCheck({
  id: 'objects/bucket',
  area: 'objects',
  title: 'the event bucket exists',
  why: 'Langfuse never looks at the bucket when it starts: a missing one shows at the first event, as 500.',
  severity: 'critical',
  uses: ['objects/event-bucket'],
  sees: ['deployment/discovery', 'kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: [...eventsStuck],
  evaluate: ({ facts, outcomes }) => {
    const head = facts['objects/event-bucket'];
    if (head.ok) return { status: 'ok' };
    if (head.code !== 'OBJECTS_BUCKET')
      return {
        status: 'unknown',
        reason: head.message,
        blockers: ['objects/path-style', 'objects/credentials', 'objects/reachable'],
      };
    const bucket = valueOf(outcomes['deployment/discovery'])?.stores.eventBucket.database ?? 'the bucket';
    return failing(
      `bucket ${bucket} does not exist`,
      [
        {
          source: "HeadBucket with Langfuse's own key",
          again: `mc ls <alias>/${bucket}`,
          observed: head.message,
          expected: 'the bucket',
        },
        ...logProof(outcomes['kube/logs'], ['objects-bucket'], 'an upload'),
      ],
      [manual('create it, or correct LANGFUSE_S3_EVENT_UPLOAD_BUCKET', `mc mb <alias>/${bucket}`)],
    );
  },
});
