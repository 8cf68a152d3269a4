import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const litellmNoHostFault = defineFault({
  name: 'litellm-no-host',
  area: 'clients',
  summary: 'LANGFUSE_HOST of LiteLLM is not set: traces go to the public cloud',
  firstVerdict: 'litellm/host',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { LANGFUSE_HOST: null }, ['litellm']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['litellm']);
  },
});
