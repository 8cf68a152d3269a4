/** When keys were last used, by evidence: Langfuse has a column for it and never writes it. */
import { LfctlError } from '../errors/error.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { cacheEntries, cacheHabit } from './cache.ts';
import type { KeyRow } from './row.ts';

/** The latest use of a key that something shows. */
export interface LastUse {
  /** RFC 3339; null where nothing shows one. */
  readonly at: string | null;
  /** `redis`: its cache entry, of any request. `clickhouse`: rows that came with it, of ingestion alone. */
  readonly source: 'redis' | 'clickhouse' | null;
}

/** Uses by public key, with what could not be looked at. */
export interface LastUses {
  readonly uses: ReadonlyMap<string, LastUse>;
  /** How far back an absent use means something, in words. */
  readonly reach: string;
  /** Whether this version notes with which key rows came: only then no use is known to be none. */
  readonly ingestion: 'noted' | 'not-noted' | 'not-looked-at';
  /** Sources that are there and could not be read. */
  readonly unknown: readonly string[];
}

type Cached = Omit<LastUses, 'ingestion'>;

/** Looks into the cache, and into ClickHouse where this version notes the key of each row. */
export async function lastUses(tenancy: Tenancy, rows: readonly KeyRow[]): Promise<LastUses> {
  const [cached, ingested] = await Promise.all([cachedUses(tenancy, rows), ingestionUses(tenancy)]);
  const uses = new Map<string, LastUse>();
  for (const found of [ingested.uses, cached.uses])
    for (const [publicKey, use] of found) {
      const known = uses.get(publicKey)?.at ?? '';
      if ((use.at ?? '') > known) uses.set(publicKey, use);
    }
  const reach = [cached.reach, ingested.reach].join('; ');
  const { ingestion } = ingested;
  return { uses, reach, ingestion, unknown: [...cached.unknown, ...ingested.unknown] };
}

async function cachedUses(tenancy: Tenancy, rows: readonly KeyRow[]): Promise<Cached> {
  const { cache, now } = tenancy;
  const { use, why, ttlSeconds } = cacheHabit(tenancy);
  const none = new Map<string, LastUse>();
  if (use === 'off') return { uses: none, reach: `no cache: ${why}`, unknown: [] };
  if (cache.state !== 'open')
    return {
      uses: none,
      reach: `the cache was not asked: ${cache.why}`,
      unknown: cache.state === 'unknown' ? [`Redis: ${cache.why}`] : [],
    };
  const hashes = rows.map(({ fastHash }) => fastHash).filter((hash) => hash !== null);
  try {
    const entries = await cacheEntries(cache.port, hashes, ttlSeconds);
    const uses = new Map(
      rows.flatMap(({ publicKey, fastHash }): [string, LastUse][] => {
        const entry = entries.get(fastHash ?? '');
        if (entry === undefined || entry.denies) return [];
        const at = new Date(now().getTime() - 1000 * entry.idleSeconds).toISOString();
        return [[publicKey, { at, source: 'redis' }]];
      }),
    );
    return { uses, reach: `any use within ${String(ttlSeconds)} s, by the cache`, unknown: [] };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return {
      uses: none,
      reach: `the cache was not asked: ${error.message}`,
      unknown: [`Redis: ${error.message}`],
    };
  }
}

const column = 'ingestion_api_key';
/** `scores` since 3.204.0, the events since 4 (packages/shared/clickhouse/migrations/unclustered). */
const tables = ['scores', 'events_core'];

async function ingestionUses({ clickhouse }: Tenancy): Promise<LastUses> {
  const none = { uses: new Map<string, LastUse>(), ingestion: 'not-looked-at' } as const;
  if (clickhouse.state !== 'open')
    return {
      ...none,
      reach: `ingestion was not looked at: ${clickhouse.why}`,
      unknown: clickhouse.state === 'unknown' ? [`ClickHouse: ${clickhouse.why}`] : [],
    };
  try {
    const noted = await notingTables(clickhouse.port);
    if (noted.length === 0)
      return {
        ...none,
        ingestion: 'not-noted',
        reach: 'this version does not note which key rows came with',
        unknown: [],
      };
    const uses = await usesIn(clickhouse.port, noted);
    const reach = `ingestion of all time, by ${noted.join(' and ')}`;
    // Of 3 only scores say with which key they came: that nothing is noted of a trace means nothing.
    return { uses, ingestion: noted.includes('events_core') ? 'noted' : 'not-noted', reach, unknown: [] };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    const unknown = [`ClickHouse: ${error.message}`];
    return { ...none, reach: 'ingestion was not looked at', unknown };
  }
}

async function notingTables(clickhouse: ClickHousePort): Promise<string[]> {
  const rows = await clickhouse.query<{ readonly table: string }>(
    `SELECT table FROM system.columns
     WHERE database = currentDatabase() AND name = {column:String} AND table IN {tables:Array(String)}
     ORDER BY table`,
    { column, tables },
  );
  return rows.map(({ table }) => table);
}

async function usesIn(clickhouse: ClickHousePort, noted: readonly string[]): Promise<Map<string, LastUse>> {
  const parts = noted.map(
    (table) =>
      `SELECT ${column} AS publicKey, max(toUnixTimestamp64Milli(created_at)) AS at FROM ${table}
       WHERE ${column} != '' GROUP BY publicKey`,
  );
  const rows = await clickhouse.query<{ readonly publicKey: string; readonly at: number | string }>(
    `SELECT publicKey, max(at) AS at FROM (${parts.join(' UNION ALL ')}) GROUP BY publicKey`,
  );
  return new Map(
    rows.map(({ publicKey, at }) => [
      publicKey,
      { at: new Date(Number(at)).toISOString(), source: 'clickhouse' as const },
    ]),
  );
}
