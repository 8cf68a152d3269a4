import { readdirSync, readFileSync } from 'node:fs';
import { identify, type ProcessIdentity, signalProcess } from '../../process-identity.ts';

/**
 * Ends what a container's process has started (Postgres, redis-server) and what outlived it. Members are found by
 * their group, and by their parents where they lead a session of their own, as each process of Postgres does: one
 * that is stopped would else live on and hold the data folder. A start time not before the leader's leaves a pid
 * alone that was given out again.
 */
export function endGroup(leader: ProcessIdentity): void {
  const members = process.platform === 'linux' ? membersOf(leader) : [];
  signalProcess(leader, 'SIGKILL', 'group');
  for (const member of members) signalProcess(member, 'SIGKILL');
}

function membersOf(leader: ProcessIdentity): ProcessIdentity[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? familyOf(name) : []));
  const members = new Set(all.filter((one) => one.group === leader.pid).map((one) => one.pid));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const one of all) if (members.has(one.parent)) members.add(one.pid);
  }
  return [...members]
    .map((pid) => identify(pid))
    .filter((member) => member !== null)
    .filter((member) => Number(member.started) >= Number(leader.started));
}

interface Family {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Fields 4 and 5 of /proc/PID/stat: proc(5). Empty for a process that is gone. */
function familyOf(pid: string): Family[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(pid), parent: Number(fields[1]), group: Number(fields[2]) }];
  } catch {
    return [];
  }
}
