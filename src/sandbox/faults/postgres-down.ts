import { defineFault } from '../fault.ts';
import { everywhere } from './_steps.ts';

export const postgresDownFault = defineFault({
  name: 'postgres-down',
  area: 'Postgres',
  summary: 'Postgres is scaled to zero: the worker answers 500, uncached keys fail',
  firstVerdict: 'postgres/reachable',
  expects: 'findings',
  ...everywhere,
  break: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.postgres;
    await kube.scale(namespace, workload, 0, kind);
  },
  mend: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.postgres;
    await kube.scale(namespace, workload, 1, kind);
    await kube.ready(namespace, workload, kind);
    await kube.ready(names.namespace, names.web);
    await kube.ready(names.namespace, names.worker);
  },
});
