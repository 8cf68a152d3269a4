import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { startStore, stopStore } from './_scale.ts';

export const clickhouseDownFault = defineFault({
  name: 'clickhouse-down',
  area: 'ClickHouse',
  summary: 'ClickHouse is scaled to zero: health stays green, reads answer 500, jobs fail',
  firstVerdict: 'clickhouse/reachable',
  expects: 'findings',
  losesAt: 'queue',
  ...sinceThree,
  break: (context) => stopStore(context, 'clickhouse'),
  mend: (context) => startStore(context, 'clickhouse'),
});
