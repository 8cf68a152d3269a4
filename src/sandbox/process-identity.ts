import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { kill } from 'node:process';

/** A process that cannot be taken for another one: pids are used again, start times with them are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque text of the start time; empty when the system does not tell. */
  readonly started: string;
}

/** The identity of a running process, or null when there is none. Zombies count as gone. */
export function identify(pid: number): ProcessIdentity | null {
  if (process.platform === 'linux') return fromProc(pid);
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return { pid, started: started.trim() };
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot: proc(5). The name in brackets may hold spaces. */
function fromProc(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, started: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** Whether this very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Sends a signal to this very process, or to its group; false when it is gone. */
export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  scope: 'process' | 'group' = 'process',
): boolean {
  if (!isAlive(identity)) return false;
  try {
    kill(scope === 'group' ? -identity.pid : identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}
