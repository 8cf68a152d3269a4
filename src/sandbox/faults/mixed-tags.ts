import type { Pod } from '../../ports/kube-objects.ts';
import { defineFault } from '../fault.ts';
import { editContainer, everywhere, restoreContainer, untilPod } from './_steps.ts';

const isOlder = (pod: Pod): boolean =>
  pod.spec.containers.some((container) => container.image?.endsWith(':3.198.0') === true) &&
  pod.status?.containerStatuses?.every((status) => status.ready) === true;

export const mixedTagsFault = defineFault({
  name: 'mixed-tags',
  area: 'start-up',
  summary: 'the worker runs an older version than web',
  firstVerdict: 'versions/consistent',
  expects: 'findings',
  ...everywhere,
  generations: [3],
  break: async (context) => {
    await editContainer(context, 'worker', (container) => ({
      ...container,
      image: (container.image ?? '').replace(/:[^:/]*$/, ':3.198.0'),
    }));
    await untilPod(context, 'worker', 'the older worker runs', isOlder);
  },
  mend: async (context) => {
    await restoreContainer(context, 'worker');
  },
});
