import { spawn } from 'node:child_process';
import { access, chmod, constants, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tcpServer } from '../../adapters/support.ts';

/** Path of a program on PATH or in one of the folders; null when it is in none. */
export async function findProgram(name: string, folders: readonly string[] = []): Promise<string | null> {
  for (const folder of [...folders, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    const file = join(folder, name);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return null;
}

/** A folder that every user of the machine may enter. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-contract-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A server process of a test with its folder. */
export interface ServerProcess {
  /** What it has written so far, both streams. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ready: () => Promise<boolean>;
  /** Postgres refuses to run as root. */
  readonly user?: number;
  /** How long it may take; 30 s unless given. */
  readonly timeoutMs?: number;
}

/** Starts a server and waits until it is ready; its output is part of the error when it is not. */
export async function startServer(options: StartOptions): Promise<ServerProcess> {
  const { program, args, folder, user } = options;
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(program, [...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await Promise.race([ended, wait(5000)]);
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${output.join('')}`);
      return await options.ready();
    }, options.timeoutMs);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop, output: () => output.join('') };
}

/** Asks again until the condition holds. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not ready within ${timeoutMs} ms`);
    await wait(25);
  }
}

export async function canConnect(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.port;
}
