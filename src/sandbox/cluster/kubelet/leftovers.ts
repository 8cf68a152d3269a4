import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord } from './container-record.ts';
import { containerFiles } from './pod-folder.ts';
import { endGroup } from './process-group.ts';

/** What a former kubelet left of a pod. */
export interface LeftPod {
  readonly folder: string;
  readonly uid: string;
  readonly address: string;
}

/** Pods with a folder, by what their pod.json says. */
export async function leftPods(stateFolder: string): Promise<readonly LeftPod[]> {
  const parent = join(stateFolder, 'pods');
  const names = await readdir(parent).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const folder = join(parent, name);
      const text = await readFile(join(folder, 'pod.json'), 'utf8').catch(() => '{}');
      const { uid = '', address = '' } = parsed(text);
      return { folder, uid, address };
    }),
  );
}

/** A pod.json that was cut off by a kill names nobody: its folder is removed as an unknown pod's. */
function parsed(text: string): { uid?: string; address?: string } {
  try {
    return JSON.parse(text) as { uid?: string; address?: string };
  } catch {
    return {};
  }
}

/** Ends what is left of a pod that goes: processes that nobody took over, and its folder. */
export async function removeLeftPod(folder: string): Promise<void> {
  for (const container of await readdir(join(folder, 'containers')).catch(() => [])) {
    const record = readRecord(containerFiles(folder, container));
    if (record?.process) endGroup(record.process);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
