import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { editContainer, restoreContainers, secretOf } from './_steps.ts';
import { untilPod, waitsIn } from './_waits.ts';

export const secretKeyMissingFault = defineFault({
  name: 'secret-key-missing',
  area: 'start-up',
  summary: 'web refers to a key that its Secret does not have: the new pod cannot be made',
  firstVerdict: 'kube/secret-refs',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const reference = { name: await secretOf(context, 'web'), key: 'ADMIN_API_KEY_V2' };
    await editContainer(context, 'web', (container) => ({
      ...container,
      env: [...(container.env ?? []), { name: 'ADMIN_API_KEY', valueFrom: { secretKeyRef: reference } }],
    }));
    await untilPod(context, 'web', 'a web pod waits for its Secret', waitsIn(/CreateContainerConfigError/));
  },
  mend: async (context) => {
    await restoreContainers(context, ['web']);
  },
});
