import { defineCheck } from '../../check.ts';
import { judgeCredentials } from '../../credentials.ts';
import { manual } from '../../wording.ts';
import { eventsStuck } from '../../symptoms.ts';

export const objectsCredentialsCheck = defineCheck({
  id: 'objects/credentials',
  area: 'objects',
  title: "the object store accepts Langfuse's credentials",
  why: 'A wrong key shows only when an event is uploaded: ingestion answers 500, health stays green.',
  severity: 'critical',
  uses: ['objects/event-bucket'],
  sees: ['deployment/discovery', 'kube/logs'],
  appliesTo: { generations: [3, 4] },
  explains: ['objects/bucket', ...eventsStuck],
  evaluate: ({ facts, outcomes }) =>
    judgeCredentials({
      title: 'the object store',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.eventBucket,
      login: facts['objects/event-bucket'],
      logs: outcomes['kube/logs'],
      patterns: ['objects-credentials'],
      again: (store) =>
        `mc alias set check http://${store.host ?? ''}:${store.port ?? ''} ${store.user ?? ''} && mc ls check/${store.database ?? ''}`,
      fix: () => [
        manual(
          'correct LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID and _SECRET_ACCESS_KEY in the Secret, then restart web and worker',
        ),
      ],
      reachable: 'objects/reachable',
    }),
});
