/** What probes make beside canaries: media, and traces that LiteLLM named. */
import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import type { PostgresPort, PostgresStatement } from '../../src/ports/postgres.ts';
import { canaryTraceId } from '../../src/validate/canary-id.ts';
import { canaryIds } from '../../src/validate/canary.ts';
import { mediaBroom } from '../../src/validate/clean/media.ts';
import { proxiedCanaries, proxyUser } from '../../src/validate/clean/proxied.ts';
import type { Stations } from '../../src/validate/stations.ts';

const at = new Date('2026-11-21T02:00:00Z');
const traceId = canaryTraceId('project', at);
const canary = canaryIds('project', traceId, at);
const unused = (): Promise<never> => Promise.reject(new Error('unused'));

interface Row {
  readonly id: string;
  readonly path: string | null;
  readonly bucket: string | null;
  readonly shared: boolean;
}

const own: Row = { id: 'm1', path: 'media/project/m1.txt', bucket: 'b', shared: false };

/** A database with links of the canary, which go with their ids. */
function database(...links: Row[]): { port: PostgresPort; changes: (readonly PostgresStatement[])[] } {
  const changes: (readonly PostgresStatement[])[] = [];
  const query = async <One>(): Promise<One[]> => {
    const gone = changes.flatMap(([statement]) => statement?.parameters[2]).flat();
    return await Promise.resolve(links.filter(({ id }) => !gone.includes(id)) as One[]);
  };
  const change = async (statements: readonly PostgresStatement[]): Promise<number[]> => {
    changes.push(statements);
    return await Promise.resolve(statements.map(() => 1));
  };
  return { port: { query, change, lock: unused, close: () => Promise.resolve() }, changes };
}

function bucket(refuses: boolean): { objects: ObjectsPort; keys: Set<string> } {
  const keys = new Set(['media/project/m1.txt', 'media/project/of-others.txt']);
  const own: Pick<ObjectsPort, 'remove' | 'stat'> = {
    remove: async (key) => {
      if (refuses) throw new LfctlError('OBJECTS_FORBIDDEN', { message: 'AccessDenied' });
      keys.delete(key);
      return await Promise.resolve();
    },
    stat: async (key) =>
      await Promise.resolve(keys.has(key) ? { key, sizeBytes: 1, modifiedAt: '2026-11-21T02:00:00Z' } : null),
  };
  return { objects: own as ObjectsPort, keys };
}

describe('media of a canary', () => {
  it('go with object, link and row, and are counted', async () => {
    const { port, changes } = database(own);
    const { objects, keys } = bucket(false);
    expect(await mediaBroom(port, { objects, bucket: 'b' }).sweep([canary])).toBe(0);
    expect([...keys]).toEqual(['media/project/of-others.txt']);
    const [statements = []] = changes;
    expect(statements.map(({ sql }) => sql.split(' WHERE')[0])).toEqual([
      'DELETE FROM trace_media',
      'DELETE FROM media',
    ]);
    expect(statements.map(({ parameters }) => parameters)).toEqual([
      ['project', [traceId], ['m1']],
      ['project', ['m1']],
    ]);
  });

  it('stay where others have uploaded the same bytes, without the link', async () => {
    const { port, changes } = database({ ...own, path: 'media/project/of-others.txt', shared: true });
    const { objects, keys } = bucket(false);
    expect(await mediaBroom(port, { objects, bucket: 'b' }).sweep([canary])).toBe(0);
    expect(keys.size).toBe(2);
    expect(changes[0]?.[1]?.parameters).toEqual(['project', []]);
  });

  it('of another bucket stay with their link, and are counted', async () => {
    const { port, changes } = database({ ...own, bucket: 'former' });
    const { objects, keys } = bucket(false);
    expect(await mediaBroom(port, { objects, bucket: 'b' }).sweep([canary])).toBe(1);
    expect(keys.size).toBe(2);
    expect(changes[0]?.[0]?.parameters).toEqual(['project', [traceId], []]);
  });

  it('whose row is gone go with their link', async () => {
    const { port } = database({ ...own, path: null, bucket: null });
    const { objects } = bucket(false);
    expect(await mediaBroom(port, { objects, bucket: 'b' }).sweep([canary])).toBe(0);
  });

  it('keep their row while the object is there: it is what the object is found by', async () => {
    const { port, changes } = database(own);
    const broom = mediaBroom(port, { objects: bucket(true).objects, bucket: 'b' });
    await expect(broom.sweep([canary])).rejects.toMatchObject({ code: 'OBJECTS_FORBIDDEN' });
    expect(changes).toEqual([]);
  });
});

const skipped = { state: 'skipped', detail: 'not configured' } as const;
type Stores = Pick<Stations, 'postgres' | 'clickhouse'>;

/** A ClickHouse with these tables and one span of each user. */
function clickhouse(tables: readonly string[], users: readonly string[]): Stores & { asked: string[] } {
  const asked: string[] = [];
  const query = async <Row>(sql: string): Promise<Row[]> => {
    asked.push(sql);
    const rows: readonly unknown[] = sql.includes('system.tables')
      ? tables.map((name) => ({ name }))
      : users.map((user, index) => ({ trace: `t${index}`, span: `s${index}`, user, at: '1795226400' }));
    return await Promise.resolve(rows as Row[]);
  };
  const port = { query } as unknown as ClickHousePort;
  return { clickhouse: { state: 'open', port }, postgres: skipped, asked };
}

describe('traces that LiteLLM named', () => {
  const mine = proxyUser({ traceId });
  const foreign = proxyUser({ traceId: canaryTraceId('another project', at) });

  it('are known by a sealed user of this project, and by nothing else', async () => {
    const stores = clickhouse(['events_core'], [mine, foreign, 'lfctl-6c666374nobody', 'lfctl']);
    const { canaries, unknown } = await proxiedCanaries(stores, 4, 'project');
    expect(unknown).toEqual({});
    expect(canaries).toHaveLength(1);
    expect(canaries[0]).toMatchObject({
      projectId: 'project',
      traceId: 't0',
      generationId: 's0',
      byProxy: true,
      second: at,
      at: new Date(1_795_226_400_000),
    });
  });

  it('are looked for in the tables that there are', async () => {
    const three = clickhouse(['traces', 'observations'], []);
    await proxiedCanaries(three, 3, 'project');
    expect(three.asked.join()).toContain('FROM traces');
    expect(three.asked.join()).not.toContain('events_core');
  });

  it('are in Postgres on 2, and nowhere that is not open', async () => {
    const query = async <Row>(): Promise<Row[]> =>
      await Promise.resolve([{ trace: 't', span: 's', user: mine, at: 1_795_226_400 }] as Row[]);
    const port = { ...database().port, query };
    const stores: Stores = { postgres: { state: 'open', port }, clickhouse: skipped };
    expect((await proxiedCanaries(stores, 2, 'project')).canaries).toMatchObject([{ traceId: 't' }]);
    expect((await proxiedCanaries(stores, 3, 'project')).canaries).toEqual([]);
  });

  it('are not known where the store does not answer', async () => {
    const query = () => Promise.reject(new LfctlError('CLICKHOUSE_TIMEOUT', { message: 'no answer' }));
    const port = { query } as unknown as ClickHousePort;
    const stores: Stores = { postgres: skipped, clickhouse: { state: 'open', port } };
    expect(await proxiedCanaries(stores, 3, 'project')).toEqual({
      canaries: [],
      unknown: { litellm: 'no answer' },
    });
  });
});
