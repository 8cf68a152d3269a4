import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * In a container nothing outlives its first process. Here a server whose program was killed with -9 does:
 * it is ended before the next one starts on the same data, and its lock file goes with it.
 */
export async function endStaleServer(dataFolder: string): Promise<void> {
  const lockFile = join(dataFolder, 'postmaster.pid');
  const text = await readFile(lockFile, 'utf8').catch(() => null);
  if (text === null) return;
  const pid = Number(text.split('\n')[0]);
  if (await servesFolder(pid, dataFolder)) await end(pid, dataFolder);
  await rm(lockFile, { force: true });
}

/** A pid may belong to another program by now: its command line must name this data folder. */
async function servesFolder(pid: number, dataFolder: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const command = await commandLine(pid);
  return command.includes('postgres') && command.includes(dataFolder);
}

async function commandLine(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (fromProc !== null || process.platform === 'linux') return (fromProc ?? '').replaceAll('\0', ' ');
  const listed = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return listed?.stdout ?? '';
}

/** SIGQUIT is Postgres' immediate shutdown; SIGKILL when even that takes over 2 s. */
async function end(pid: number, dataFolder: string): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    signalProcess(pid, signal);
    for (let waitedMs = 0; waitedMs < 2000; waitedMs += 20) {
      if (!(await servesFolder(pid, dataFolder))) return;
      await sleep(20);
    }
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
