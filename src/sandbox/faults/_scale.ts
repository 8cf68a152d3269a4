/** Scaling to zero and back. */
import type { Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { FaultContext, StoreNames } from '../fault.ts';
import { present } from '../fault-context.ts';
import { readyAll } from './_places.ts';

/** Scales a Deployment of Langfuse to zero; how many replicas it had is kept. */
export async function stopDeployment({ kube, names, memory }: FaultContext, name: string): Promise<void> {
  const found = await kube.get<Workload>(resources.deployments, names.namespace, name);
  if (memory.get('replicas') === undefined) memory.set('replicas', found?.spec.replicas ?? 1);
  await kube.scale(names.namespace, name, 0);
}

/** Scales it back as it was, and waits until it is ready. */
export async function startDeployment({ kube, names, memory }: FaultContext, name: string): Promise<void> {
  await kube.scale(names.namespace, name, Number(memory.get('replicas') ?? 1));
  await kube.ready(names.namespace, name);
}

const storeParts = {
  postgres: 'Postgres',
  clickhouse: 'ClickHouse',
  redis: 'Redis',
  objects: 'object store',
} as const;

/** Scales a store to zero: its Service has no endpoint, what asks it is refused. */
export async function stopStore(
  { kube, names }: FaultContext,
  store: keyof typeof storeParts,
): Promise<void> {
  const { namespace, workload, kind } = present<StoreNames>(names[store], storeParts[store]);
  await kube.scale(namespace, workload, 0, kind);
}

/** Scales it back, and waits until it and what needs it is ready. */
export async function startStore(context: FaultContext, store: keyof typeof storeParts): Promise<void> {
  const { namespace, workload, kind } = present<StoreNames>(context.names[store], storeParts[store]);
  await context.kube.scale(namespace, workload, 1, kind);
  await context.kube.ready(namespace, workload, kind);
  await readyAll(context, ['web', 'worker']);
}
