import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

export const nextauthUrlMismatchFault = defineFault({
  name: 'nextauth-url-mismatch',
  area: 'network',
  summary: 'NEXTAUTH_URL is the chart default http://localhost:3000: sign-in leads away',
  firstVerdict: 'config/nextauth-url',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    await changeVariables(context, { NEXTAUTH_URL: 'http://localhost:3000' }, ['web']);
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
  },
});
