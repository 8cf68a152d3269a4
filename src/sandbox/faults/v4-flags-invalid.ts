import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const v4FlagsInvalidFault = defineFault({
  name: 'v4-flags-invalid',
  area: 'start-up',
  summary: 'only the write mode is set to legacy: the worker refuses it with the default OTel behaviour',
  firstVerdict: 'config/v4-mode',
  expects: 'findings',
  ...everywhere,
  generations: [4],
  break: async (context) => {
    const flags = {
      LANGFUSE_MIGRATION_V4_WRITE_MODE: 'legacy',
      LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR: null,
    };
    await changeVariables(context, flags, ['web', 'worker']);
    await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
