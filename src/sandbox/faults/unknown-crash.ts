import { defineFault } from '../fault.ts';
import { everywhere, hasCrashed, restoreContainer, setEnv, untilPod } from './_steps.ts';

export const unknownCrashFault = defineFault({
  name: 'unknown-crash',
  area: 'pods',
  summary: 'the worker crashes at start for a reason that is in no catalogue',
  firstVerdict: 'kube/pods',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await setEnv(context, 'worker', { LANGFUSE_LOG_LEVEL: 'loud' });
    await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreContainer(context, 'worker');
  },
});
