import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const litellmWrongKeysFault = defineFault({
  name: 'litellm-wrong-keys',
  area: 'clients',
  summary: 'LiteLLM holds a secret key that this Langfuse does not know',
  firstVerdict: 'litellm/keys',
  expects: 'findings',
  losesAt: 'http',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { LANGFUSE_SECRET_KEY: 'sk-lf-00000000-0000-4000-8000-00000000dead' }, [
      'litellm',
    ]);
  },
  mend: async (context) => {
    await restoreVariables(context, ['litellm']);
  },
});
