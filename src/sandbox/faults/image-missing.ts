import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { editContainer, restoreContainers } from './_steps.ts';
import { untilPod, waitsIn } from './_waits.ts';

export const imageMissingFault = defineFault({
  name: 'image-missing',
  area: 'start-up',
  summary: 'web names a tag that does not exist: the new pod cannot pull it',
  firstVerdict: 'kube/images',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await editContainer(context, 'web', (container) => ({
      ...container,
      image: (container.image ?? '').replace(/:[^:/]*$/, `:${context.generation}.999.0`),
    }));
    await untilPod(
      context,
      'web',
      'a web pod cannot pull its image',
      waitsIn(/ErrImagePull|ImagePullBackOff/),
    );
  },
  mend: async (context) => {
    await restoreContainers(context, ['web']);
  },
});
