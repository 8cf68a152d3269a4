import { mkdtemp, rm } from 'node:fs/promises';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program, ProgramHost } from '../../../src/sandbox/program.ts';

/** A folder that the user of Postgres can enter too. */
export async function testFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lfctl-stores-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A loopback address that no other test uses at this time. */
export function testAddress(): string {
  const part = (): number => 1 + Math.floor(Math.random() * 253);
  return `127.${part()}.${part()}.${part()}`;
}

export interface RunningProgram {
  readonly address: string;
  readonly log: string[];
  readonly exit: Promise<number>;
  /** SIGTERM, and waits for the exit code. */
  readonly stop: () => Promise<number>;
}

export function runProgram(
  program: Program,
  host: Pick<ProgramHost, 'folder'> & Partial<Omit<ProgramHost, 'folder' | 'print' | 'stopping'>>,
): RunningProgram {
  const log: string[] = [];
  const stopping = new AbortController();
  const address = host.address ?? testAddress();
  const exit = program({
    env: {},
    args: [],
    imageTag: 'latest',
    pod: { namespace: 'stores', name: 'store-0' },
    mounts: {},
    timeScale: 10,
    resolve: async (name) => name,
    ...host,
    address,
    print: (line) => log.push(line),
    stopping: stopping.signal,
  });
  // The test awaits it where it matters; until then a rejection is not unhandled.
  exit.catch(() => undefined);
  return {
    address,
    log,
    exit,
    stop: () => {
      stopping.abort();
      return exit;
    },
  };
}

/** Tries until it resolves; rejects with the last failure after the deadline. */
export async function eventually<Value>(attempt: () => Promise<Value>, timeoutMs = 20_000): Promise<Value> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
