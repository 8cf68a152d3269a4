import { defineFault } from '../fault.ts';
import { changeVariables, everywhere, hasCrashed, restoreVariables, untilPod } from './_steps.ts';

export const encryptionKeyInvalidFault = defineFault({
  name: 'encryption-key-invalid',
  area: 'start-up',
  summary: 'ENCRYPTION_KEY is too short: the worker crashes, web answers 500',
  firstVerdict: 'config/encryption-key',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { ENCRYPTION_KEY: 'too-short' }, ['web', 'worker']);
    await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
