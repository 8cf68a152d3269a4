import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { build } from 'esbuild';
import { testAddress } from './host.ts';

export const login = { username: 'langfuse', password: "canary-p'w&1" };

export interface ClickHouseProcess {
  readonly url: string;
  readonly log: string[];
  readonly client: (options?: Parameters<typeof createClient>[0]) => ClickHouseClient;
  /** Memory of the process now and at its highest. */
  readonly memory: () => Promise<{ readonly residentMb: number; readonly peakMb: number }>;
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** In node_modules, so that the bundle finds chdb as dist/ does. */
const runnerFolder = (name: string): string => join('node_modules', '.cache', name);

/** Bundles the runner once per test file. */
export async function bundleRunner(name: string): Promise<string> {
  const folder = runnerFolder(name);
  const outfile = join(folder, 'program-runner.mjs');
  const options = { bundle: true, format: 'esm', platform: 'node', packages: 'external' } as const;
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL('./program-runner.ts', import.meta.url))],
    outfile,
  });
  return outfile;
}

/** Also those of tests that failed half-way. */
const started = new Set<ChildProcess>();

export function endAll(): void {
  for (const child of started) child.kill('SIGKILL');
}

export async function removeRunner(name: string): Promise<void> {
  await rm(runnerFolder(name), { recursive: true, force: true });
}

export async function startClickHouse(options: {
  readonly runner: string;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<ClickHouseProcess> {
  const address = testAddress();
  const host = {
    env: { CLICKHOUSE_USER: login.username, CLICKHOUSE_PASSWORD: login.password, CLICKHOUSE_DB: 'langfuse' },
    args: [],
    imageTag: '26.7',
    address,
    pod: { namespace: 'stores', name: 'clickhouse-0' },
    folder: join(options.folder, 'root'),
    mounts: { '/var/lib/clickhouse': join(options.folder, 'data') },
    timeScale: 10,
  };
  const json = JSON.stringify({ ...host, env: { ...host.env, ...options.env } });
  const child = spawn('node', [options.runner, 'clickhouse', json], {
    env: { PATH: process.env['PATH'], UV_THREADPOOL_SIZE: '16', TZ: 'America/New_York' },
  });
  started.add(child);
  child.once('exit', () => started.delete(child));
  const log: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`exit ${code}\n${log.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        if (line.includes('Ready for connections.')) resolve();
      });
  });
  await ready;
  const url = `http://${address}:8123`;
  return {
    url,
    log,
    client: (more = {}) =>
      createClient({ url, ...login, database: 'langfuse', log: { level: 127 }, ...more }),
    memory: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
      return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') };
    },
    kill: async (signal) => {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      return ((await ended) as [number | null])[0];
    },
  };
}
