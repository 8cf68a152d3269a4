/** A Langfuse in memory as `project` commands see it: five stores with two projects, and a process that can be killed. */
import type { Deployment } from '../../src/deployment/model.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { OpenPorts } from '../../src/doctor/ports.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import type { LangfuseTarget } from '../../src/ports/langfuse.ts';
import type { ObjectsPort } from '../../src/ports/objects.ts';
import type { PortOpeners } from '../../src/ports/openers.ts';
import type { PostgresPort, PostgresStatement } from '../../src/ports/postgres.ts';
import type { RedisPort, RedisReply } from '../../src/ports/redis.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import type { FakeApi } from './fake-api.ts';

const now = new Date('2026-11-21T10:11:12.000Z');

/** The end of the process: no `LfctlError`, so nothing of lfctl can go on after it. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

type Row = Readonly<Record<string, unknown>>;

export interface ProjectsWorld {
  /** Table → rows. */
  readonly postgres: Map<string, Row[]>;
  readonly clickhouse: Map<string, Row[]>;
  readonly objects: Set<string>;
  readonly redis: Map<string, string>;
  /** `bull:q:wait` → ids of jobs; their data is in `redis`. */
  readonly jobs: Map<string, string[]>;
  /** Called before each write of any store, with what it is. */
  onWrite: (what: string) => void;
  /** Variables of web. */
  variables: Record<string, string>;
  /** Of the role in Postgres. */
  mayWrite: boolean;
  generation: 2 | 3 | 4;
  api: FakeApi | null;
  tenancy: (more?: Partial<Tenancy>) => Tenancy;
}

export function projectsWorld(): ProjectsWorld {
  const world: ProjectsWorld = {
    postgres: new Map(),
    clickhouse: new Map(),
    objects: new Set(),
    redis: new Map(),
    jobs: new Map(),
    onWrite: () => undefined,
    variables: {},
    mayWrite: true,
    generation: 4,
    api: null,
    tenancy: (more = {}) => tenancyOf(world, more),
  };
  seed(world);
  return world;
}

const tables = ['traces', 'events_full', 'blob_storage_file_log'];

/** Tells nothing of the project, as a real one. */
const hashOf = (id: string, index: number): string => `${id === 'doomed' ? 'dd' : 'cc'}${String(index)}`;

/** `doomed` and `kept` have the same of everything. */
function seed({ postgres, clickhouse, objects, redis, jobs }: ProjectsWorld): void {
  const rows = (make: (id: string, index: number) => Row, count = 1): Row[] =>
    ['doomed', 'kept'].flatMap((id) => Array.from({ length: count }, (_, index) => make(id, index)));
  postgres.set('organizations', [{ id: 'o1', name: 'acme' }]);
  postgres.set(
    'projects',
    rows((id) => ({ id, name: `the ${id} one`, org_id: 'o1', deleted_at: null })),
  );
  postgres.set(
    'api_keys',
    rows((id, index) => ({ project_id: id, hash: hashOf(id, index) }), 2),
  );
  for (const table of ['prompts', 'media', 'trace_media', 'audit_logs'])
    postgres.set(
      table,
      rows((id) => ({ project_id: id })),
    );
  for (const table of tables)
    clickhouse.set(
      table,
      rows((id, index) => ({ project_id: id, month: index % 2 === 0 ? '202610' : '202611' }), 4),
    );
  for (const id of ['doomed', 'kept']) {
    objects.add(`events/${id}/trace/t1/e1.json`);
    objects.add(`events/${id}/score/s1/e2.json`);
    objects.add(`events/otel/${id}/2026/11/21/10/11/f.json`);
    objects.add(`media/${id}/m1.png`);
    for (const index of [0, 1]) redis.set(`api-key:${hashOf(id, index)}`, '{}');
    redis.set(`prompt:${id}:1:greeting`, '{}');
    redis.set(`bull:ingestion-queue:j-${id}`, `{"payload":{"authCheck":{"scope":{"projectId":"${id}"}}}}`);
  }
  // The id of another begins alike.
  objects.add('events/doomedness/trace/t1/e1.json');
  objects.add('events/otel/doomedness/2026/11/21/10/11/f.json');
  redis.set('bull:ingestion-queue:meta', '{}');
  jobs.set('bull:ingestion-queue:wait', ['j-doomed', 'j-kept']);
}

/** All that is there, in a form that compares; `lessThan` is left out of it. */
export function contents(world: ProjectsWorld): unknown {
  const sorted = (entries: Iterable<string>): string[] => [...entries].toSorted();
  return {
    postgres: Object.fromEntries(world.postgres),
    clickhouse: Object.fromEntries(world.clickhouse),
    objects: sorted(world.objects),
    redis: sorted(world.redis.keys()),
    jobs: Object.fromEntries(world.jobs),
  };
}

/** Everything that names a project, by store; audit lines are to stay. */
export function traces(world: ProjectsWorld, id: string): string[] {
  const { postgres, clickhouse, objects, redis, jobs } = world;
  const inTables = [...postgres, ...clickhouse].flatMap(([table, rows]) =>
    rows.some((row) => row['project_id'] === id || row['id'] === id) ? [table] : [],
  );
  const whole = new RegExp(`(?:^|[/:-])(?:${id}|${hashOf(id, 0)}|${hashOf(id, 1)})(?:[/:-]|$)`);
  const keys = [...objects, ...redis.keys(), ...[...jobs.values()].flat()].filter((key) => whole.test(key));
  return [...inTables.filter((table) => table !== 'audit_logs'), ...keys];
}

function tenancyOf(world: ProjectsWorld, more: Partial<Tenancy>): Tenancy {
  const openers = {
    openObjects: async ({ bucket }: { readonly bucket: string }) =>
      await Promise.resolve(memoryObjects(world, bucket)),
    openLangfuse: (target: LangfuseTarget) => world.api?.open(target),
  };
  const pair =
    world.api === null
      ? { publicKey: null, secretKey: null }
      : {
          publicKey: { value: 'pk-lf-org', source: 'environment', origin: 'LFCTL_ORG_PUBLIC_KEY' },
          secretKey: {
            value: new Secret('sk-lf-org'),
            source: 'environment',
            origin: 'LFCTL_ORG_SECRET_KEY',
          },
        };
  return {
    settings: { organizationKeys: pair, stores: { s3Url: null } } as unknown as Tenancy['settings'],
    opened: { access: { signal: new AbortController().signal } } as OpenPorts,
    openers: openers as unknown as PortOpeners,
    deployment: deploymentOf(world),
    version: { 2: '2.95.12', 3: '3.199.0', 4: '4.16.0' }[world.generation],
    generation: world.generation,
    kube: { state: 'skipped', why: 'not configured: no cluster' },
    postgres: { state: 'open', port: memoryPostgres(world) },
    clickhouse: { state: 'open', port: memoryClickHouse(world) },
    cache: { state: 'open', port: { redis: memoryRedis(world), prefix: '', kind: 'single' } },
    salt: new Secret('salt'),
    webUrl: 'http://web',
    placeId: 'memory',
    now: () => now,
    signal: new AbortController().signal,
    ...more,
  };
}

function deploymentOf({ variables }: ProjectsWorld): Deployment {
  const bucket = (prefix: string): object => ({
    provider: 's3',
    why: null,
    target: {
      bucket: prefix,
      prefix: `${prefix}/`,
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
    },
  });
  const env = {
    unreadable: [],
    variables: new Map(
      Object.entries(variables).map(([name, value]) => [
        name,
        { name, value: new Secret(value), source: { from: 'literal' } },
      ]),
    ),
  };
  return {
    mode: 'events_only',
    components: [{ role: 'web', env }],
    stores: { eventBucket: bucket('events'), mediaBucket: bucket('media'), exportBucket: null },
  } as unknown as Deployment;
}

function memoryPostgres(world: ProjectsWorld): PostgresPort {
  return {
    query: async <Result>(sql: string, parameters: readonly unknown[] = []) =>
      await Promise.resolve(selected(world, sql, parameters) as Result[]),
    change: async (statements) => {
      const touched = statements.map((statement) => {
        world.onWrite(statement.sql);
        return changed(world, statement);
      });
      return await Promise.resolve(touched);
    },
    lock: () => Promise.reject(new Error('no locks here')),
    close: () => Promise.resolve(),
  };
}

function selected(world: ProjectsWorld, sql: string, parameters: readonly unknown[]): unknown[] {
  const [first] = parameters;
  const rows = (table: string): Row[] => world.postgres.get(table) ?? [];
  const of = (table: string): Row[] => rows(table).filter((row) => row['project_id'] === first);
  if (sql.includes('from api_keys k'))
    return of('api_keys').map((stored) => ({
      stored,
      project: null,
      organization_id: 'o1',
      organization: 'acme',
    }));
  if (sql.includes('has_table_privilege')) return [{ role: 'reader', may: world.mayWrite }];
  if (sql.includes("to_jsonb(k)->>'organization_id' AS owner")) return [{ owner: 'o1' }];
  if (sql.includes('AS projects')) return rows('organizations').map((row) => ({ ...row, createdAt: now }));
  if (sql.includes('AS "deletedAt"'))
    return rows('projects').map(({ id, name, deleted_at: deletedAt }) => ({
      id,
      name,
      deletedAt,
      createdAt: now,
      organization: { id: 'o1', name: 'acme' },
      retentionDays: null,
      keys: rows('api_keys').filter((row) => row['project_id'] === id).length,
    }));
  if (sql.includes('AND a.attname =')) return tablesWithProjects(world).map((name) => ({ name }));
  if (sql.includes('c.relname AS "table"'))
    return ['id', 'name', 'org_id', 'created_at', 'updated_at', 'deleted_at', 'retention_days']
      .filter((column) => world.generation !== 2 || !/deleted|retention/.test(column))
      .map((column) => ({ table: 'projects', column }));
  if (sql.includes('fast_hashed_secret_key')) return of('api_keys');
  if (sql.includes('batch_exports')) return [];
  if (sql.includes('org_id AS "orgId"'))
    return rows('projects')
      .filter(({ id }) => id === first)
      .map(({ name, org_id: orgId }) => ({ name, orgId }));
  if (sql.startsWith('SELECT sum(found)')) {
    const named = [...sql.matchAll(/FROM "(\w+)"/g)].map(([, table = '']) => of(table).length);
    const own = rows('projects').filter(({ id }) => id === first).length;
    return [{ found: named.reduce((sum, each) => sum + each, own) }];
  }
  if (sql.startsWith('SELECT id FROM projects p WHERE org_id')) return takenBy(rows('projects'), parameters);
  if (sql.includes('FROM projects WHERE id = $1')) return rows('projects').filter(({ id }) => id === first);
  throw new Error(`no answer for ${sql}`);
}

const takenBy = (rows: readonly Row[], [orgId, name, except]: readonly unknown[]): Row[] =>
  rows.filter(
    (row) =>
      row['org_id'] === orgId && row['name'] === name && row['id'] !== except && row['deleted_at'] === null,
  );

const tablesWithProjects = ({ postgres }: ProjectsWorld): string[] =>
  [...postgres.keys()].filter((table) => !['organizations', 'projects', 'audit_logs'].includes(table));

function changed(world: ProjectsWorld, { sql, parameters }: PostgresStatement): number {
  const [first] = parameters;
  const table = /^(?:DELETE FROM|INSERT INTO|UPDATE) "?(\w+)/.exec(sql)?.[1] ?? '';
  const rows = world.postgres.get(table) ?? [];
  if (sql.startsWith('UPDATE')) return updated(world, sql, parameters);
  if (sql.startsWith('INSERT')) {
    const names = [...(/\(([^)]*)\) VALUES/.exec(sql)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
      ([, name]) => name,
    );
    const row = Object.fromEntries(names.map((name, index) => [name, parameters[index]]));
    world.postgres.set(table, [...rows, { deleted_at: null, ...row }]);
    return 1;
  }
  const column = table === 'projects' ? 'id' : 'project_id';
  const left = rows.filter((row) => row[column] !== first);
  world.postgres.set(table, left);
  // What hangs on the project goes with it; links of media hang on nothing.
  if (table === 'projects')
    for (const other of tablesWithProjects(world).filter((one) => one !== 'trace_media'))
      world.postgres.set(
        other,
        (world.postgres.get(other) ?? []).filter((row) => row['project_id'] !== first),
      );
  return rows.length - left.length;
}

/** Marks a project as deleted, or gives it another name. */
function updated({ postgres }: ProjectsWorld, sql: string, parameters: readonly unknown[]): number {
  const [id, second, name, at] = parameters;
  const isMark = sql.includes('deleted_at');
  const rows = postgres.get('projects') ?? [];
  const hit = rows.filter(
    (row) => row['id'] === id && (isMark ? row['deleted_at'] === null : row['name'] === second),
  );
  const change = isMark ? { deleted_at: second } : { name, updated_at: at };
  postgres.set(
    'projects',
    rows.map((row) => (hit.includes(row) ? { ...row, ...change } : row)),
  );
  return hit.length;
}

function memoryClickHouse(world: ProjectsWorld): ClickHousePort {
  const of = (sql: string, { project, month }: Readonly<Record<string, unknown>>): Row[] =>
    (world.clickhouse.get(/FROM `(\w+)`/.exec(sql)?.[1] ?? '') ?? []).filter(
      (row) => row['project_id'] === project && (month === undefined || row['month'] === month),
    );
  return {
    query: async <Result>(sql: string, parameters: Readonly<Record<string, unknown>> = {}) => {
      const rows = sql.includes('system.columns')
        ? [...world.clickhouse.keys()].map((name) => ({ name }))
        : sql.includes('_partition_id AS id')
          ? [...new Set(of(sql, parameters).map(({ month }) => month))].map((id) => ({ id }))
          : [{ found: of(sql, parameters).length }];
      return await Promise.resolve(rows as Result[]);
    },
    change: async (sql, parameters = {}) => {
      world.onWrite(sql);
      const table = /FROM `(\w+)`/.exec(sql)?.[1] ?? '';
      const gone = new Set(of(sql, parameters));
      const rows = world.clickhouse.get(table) ?? [];
      world.clickhouse.set(
        table,
        rows.filter((row) => !gone.has(row)),
      );
      await Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

function memoryObjects(world: ProjectsWorld, bucket: string): ObjectsPort {
  const refuse = (): never => {
    throw new Error(`nothing else is done with ${bucket}`);
  };
  return {
    headBucket: () => Promise.resolve(),
    list: async (prefix, limit) => {
      const keys = [...world.objects].filter((key) => key.startsWith(prefix)).slice(0, limit);
      return await Promise.resolve(keys.map((key) => ({ key, sizeBytes: 1, modifiedAt: '' })));
    },
    removeAll: async (keys) => {
      world.onWrite(`remove ${keys.join(' ')}`);
      for (const key of keys) world.objects.delete(key);
      await Promise.resolve();
    },
    stat: refuse,
    get: refuse,
    put: refuse,
    remove: refuse,
    close: () => undefined,
  };
}

function memoryRedis(world: ProjectsWorld): RedisPort {
  const { redis, jobs } = world;
  const answer = (command: string, [key = '', ...rest]: readonly string[]): RedisReply => {
    if (['DEL', 'EVAL'].includes(command)) world.onWrite(`${command} ${key}`);
    switch (command) {
      case 'DEL':
        return redis.delete(key) ? 1 : 0;
      case 'LRANGE':
        return (jobs.get(key) ?? []).slice(Number(rest[0]), Number(rest[1]) + 1);
      case 'ZRANGE':
        return [];
      case 'HGET':
        return redis.get(key) ?? null;
      case 'EVAL': {
        const [, at = '', hash = '', , id] = rest;
        if (!key.includes('LREM') || jobs.get(at)?.includes(id ?? '') !== true) return 1;
        jobs.set(
          at,
          (jobs.get(at) ?? []).filter((one) => one !== id),
        );
        redis.delete(hash);
        return 1;
      }
      default:
        throw new Error(`no answer for ${command}`);
    }
  };
  return {
    call: async (command, ...words) => await Promise.resolve(answer(command, words.map(String))),
    pipeline: async (commands) =>
      await Promise.resolve(commands.map(([command, ...words]) => answer(command, words.map(String)))),
    scan: async (pattern) => {
      const part = pattern.replaceAll('*', '');
      return await Promise.resolve([...redis.keys()].filter((key) => key.includes(part)));
    },
    info: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}
