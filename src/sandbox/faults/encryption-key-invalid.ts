import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { hasCrashed, untilLog, untilPod } from './_waits.ts';

export const encryptionKeyInvalidFault = defineFault({
  name: 'encryption-key-invalid',
  area: 'start-up',
  summary: 'ENCRYPTION_KEY is too short: the worker crashes, web answers 500',
  firstVerdict: 'config/encryption-key',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { ENCRYPTION_KEY: 'too-short' }, ['web', 'worker']);
    await untilLog(context, 'web', /ENCRYPTION_KEY/);
    if (context.names.worker !== null)
      await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
