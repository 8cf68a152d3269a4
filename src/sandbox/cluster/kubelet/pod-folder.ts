import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Pod } from '../../../ports/kube-objects.ts';

/** Folder of a pod: its containers' files, logs and volumes. */
export function podFolder(stateFolder: string, pod: Pod): string {
  const { namespace = 'default', name, uid = '' } = pod.metadata;
  const id = createHash('sha256').update(uid).digest('hex').slice(0, 8);
  return join(stateFolder, 'pods', `${namespace}_${name}_${id}`);
}

/** Files of one container. */
export interface ContainerFiles {
  readonly folder: string;
  readonly root: string;
  readonly record: string;
  readonly control: string;
  readonly log: (run: number) => string;
  readonly exit: (run: number) => string;
}

/** Where a container keeps its record, logs and control file. */
export function containerFiles(podPath: string, container: string): ContainerFiles {
  const folder = join(podPath, 'containers', container);
  return {
    folder,
    root: join(folder, 'root'),
    record: join(folder, 'record.json'),
    control: join(folder, 'control.json'),
    log: (run) => join(folder, `${run}.log`),
    exit: (run) => join(folder, `${run}.exit`),
  };
}

/** Folder of a claim; it outlives its pods. */
export function claimFolder(stateFolder: string, namespace: string, claim: string): string {
  return join(stateFolder, 'claims', namespace, claim);
}
