import { identify } from '../process-identity.ts';
import type { SupervisorStatus } from '../state.ts';
import { writeStateJson } from '../state-file.ts';

/** What the supervisor says about itself, in a file. */
export interface StatusFile {
  readonly current: () => SupervisorStatus;
  /** Changes fields and writes the file; writes follow one another. */
  readonly set: (change: Partial<SupervisorStatus>) => void;
  /** Records how long after the start something was done. */
  readonly milestone: (name: string) => void;
  /** Resolves when all that was set is on disk. */
  readonly written: () => Promise<void>;
}

/** Keeps the supervisor's status file. */
export function keepStatus(path: string, pid: number, now: () => Date): StatusFile {
  const started = now().getTime();
  let current: SupervisorStatus = {
    supervisor: identify(pid) ?? { pid, started: '' },
    phase: 'starting',
    apiUrl: null,
    loadBalancerUrl: null,
    failure: null,
    problems: [],
    milestones: {},
  };
  let writing: Promise<void> = Promise.resolve();
  let waiting = false;
  const set = (change: Partial<SupervisorStatus>): void => {
    current = { ...current, ...change };
    if (waiting) return;
    waiting = true;
    writing = writing.then(() => {
      waiting = false;
      // A full disk must not end the sandbox: the next change is written again.
      return writeStateJson(path, current).catch(() => undefined);
    });
  };
  return {
    current: () => current,
    set,
    milestone: (name) => set({ milestones: { ...current.milestones, [name]: now().getTime() - started } }),
    written: () => writing,
  };
}
