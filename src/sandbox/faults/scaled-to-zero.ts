import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { startDeployment, stopDeployment } from './_scale.ts';

export const scaledToZeroFault = defineFault({
  name: 'scaled-to-zero',
  area: 'start-up',
  summary: 'web is scaled to zero: nothing answers and no pod shows an error',
  firstVerdict: 'kube/replicas',
  expects: 'findings',
  ...everywhere,
  break: (context) => stopDeployment(context, context.names.web),
  mend: (context) => startDeployment(context, context.names.web),
});
