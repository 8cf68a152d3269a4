import { defineFault } from '../fault.ts';
import { everywhere } from './_steps.ts';

export const clickhouseDownFault = defineFault({
  name: 'clickhouse-down',
  area: 'ClickHouse',
  summary: 'ClickHouse is scaled to zero: health stays green, reads answer 500, jobs fail',
  firstVerdict: 'clickhouse/reachable',
  expects: 'findings',
  ...everywhere,
  break: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.clickhouse;
    await kube.scale(namespace, workload, 0, kind);
  },
  mend: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.clickhouse;
    await kube.scale(namespace, workload, 1, kind);
    await kube.ready(namespace, workload, kind);
    await kube.ready(names.namespace, names.web);
    await kube.ready(names.namespace, names.worker);
  },
});
