import { defineCheck } from '../../check.ts';
import { failing, logEvidence, logHits, manual } from '../../wording.ts';
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
    const discovery = outcomes['deployment/discovery'];
    const store = discovery.status === 'known' ? discovery.value.stores.eventBucket : null;
    const bucket = store?.database ?? 'the bucket';
    const logs = outcomes['kube/logs'].status === 'known' ? outcomes['kube/logs'].value : [];
    const hit = logHits(logs, ['objects-bucket'])[0];
    return failing(
      `bucket ${bucket} does not exist`,
      [
        {
          source: "HeadBucket with Langfuse's own key",
          again: `mc ls <alias>/${bucket}`,
          observed: head.message,
          expected: 'the bucket',
        },
        ...(hit === undefined ? [] : [logEvidence(hit.view, hit.finding, 'an upload')]),
      ],
      [manual('create it, or correct LANGFUSE_S3_EVENT_UPLOAD_BUCKET', `mc mb <alias>/${bucket}`)],
    );
  },
});
