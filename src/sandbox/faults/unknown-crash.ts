import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { restoreContainers, setEnv } from './_steps.ts';
import { hasCrashed, untilPod } from './_waits.ts';

export const unknownCrashFault = defineFault({
  name: 'unknown-crash',
  area: 'pods',
  summary: 'the worker crashes at start for a reason that is in no catalogue',
  firstVerdict: 'kube/pods',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await setEnv(context, 'worker', { LANGFUSE_LOG_LEVEL: 'loud' });
    await untilPod(context, 'worker', 'the worker has crashed', hasCrashed);
  },
  mend: async (context) => {
    await restoreContainers(context, ['worker']);
  },
});
