import { defineFault } from '../fault.ts';
import { everywhere, startStore, stopStore } from './_steps.ts';

export const clickhouseDownFault = defineFault({
  name: 'clickhouse-down',
  area: 'ClickHouse',
  summary: 'ClickHouse is scaled to zero: health stays green, reads answer 500, jobs fail',
  firstVerdict: 'clickhouse/reachable',
  expects: 'findings',
  ...everywhere,
  break: (context) => stopStore(context, 'clickhouse'),
  mend: (context) => startStore(context, 'clickhouse'),
});
