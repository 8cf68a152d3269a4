import { join } from 'node:path';
import type { Generation } from '../../../src/deployment/model.ts';
import type { Pod, Workload } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { resolveEnvironment } from '../../../src/sandbox/cluster/kubelet/environment.ts';
import { listed } from '../../../src/sandbox/cluster/kinds.ts';
import type { SnapshotStore } from '../../../src/sandbox/cluster/store.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import type { LayoutName, LayoutOwner, WriteMode } from '../../../src/sandbox/fault.ts';
import { buildLayout, layoutGenerations, sandboxVersions } from '../../../src/sandbox/layouts/index.ts';
import type { Layout } from '../../../src/sandbox/layouts/layout.ts';
import type { SandboxSecrets } from '../../../src/sandbox/layouts/secrets.ts';
import { seededSecrets } from '../../../src/sandbox/layouts/secrets.ts';
import { packageFolder } from '../../../src/sandbox/package-folder.ts';
import { applyStage } from '../../../src/sandbox/supervisor/stages.ts';

/** One combination that the sandbox can run. */
export interface Combination {
  readonly name: LayoutName;
  readonly generation: Generation;
  readonly owner: LayoutOwner | null;
}

const names: readonly LayoutName[] = ['runbook', 'chart-1', 'chart-2', 'plain'];
const owners: readonly (LayoutOwner | null)[] = [null, 'argo-cd', 'operator'];

/** All of them. */
export const combinations: readonly Combination[] = names.flatMap((name) =>
  layoutGenerations(name).flatMap((generation) => owners.map((owner) => ({ name, generation, owner }))),
);

/** A layout in an emulated etcd, as if all its stages had come. */
export interface Applied {
  readonly layout: Layout;
  readonly store: SnapshotStore;
  readonly secrets: SandboxSecrets;
}

const known = new Map<string, Promise<Applied>>();

/** Builds and applies one, once for all tests of a file, which only read it; nothing runs. */
export function applied(combination: Combination, writeMode: WriteMode | null = null): Promise<Applied> {
  const key = JSON.stringify([combination, writeMode]);
  const made = known.get(key) ?? appliedAnew(combination, writeMode);
  known.set(key, made);
  return made;
}

/** One of its own, for a test that changes it. */
export async function appliedAnew(
  { name, generation, owner }: Combination,
  writeMode: WriteMode | null = null,
): Promise<Applied> {
  const now = new Date('2026-11-20T12:00:00Z');
  const secrets = seededSecrets('7');
  const layout = await buildLayout(name, {
    generation,
    writeMode,
    owner,
    version: sandboxVersions[generation],
    secrets,
    templatesFolder: join(packageFolder(), 'templates', 'sandbox'),
    now,
  });
  const store = createStore(undefined, () => now);
  for (const stage of layout.stages) applyStage(store, stage);
  return { layout, store, secrets };
}

/** All Deployments and StatefulSets. */
export function workloads({ store }: Applied): Workload[] {
  return [resources.deployments, resources.statefulSets].flatMap((kind) => [
    ...listed<Workload>(store, kind),
  ]);
}

/** The variables of each container of a workload. @throws ConfigError when a reference leads nowhere */
export function variablesOf({ store }: Applied, workload: Workload): Record<string, Record<string, string>> {
  const { template } = workload.spec;
  const { namespace = '' } = workload.metadata;
  const pod = { ...template, metadata: { ...template.metadata, name: 'pod', namespace } } as Pod;
  const resolved = template.spec.containers.map((container) => [
    container.name,
    resolveEnvironment({
      store,
      pod,
      container,
      podAddress: '127.0.0.1',
      nodeAddress: '127.0.0.1',
      base: {},
    }),
  ]);
  return Object.fromEntries(resolved) as Record<string, Record<string, string>>;
}
