import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const noPathStyleFault = defineFault({
  name: 'no-path-style',
  area: 'objects',
  summary: 'path style is off: the bucket becomes part of a host name that nobody knows',
  firstVerdict: 'objects/path-style',
  expects: 'findings',
  losesAt: 'http',
  ...sinceThree,
  break: async (context) => {
    await changeVariables(context, { LANGFUSE_S3_EVENT_UPLOAD_FORCE_PATH_STYLE: 'false' }, ['web', 'worker']);
    await readyAll(context, ['web', 'worker']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web', 'worker']);
  },
});
