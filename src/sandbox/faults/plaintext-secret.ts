import { defineFault } from '../fault.ts';
import { everywhere, readyAll, restoreContainer, variableValue, setEnv } from './_steps.ts';

export const plaintextSecretFault = defineFault({
  name: 'plaintext-secret',
  area: 'care',
  summary: 'SALT stands in the Deployment in plain text',
  firstVerdict: 'secrets/plaintext',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    await setEnv(context, 'web', { SALT: await variableValue(context, 'SALT') });
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreContainer(context, 'web');
  },
});
