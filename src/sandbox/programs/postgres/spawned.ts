import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RunAs } from './binaries.ts';

/** A started server process. */
export interface Spawned {
  readonly pid: number | undefined;
  readonly stop: (signal: NodeJS.Signals) => void;
  /** Exit code as a container runtime reports it: 128 + signal number when it was killed. */
  readonly exit: Promise<number>;
}

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/**
 * Ends a server at once when this process is killed, as nothing in a container outlives its first process: a shell
 * waits for the end of a pipe that only this process holds open.
 */
export function endWithUs(spawned: Spawned): void {
  if (process.platform === 'win32' || spawned.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -QUIT "$0"', String(spawned.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Without a shell the server is ended at the next start.
  guard.on('error', () => undefined);
  const release = (): void => void guard.kill('SIGKILL');
  spawned.exit.then(release, release);
}

/** Starts one of Postgres' programs with nothing of lfctl's own env, and hands on each line it writes. */
export function spawnTool(
  file: string,
  args: readonly string[],
  options: { readonly user: RunAs; readonly print: (line: string) => void; readonly stdin?: string },
): Spawned {
  const child = spawn(file, args, { ...options.user, cwd: '/', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', options.print);
  // A program that ends before it read its input must not end lfctl.
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0))),
    );
  });
  return { pid: child.pid, stop: (signal) => void child.kill(signal), exit };
}
