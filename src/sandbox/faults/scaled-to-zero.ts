import { defineFault } from '../fault.ts';
import { everywhere } from './_steps.ts';

export const scaledToZeroFault = defineFault({
  name: 'scaled-to-zero',
  area: 'start-up',
  summary: 'web is scaled to zero: nothing answers and no pod shows an error',
  firstVerdict: 'kube/replicas',
  expects: 'findings',
  ...everywhere,
  break: async ({ kube, names }) => {
    await kube.scale(names.namespace, names.web, 0);
  },
  mend: async ({ kube, names }) => {
    await kube.scale(names.namespace, names.web, 1);
    await kube.ready(names.namespace, names.web);
  },
});
