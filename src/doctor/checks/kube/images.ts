import { defineCheck } from '../../check.ts';
import { failing, manual, podCommand } from '../../wording.ts';
import { webSilent, workerSilent } from '../../symptoms.ts';

const reasons = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];

export const kubeImagesCheck = defineCheck({
  id: 'kube/images',
  area: 'kube',
  title: 'every image can be pulled',
  why: 'A tag that does not exist, a registry that is gone (docker.io/bitnami since 2025) or a missing pull secret: the pod never starts, and old pods may hide it for a while.',
  severity: 'critical',
  uses: ['kube/pods'],
  explains: [
    'kube/pods',
    'versions/consistent',
    'postgres/reachable',
    'clickhouse/reachable',
    'redis/reachable',
    'objects/reachable',
    ...webSilent,
    ...workerSilent,
  ],
  evaluate: ({ facts }) => {
    for (const pod of facts['kube/pods'])
      for (const container of pod.containers) {
        const { waiting } = container.state;
        if (waiting?.reason === undefined || !reasons.includes(waiting.reason)) continue;
        return failing(
          `image ${container.image} of ${pod.workload} cannot be pulled`,
          [
            {
              source: `pod ${pod.name}`,
              again: podCommand(pod),
              observed: `${waiting.reason}: ${waiting.message ?? ''}`,
              expected: 'pulled',
            },
          ],
          [
            manual(
              `name an image that exists on ${pod.workload}, or go back to the last one`,
              `kubectl rollout undo -n ${pod.namespace} ${pod.workload}`,
            ),
          ],
        );
      }
    return { status: 'ok' };
  },
});
