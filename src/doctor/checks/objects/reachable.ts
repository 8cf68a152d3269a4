import { defineCheck } from '../../check.ts';
import { judgeReach } from '../../reachability.ts';
import { eventsStuck } from '../../symptoms.ts';

export const objectsReachableCheck = defineCheck({
  id: 'objects/reachable',
  area: 'objects',
  title: 'Langfuse reaches the object store',
  why: 'Web writes each event to the object store before it answers: without it ingestion gives 500, while /api/public/health stays green (seen on 3.199.0 and 4.16.0).',
  severity: 'critical',
  uses: [],
  sees: ['deployment/discovery', 'kube/endpoints', 'kube/pods', 'kube/logs', 'objects/event-bucket'],
  appliesTo: { generations: [3, 4] },
  explains: ['kube/pods', ...eventsStuck],
  evaluate: ({ outcomes, now }) =>
    judgeReach({
      part: 'objects',
      title: 'the object store',
      deployment: outcomes['deployment/discovery'],
      storeOf: (deployment) => deployment.stores.eventBucket,
      endpoints: outcomes['kube/endpoints'],
      pods: outcomes['kube/pods'],
      logs: outcomes['kube/logs'],
      login: outcomes['objects/event-bucket'],
      patterns: ['objects-unreachable'],
      now,
    }),
});
