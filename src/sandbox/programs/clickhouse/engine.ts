import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LfctlError } from '../../../errors/error.ts';
import { findPackage } from '../installed.ts';
import { permits } from './permits.ts';

/** The parts of chdb 3.4 in use. */
interface EngineModule {
  readonly Session: new (
    path: string,
    options: { readonly connectionArgs: readonly string[] },
  ) => EngineSession;
  readonly drainPending: () => Promise<void>;
}

/** A session of the engine, with its settings and temporary tables. */
export interface EngineSession {
  /** Runs at once, on the calling thread: only for what takes no time (SET, USE). */
  readonly query: (sql: string, format?: string) => string;
  readonly queryAsync: (sql: string, options: { readonly format: string }) => Promise<EngineResult>;
  /** Each chunk is a document of its own in the format: for formats of plain rows only. */
  readonly queryStream: (sql: string, options: { readonly format: string }) => AsyncIterable<EngineChunk>;
  readonly close: () => void;
}

/** What a statement gave. */
export interface EngineResult {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly bytes: () => Uint8Array;
}

interface EngineChunk {
  readonly raw: () => Uint8Array;
}

/** The real ClickHouse, in this process. */
export interface Engine {
  /** For example 26.7.2.1. */
  readonly version: string;
  /** A session of its own for one request: settings and parameters end with it. Opening takes under 1 ms. */
  readonly open: () => EngineSession;
  /** Kills what still runs, and waits so long for it: a read from a dead S3 endpoint may not end at all. */
  readonly close: (waitMs: number) => Promise<void>;
}

/**
 * Finds the ClickHouse engine, the npm package `chdb` (548 MB, so it is not part of lfctl).
 *
 * @param folders searched after the node_modules near the running code
 * @throws LfctlError SANDBOX_PART_MISSING, naming chdb
 */
export async function findClickHouse(folders: readonly string[], name = 'chdb'): Promise<string> {
  const folder = await findPackage(name, folders);
  if (folder !== null) return folder;
  throw new LfctlError('SANDBOX_PART_MISSING', {
    message: `The sandbox's ClickHouse is not installed: there is no package ${name}.`,
    fixes: [
      { text: 'install it beside lfctl (178 MB to load)', command: 'npm install --save-dev chdb@3.4.0' },
    ],
  });
}

/**
 * What a client of a server expects and clickhouse-local does otherwise: mutations in the background, SELECT
 * spelled out. The rest keeps big inserts and selects small in memory (100 MB: peak 200 MB above idle).
 */
const connectionArgs = [
  '--mutations_sync=0',
  '--async_insert=0',
  '--implicit_select=0',
  '--allow_introspection_functions=0',
  '--max_threads=2',
  '--max_insert_threads=1',
  '--max_block_size=8192',
  '--max_insert_block_size=8192',
  '--min_insert_block_size_rows=8192',
  '--min_insert_block_size_bytes=4000000',
  '--input_format_parallel_parsing=0',
  '--output_format_parallel_formatting=0',
  // Mapped pages of the rows' file would count as memory.
  '--storage_file_read_method=pread',
];

/**
 * Opens the engine on a data folder. One per process, and one process per folder.
 *
 * @param packageFolder where {@link findClickHouse} found chdb
 * @param timezone the server's, as a container's TZ sets it
 */
export async function openEngine(options: {
  readonly packageFolder: string;
  readonly dataFolder: string;
  readonly configFolder: string;
  readonly timezone: string;
}): Promise<Engine> {
  await mkdir(options.dataFolder, { recursive: true });
  await mkdir(options.configFolder, { recursive: true });
  const configFile = join(options.configFolder, 'config.xml');
  await writeFile(configFile, serverConfig(options.dataFolder));
  // The engine takes its zone from the process; its own <timezone> is read by the real server alone.
  env['TZ'] = options.timezone;
  const engine = createRequire(join(options.packageFolder, 'package.json'))(
    options.packageFolder,
  ) as EngineModule;
  const args = [`--config-file=${configFile}`, ...connectionArgs];
  const session = (): EngineSession => new engine.Session(options.dataFolder, { connectionArgs: args });
  const root = session();
  const limit = permits(Math.max(1, Number(env['UV_THREADPOOL_SIZE'] ?? 4) - 2));
  const version = root.query('SELECT version()', 'TSV').trim();
  return {
    version,
    open: () => limited(session(), limit),
    close: async (waitMs) => {
      root.query('KILL QUERY WHERE true ASYNC');
      root.close();
      await Promise.race([engine.drainPending(), sleep(waitMs, undefined, { ref: false })]);
    },
  };
}

/**
 * Each running query holds a thread of Node's pool, which files and names need too: two are kept free, and KILL
 * never waits. A stream holds its thread only while the next rows are made.
 */
function limited(session: EngineSession, limit: ReturnType<typeof permits>): EngineSession {
  return {
    query: (sql, format) => session.query(sql, format),
    queryAsync: (sql, options) => {
      const run = (): Promise<EngineResult> => session.queryAsync(sql, options);
      return /^\s*KILL\b/i.test(sql) ? run() : limit(run);
    },
    queryStream: (sql, options) => limitedStream(() => session.queryStream(sql, options), limit),
    close: () => session.close(),
  };
}

async function* limitedStream(
  start: () => AsyncIterable<EngineChunk>,
  limit: ReturnType<typeof permits>,
): AsyncGenerator<EngineChunk> {
  const chunks = start()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await limit(() => chunks.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

function serverConfig(dataFolder: string): string {
  const backups = join(dataFolder, 'backups/');
  return `<clickhouse>
  <background_pool_size>2</background_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <mark_cache_size>16777216</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <merge_tree><old_parts_lifetime>30</old_parts_lifetime></merge_tree>
  <backups><allowed_path>${xml(backups)}</allowed_path><allowed_disk>default</allowed_disk></backups>
</clickhouse>
`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
