import { defineFault } from '../fault.ts';
import { directUrl } from './_logins.ts';
import { everywhere } from './_applies.ts';
import { readyAll } from './_places.ts';
import { changeVariables, restoreVariables } from './_steps.ts';

const other = 'langfuse_old';

export const directUrlDiffersFault = defineFault({
  name: 'direct-url-differs',
  area: 'Postgres',
  summary: 'DIRECT_URL leads to another database: web migrates that one',
  firstVerdict: 'config/direct-url',
  expects: 'healthy',
  ...everywhere,
  break: async (context) => {
    const [row] = await context.postgres('select 1 from pg_database where datname = $1', [other]);
    if (row === undefined) await context.postgres(`create database ${other}`);
    const url = (await directUrl(context)).replace(/\/[^/?]+(\?|$)/, `/${other}$1`);
    await changeVariables(context, { DIRECT_URL: url }, ['web']);
    await readyAll(context, ['web']);
  },
  mend: async (context) => {
    await restoreVariables(context, ['web']);
    await context.postgres(`drop database if exists ${other} with (force)`);
  },
});
