import { defineFault } from '../fault.ts';
import { everywhere, hasCrashed, restoreContainer, setEnv, untilPod } from './_steps.ts';

export const webAnswers500Fault = defineFault({
  name: 'web-answers-500',
  area: 'pods',
  summary: 'web starts and answers 500 to everything, for a reason that is in no catalogue',
  firstVerdict: 'web/health',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await setEnv(context, 'web', { LANGFUSE_LOG_LEVEL: 'loud' });
    await untilPod(context, 'web', 'web was restarted by its probe', hasCrashed);
  },
  mend: async (context) => {
    await restoreContainer(context, 'web');
  },
});
