import type { Pod } from '../../ports/kube-objects.ts';
import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { editContainer, restoreContainers } from './_steps.ts';
import { untilPod } from './_waits.ts';

const olderTags = { 2: '2.95.11', 3: '3.198.0', 4: '4.15.0' } as const;

const runs =
  (tag: string) =>
  (pod: Pod): boolean =>
    pod.spec.containers.some((container) => container.image?.endsWith(`:${tag}`) === true) &&
    pod.status?.containerStatuses?.every((status) => status.ready) === true;

export const mixedTagsFault = defineFault({
  name: 'mixed-tags',
  area: 'start-up',
  summary: 'the worker runs an older version than web',
  firstVerdict: 'versions/consistent',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    const tag = olderTags[context.generation];
    await editContainer(context, 'worker', (container) => ({
      ...container,
      image: (container.image ?? '').replace(/:[^:/]*$/, `:${tag}`),
    }));
    await untilPod(context, 'worker', 'the older worker runs', runs(tag));
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
