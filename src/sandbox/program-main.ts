import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { PodControl } from './pod/control.ts';
import { formatLogLine, lineCutter } from './pod/log-lines.ts';
import { nameClient, type ResolveAll, useClusterNames } from './pod/name-client.ts';
import type { ProgramHost } from './program.ts';

/**
 * The process of one container: `sandbox-program.js <control.json>` runs its program,
 * `sandbox-program.js exec <control.json> <command…>` a command in it. Loaded with `--import` by `node -e` in a
 * container it only brings the cluster's names (the control file is then in globalThis.lfctlPodControl).
 */
const preloaded: unknown = Reflect.get(globalThis, 'lfctlPodControl');
if (typeof preloaded === 'string') connectNames(readControl(preloaded));
else if (process.argv[2] === 'exec') await runExec(process.argv[3] ?? '', process.argv.slice(4));
else await runProgram(readControl(process.argv[2] ?? ''));

function readControl(path: string): PodControl {
  return JSON.parse(readFileSync(path, 'utf8')) as PodControl;
}

function connectNames(control: PodControl): ResolveAll {
  const resolve = nameClient(control.resolverSocket, control.pod);
  useClusterNames(resolve);
  return resolve;
}

async function runProgram(control: PodControl): Promise<void> {
  stampOutput();
  process.on('exit', (code) => unlessFull(() => writeFileSync(control.exitFile, String(code))));
  const stopping = new AbortController();
  process.on('SIGTERM', () => stopping.abort());
  // A container runs until its program is done, also while nothing is open in it.
  setInterval(() => undefined, 2 ** 30);
  const resolve = connectNames(control);
  const { programs } = await import('./programs/registry.ts');
  const program = await programs[control.program](control.partFolders, control.machinePath);
  const host: ProgramHost = {
    env: { ...process.env } as Record<string, string>,
    args: control.args,
    imageTag: control.imageTag,
    address: control.address,
    pod: control.pod,
    folder: control.folder,
    mounts: control.mounts,
    timeScale: control.timeScale,
    resolve: async (hostname) => (await resolve(hostname))[0] ?? '',
    print: (line) => void process.stdout.write(`${line}\n`),
    stopping: stopping.signal,
  };
  process.exit(await program(host));
}

/** Puts time and stream before each line, so that `kubectl logs --timestamps` and `--since` work. */
function stampOutput(): void {
  for (const [stream, name, fd] of [
    [process.stdout, 'stdout', 1],
    [process.stderr, 'stderr', 2],
  ] as const) {
    const cutter = lineCutter((line) =>
      unlessFull(() => writeSync(fd, formatLogLine(new Date(), name, line))),
    );
    process.on('exit', cutter.flush);
    stream.write = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
      cutter.write(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'));
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
  }
}

/** A full disk costs log lines, not the program. */
function unlessFull(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function runExec(controlFile: string, command: readonly string[]): Promise<void> {
  const control = readControl(controlFile);
  const resolve = connectNames(control);
  const { runTool } = await import('./exec/run.ts');
  const stopping = new AbortController();
  process.on('SIGTERM', () => stopping.abort());
  process.exitCode = await runTool(command, {
    env: { ...process.env } as Record<string, string>,
    address: control.address,
    folder: control.folder,
    mounts: control.mounts,
    resolve: async (hostname) => (await resolve(hostname))[0] ?? '',
    stdin: readStdin,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stopping: stopping.signal,
    launchNode: { path: process.execPath, entry: process.argv[1] ?? '', controlFile },
  });
  process.stdin.destroy();
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString('utf8');
}
