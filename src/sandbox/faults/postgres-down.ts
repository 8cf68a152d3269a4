import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { startStore, stopStore } from './_scale.ts';

export const postgresDownFault = defineFault({
  name: 'postgres-down',
  area: 'Postgres',
  summary: 'Postgres is scaled to zero: the worker answers 500, uncached keys fail',
  firstVerdict: 'postgres/reachable',
  expects: 'findings',
  ...everywhere,
  break: (context) => stopStore(context, 'postgres'),
  mend: (context) => startStore(context, 'postgres'),
});
