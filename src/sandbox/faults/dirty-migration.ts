import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll, restartAll } from './_places.ts';
import { hasCrashed, untilPod } from './_waits.ts';

const sequence = 'toUnixTimestamp64Nano(now64(9))';
const newest = '(select version from schema_migrations order by sequence desc limit 1)';

export const dirtyMigrationFault = defineFault({
  name: 'dirty-migration',
  area: 'ClickHouse',
  summary: 'a ClickHouse migration was cut short: web stops with "Dirty database version" at each start',
  firstVerdict: 'clickhouse/migrations',
  expects: 'findings',
  ...sinceThree,
  break: async (context) => {
    await context.clickhouse(`insert into schema_migrations select ${newest}, 1, ${sequence}`);
    await restartAll(context, ['web']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await context.clickhouse(`insert into schema_migrations select ${newest}, 0, ${sequence}`);
    await restartAll(context, ['web']);
    await readyAll(context, ['web']);
  },
});
