import { defineFault } from '../fault.ts';

/** The object store is gone: uploads fail, web answers 500 to ingestion. */
export const s3DownFault = defineFault({
  name: 's3-down',
  area: 'objects',
  summary: 'the object store is scaled to zero: ingestion answers 500, the worker cannot read events',
  firstVerdict: 'objects/reachable',
  expects: 'findings',
  generations: [3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
  break: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.objects;
    await kube.scale(namespace, workload, 0, kind);
  },
  mend: async ({ kube, names }) => {
    const { namespace, workload, kind } = names.objects;
    await kube.scale(namespace, workload, 1, kind);
    await kube.ready(namespace, workload, kind);
  },
});
