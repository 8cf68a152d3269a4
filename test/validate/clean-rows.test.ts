/** What clean-up asks the databases to remove: the mark alone is never enough. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import { fastHash } from '../../src/deployment/key-hash.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import type { PostgresPort, PostgresStatement } from '../../src/ports/postgres.ts';
import type { RedisPort } from '../../src/ports/redis.ts';
import { canaryIds } from '../../src/validate/canary.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import { cacheBroom } from '../../src/validate/clean/cache.ts';
import { clickhouseBroom } from '../../src/validate/clean/clickhouse.ts';
import { postgresBroom } from '../../src/validate/clean/postgres.ts';

const at = new Date('2026-11-21T02:00:00Z');
const canary = canaryIds('project', canaryTraceId('project', at), at);
const proxied = { ...canaryIds('project', 'trace-of-a-proxy', at), byProxy: true } as const;

/** Keeps what it is told to change; each table holds a row until it was. */
function clickhouse(columns: Readonly<Record<string, readonly string[]>>) {
  const changed: { readonly sql: string; readonly parameters: unknown }[] = [];
  const port: ClickHousePort = {
    query: <Row>(sql: string) => {
      const rows = sql.includes('system.columns')
        ? Object.entries(columns).flatMap(([table, names]) => names.map((name) => ({ table, name })))
        : [
            {
              found: changed.some((one) => one.sql.includes(/FROM (\w+)/.exec(sql)?.[1] ?? '?')) ? '0' : '1',
            },
          ];
      return Promise.resolve(rows as Row[]);
    },
    change: (sql, parameters) => Promise.resolve(void changed.push({ sql, parameters })),
    close: () => Promise.resolve(),
  };
  return { port, changed };
}

describe('rows of ClickHouse', () => {
  it('go by project, id, name and environment; those that a proxy made by the id that it told', async () => {
    const { port, changed } = clickhouse({ traces: ['id', 'name', 'environment'] });
    expect(await clickhouseBroom(port).sweep([canary, proxied])).toBe(0);
    expect(changed).toHaveLength(1);
    expect(changed[0]?.sql).toMatch(
      /^DELETE FROM traces WHERE project_id = \S+ AND \(\(id IN \S+ AND name = \S+ AND environment = \S+\) OR id IN \{others/,
    );
    expect(changed[0]?.parameters).toMatchObject({
      project: 'project',
      traces: [canary.traceId],
      others: ['trace-of-a-proxy'],
      name: 'lfctl canary',
      environment: 'lfctl-canary',
    });
  });

  it('are not asked for an environment where there is none yet, and its name goes from the list of them', async () => {
    const { port, changed } = clickhouse({
      observations: ['trace_id', 'name'],
      project_environments: ['project_id', 'environments'],
    });
    await clickhouseBroom(port).sweep([canary]);
    expect(changed.map(({ sql }) => sql)).toEqual([
      expect.not.stringContaining('environment') as string,
      expect.stringMatching(/^ALTER TABLE project_environments UPDATE environments = arrayFilter/) as string,
    ]);
  });
});

describe('rows of Postgres', () => {
  it('go by project, id and name on Langfuse 2, sessions by the id that holds the sealed one', async () => {
    const changed: PostgresStatement[] = [];
    const port: PostgresPort = {
      query: <Row>() => Promise.resolve([{ found: 0 }] as Row[]),
      change: (statements) => Promise.resolve([changed.push(...statements)]),
      lock: () => Promise.reject(new TypeError('no lock is asked for')),
      close: () => Promise.resolve(),
    };
    expect(await postgresBroom(port, 2).sweep([canary])).toBe(0);
    const named = changed.filter(({ sql }) => sql.includes('AND (name = $3'));
    expect(named.map(({ sql }) => /FROM (\w+)/.exec(sql)?.[1])).toEqual(['scores', 'observations', 'traces']);
    expect(named[0]?.parameters).toEqual(['project', [canary.traceId], 'lfctl canary', []]);
    expect(changed.at(-1)).toEqual({
      sql: 'DELETE FROM trace_sessions WHERE project_id = $1 AND id = ANY($2)',
      parameters: ['project', [`lfctl-${canary.traceId}`]],
    });
  });
});

describe('entries of the cache of keys', () => {
  const salt = new Secret('salt');
  const made = new Secret('sk-lf-made-up');
  const name = `p:api-key:${fastHash('sk-lf-made-up', 'salt')}`;
  const stores = (redis: RedisPort) => ({
    deployment: null,
    generation: 3 as const,
    version: '3.199.0',
    cache: { state: 'open', port: { redis, prefix: 'p:', kind: 'single' } } as const,
    salt,
    now: () => at,
  });
  const redisWith = (keys: Set<string>, isStuck = false): RedisPort =>
    ({
      scan: () => Promise.resolve([...keys]),
      call: (command: string, key: string) => {
        const there = keys.has(key) ? 1 : 0;
        if (command === 'DEL' && !isStuck) keys.delete(key);
        return Promise.resolve(there);
      },
    }) as unknown as RedisPort;

  it('of made-up secrets are removed and counted', async () => {
    const keys = new Set([name]);
    expect(await cacheBroom(stores(redisWith(keys)), [made])?.sweep([canary])).toBe(0);
    expect(keys.size).toBe(0);
    expect(await cacheBroom(stores(redisWith(new Set([name]), true)), [made])?.sweep([canary])).toBe(1);
  });

  it('cannot be named without SALT', () => {
    expect(cacheBroom({ ...stores(redisWith(new Set())), salt: null }, [made])).toBeNull();
  });
});
