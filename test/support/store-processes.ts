/** Makes the stores of a practice deployment fall silent: their processes stop, their ports stay. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { kill } from 'node:process';
import { sandboxFolder } from '../../src/sandbox/state.ts';
import { recordedProcesses } from '../../src/sandbox/verbs/pod-processes.ts';
import type { Practice } from './practice.ts';

const stores = /clickhouse|redis|postgresql|minio/;

/** Stops the processes of every store; gives what lets them go on. */
export async function silenceStores(practice: Practice): Promise<() => void> {
  const recorded = await recordedProcesses(sandboxFolder(join(practice.folder, 'lfctl'), practice.name));
  const roots = recorded.filter(({ id }) => stores.test(id)).map(({ pid }) => pid);
  const stopped = withChildren(roots);
  for (const pid of stopped) kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of stopped) resume(pid);
  };
}

/** The kubelet may have ended it since. */
function resume(pid: number): void {
  try {
    kill(pid, 'SIGCONT');
  } catch {
    // It is gone.
  }
}

function withChildren(roots: readonly number[]): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set(roots);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [pid = 0, parent = 0] of rows) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}
