import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ProgramHost } from '../../program.ts';
import type { Directives } from './directives.ts';

const port = 6379;

/** Runs redis-server itself on the pod's address; resolves with its exit code. */
export async function runRealServer(
  executable: string,
  host: ProgramHost,
  directives: Directives,
  folder: string,
): Promise<number> {
  const child = spawn(executable, serverArguments(directives, host.address, folder), {
    cwd: folder,
    env: { PATH: host.env['PATH'] ?? '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const guard = endWithUs(child);
  const stop = (): void => void child.kill('SIGTERM');
  host.stopping.addEventListener('abort', stop, { once: true });
  printLines(child.stdout, host.print);
  printLines(child.stderr, host.print);
  try {
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : 137;
  } finally {
    host.stopping.removeEventListener('abort', stop);
    guard?.kill('SIGKILL');
  }
}

/** What the container asks for, with the node's address and folder laid over it. */
function serverArguments(directives: Directives, address: string, folder: string): string[] {
  const overlay: Directives = new Map([
    ['protected-mode', ['no']],
    ...directives,
    ['bind', [address]],
    ['port', [String(port)]],
    ['dir', [folder]],
    ['daemonize', ['no']],
    ['logfile', ['']],
  ]);
  const ignored = new Set(['include', 'loadmodule', 'pidfile', 'unixsocket', 'aclfile', 'tls-port']);
  return [...overlay]
    .filter(([name]) => !ignored.has(name))
    .flatMap(([name, values]) => [`--${name}`, ...values]);
}

/** Ends the server when this process is killed: a shell waits for the end of a pipe that only we hold open. */
function endWithUs(child: ChildProcess): ChildProcess | null {
  if (child.pid === undefined) return null;
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -9 "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  guard.on('error', () => guard.kill());
  return guard;
}

function printLines(stream: Readable, print: (line: string) => void): void {
  createInterface({ input: stream }).on('line', print);
}
