import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll, restartAll } from './_places.ts';
import { hasCrashed, untilPod } from './_waits.ts';

const migration = '20990101000000_add_column_that_failed';

export const prismaFailedFault = defineFault({
  name: 'prisma-failed',
  area: 'Postgres',
  summary: 'a Postgres migration was started and never finished: web stops with P3009 at each start',
  firstVerdict: 'postgres/migrations',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    await context.postgres(
      `insert into _prisma_migrations (id, checksum, migration_name, logs, started_at, applied_steps_count)
       values ('drill', '0', $1, 'ERROR: deadlock detected', now(), 0) on conflict (id) do nothing`,
      [migration],
    );
    await restartAll(context, ['web']);
    await untilPod(context, 'web', 'web has crashed', hasCrashed);
  },
  mend: async (context) => {
    await context.postgres('delete from _prisma_migrations where migration_name = $1', [migration]);
    await restartAll(context, ['web']);
    await readyAll(context, ['web']);
  },
});
