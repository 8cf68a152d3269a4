import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../src/sandbox/program.ts';
import { canConnect, until } from './real/process.ts';

/** A program of the sandbox that runs without its cluster. */
export interface RunningProgram {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Starts a program on a loopback address of its own and waits until it is ready; by default, for its port. */
export async function startProgram(
  program: Program,
  port: number,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  ready: (address: string) => Promise<boolean> = (address) => canConnect(address, port),
): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-contract-'));
  // Postgres runs as another user when the tests run as root.
  await chmod(folder, 0o755);
  const address = randomAddress();
  const stopping = new AbortController();
  const lines: string[] = [];
  let ended = false;
  const exit = program({
    env,
    args,
    imageTag: 'latest',
    address,
    pod: { namespace: 'contract', name: 'server-0' },
    folder,
    mounts: {},
    timeScale: 10,
    resolve: async (name) => await Promise.resolve(name),
    print: (line) => lines.push(line),
    stopping: stopping.signal,
  })
    .catch((error: unknown) => lines.push(String(error)))
    .finally(() => {
      ended = true;
    });
  await until(async () => {
    if (ended) throw new Error(`the program ended: ${lines.join('\n')}`);
    return await ready(address);
  });
  return {
    address,
    stop: async () => {
      stopping.abort();
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function randomAddress(): string {
  const part = (): number => 1 + Math.floor(Math.random() * 250);
  return `127.${part()}.${part()}.${part()}`;
}
