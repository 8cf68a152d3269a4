import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { restoreContainers, setEnv, variableValue } from './_steps.ts';

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
    await restoreContainers(context, ['web']);
  },
});
