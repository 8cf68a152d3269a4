import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerRecord } from '../cluster/kubelet/container-record.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { isAlive } from '../process-identity.ts';
import { readStateJson } from '../state-file.ts';
import type { SandboxFolder } from '../state.ts';

/** A container's process, as the kubelet wrote it down before it let it run. */
export interface PodProcess extends ProcessIdentity {
  /** `namespace/pod/container`. */
  readonly id: string;
}

/** Processes of pods that still run, also when nobody supervises them any more. */
export async function podProcesses(folder: SandboxFolder): Promise<PodProcess[]> {
  return (await recordedProcesses(folder)).filter((recorded) => isAlive(recorded));
}

/** Every process the kubelet wrote down as running, whether it still does or not. */
export async function recordedProcesses(folder: SandboxFolder): Promise<PodProcess[]> {
  const pods = join(folder.node, 'pods');
  const found: PodProcess[] = [];
  for (const pod of await names(pods))
    for (const container of await names(join(pods, pod, 'containers'))) {
      const file = join(pods, pod, 'containers', container, 'record.json');
      const identity = (await readStateJson<ContainerRecord>(file))?.process;
      const [namespace = '', name = ''] = pod.split('_');
      if (identity != null) found.push({ ...identity, id: `${namespace}/${name}/${container}` });
    }
  return found;
}

function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
