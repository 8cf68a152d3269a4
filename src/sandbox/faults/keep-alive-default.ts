import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const keepAliveDefaultFault = defineFault({
  name: 'keep-alive-default',
  area: 'network',
  summary: 'no keep-alive variable is set: web closes idle connections after 5 s',
  firstVerdict: 'web/keep-alive',
  expects: 'healthy',
  ...everywhere,
  // How long a gateway of chart-2 keeps idle connections is not known.
  layouts: ['runbook', 'chart-1', 'plain'],
  break: async (context) => {
    await changeVariables(
      context,
      {
        KEEP_ALIVE_TIMEOUT: null,
        LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS: null,
        LANGFUSE_HTTP_HEADERS_TIMEOUT_MS: null,
      },
      ['web'],
    );
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
