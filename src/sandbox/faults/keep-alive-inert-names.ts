import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const keepAliveInertNamesFault = defineFault({
  name: 'keep-alive-inert-names',
  area: 'network',
  summary: 'only the names of the runbook are set: web still closes idle connections after 5 s',
  firstVerdict: 'web/keep-alive',
  expects: 'healthy',
  ...everywhere,
  // How long a gateway of chart-2 keeps idle connections is not known.
  layouts: ['runbook', 'chart-1', 'plain'],
  break: async (context) => {
    const inert = {
      LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS: '620000',
      LANGFUSE_HTTP_HEADERS_TIMEOUT_MS: '621000',
    };
    await changeVariables(context, { KEEP_ALIVE_TIMEOUT: null, ...inert }, ['web']);
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
