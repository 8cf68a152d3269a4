import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { restoreContainers, setEnv } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const webAnswers500Fault = defineFault({
  name: 'web-answers-500',
  area: 'pods',
  summary: 'web starts and answers 500 to everything, for a reason that is in no catalogue',
  firstVerdict: 'web/health',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const refused =
      context.generation === 2 ? { AUTH_DISABLE_SIGNUP: 'perhaps' } : { LANGFUSE_LOG_LEVEL: 'loud' };
    await setEnv(context, 'web', refused);
    await untilPod(context, 'web', 'web was restarted by its probe', hasCrashed);
  },
  mend: async (context) => {
    await restoreContainers(context, ['web']);
  },
});
