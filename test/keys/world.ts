/** A Langfuse in memory for keys: its table, its cache, and web pods that go by both as the real ones do. */
import { vi } from 'vitest';
import { fastHash } from '../../src/deployment/key-hash.ts';
import type { Deployment } from '../../src/deployment/model.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { Settings } from '../../src/deployment/settings.ts';
import type { OpenPorts } from '../../src/doctor/ports.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { bcryptHash, displaySecret } from '../../src/keys/pair.ts';
import type { StoredKey } from '../../src/keys/row.ts';
import type { Pod } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import type { HttpAnswer, LangfuseTarget } from '../../src/ports/langfuse.ts';
import type { PortOpeners } from '../../src/ports/openers.ts';
import type { PostgresPort } from '../../src/ports/postgres.ts';
import type { RedisPort, RedisReply } from '../../src/ports/redis.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import type { MemoryKube } from '../support/memory-kube.ts';
import { memoryKube } from '../support/memory-kube.ts';

export const salt = 'a-salt';
export const now = new Date('2026-11-21T10:11:12.000Z');

/** Project id → name, organisation. */
const places: Readonly<Record<string, { readonly name: string; readonly organization: string }>> = {
  p1: { name: 'production', organization: 'acme' },
  p2: { name: 'staging', organization: 'acme' },
  p3: { name: 'staging', organization: 'other' },
};

export interface KeysWorld {
  readonly rows: Map<string, StoredKey>;
  /** Name of the entry → what it says, and its milliseconds to live. */
  readonly cache: Map<string, { readonly denies: boolean; readonly leftMs: number }>;
  readonly kube: MemoryKube;
  /** One way of web to differ: a pod that has another Redis goes by its own memory. */
  readonly stubborn: Set<string>;
  readonly silent: Set<string>;
  redis: 'up' | 'down' | 'none';
  /** Called before each command to Redis, with its name and key. */
  onRedis: (command: string, key: string) => void;
  /** Called after each change of Postgres. */
  onChange: (sql: string) => void;
  /** Rights on api_keys. */
  lacking: string[];
  /** Rows of audit_logs: keys whose maker is gone. */
  ownerless: string[];
  columns: readonly string[];
  /** Overrides of the tenancy. */
  tenancy: (more?: Partial<Tenancy>) => Tenancy;
  /** A request as a client sends it to a pod. */
  readonly request: (pod: string, publicKey: string, secretKey: string) => number;
}

const columnsOf3 = [
  'id',
  'created_at',
  'note',
  'public_key',
  'hashed_secret_key',
  'display_secret_key',
  'last_used_at',
  'expires_at',
  'project_id',
  'fast_hashed_secret_key',
  'organization_id',
  'scope',
  'is_in_app_agent_key',
];
export const columnsOf2 = columnsOf3.slice(0, 10);

export const pods = ['web-1', 'web-2', 'web-3'] as const;
const addressOf = (pod: string): string => `10.0.0.${pod.slice(-1)}`;

const podOf = (name: string): Pod => ({
  metadata: { name, namespace: 'langfuse' },
  spec: { containers: [] },
  status: { phase: 'Running', podIP: addressOf(name) },
});

/** A row as web has it, by its secret. */
export async function rowOf(
  id: string,
  secretKey: string,
  more: StoredKey = {},
): Promise<readonly [string, StoredKey]> {
  const row = {
    id,
    created_at: '2026-11-01T00:00:00.000',
    note: id,
    public_key: `pk-lf-${id}`,
    hashed_secret_key: await bcryptHash(secretKey, 4),
    display_secret_key: displaySecret(secretKey),
    last_used_at: null,
    expires_at: null,
    project_id: 'p1',
    fast_hashed_secret_key: fastHash(secretKey, salt),
    organization_id: null,
    scope: 'PROJECT',
    is_in_app_agent_key: false,
    ...more,
  };
  return [id, row];
}

export function keysWorld(rows: readonly (readonly [string, StoredKey])[] = []): KeysWorld {
  const kube = memoryKube(pods.map((name) => [resources.pods, podOf(name)] as const));
  const world: KeysWorld = {
    rows: new Map(rows),
    cache: new Map(),
    kube,
    stubborn: new Set(),
    silent: new Set(),
    redis: 'up',
    onRedis: () => undefined,
    onChange: () => undefined,
    lacking: [],
    ownerless: [],
    columns: columnsOf3,
    request: (pod, publicKey, secretKey) => requestOf(world, pod, publicKey, secretKey),
    tenancy: (more = {}) => tenancyOf(world, more),
  };
  return world;
}

/** Cache, then row by hash, then a denial where no row has the public key: web/src/features/public-api/server/apiAuth.ts. */
function requestOf(world: KeysWorld, pod: string, publicKey: string, secretKey: string): number {
  if (world.stubborn.has(pod)) return 200;
  const name = `api-key:${fastHash(secretKey, salt)}`;
  const entry = world.cache.get(name);
  if (entry !== undefined) {
    world.cache.set(name, { ...entry, leftMs: 300_000 });
    return entry.denies ? 401 : 200;
  }
  const all = [...world.rows.values()];
  const row = all.find((one) => `api-key:${String(one['fast_hashed_secret_key'])}` === name);
  if (row !== undefined) world.cache.set(name, { denies: false, leftMs: 300_000 });
  else if (!all.some((one) => one['public_key'] === publicKey))
    world.cache.set(name, { denies: true, leftMs: 300_000 });
  return row === undefined ? 401 : 200;
}

/** What every web workload is started with. */
export const deploymentOf = (variables: Readonly<Record<string, string>> = {}): Deployment =>
  ({
    namespace: 'langfuse',
    release: 'langfuse',
    liteLlm: [],
    components: [
      {
        role: 'web',
        port: 3000,
        pods: [...pods],
        workload: { kind: 'Deployment', namespace: 'langfuse', name: 'web' },
        env: {
          unreadable: [],
          variables: new Map(
            Object.entries(variables).map(([name, value]) => [
              name,
              { name, value: new Secret(value), source: { from: 'literal' } },
            ]),
          ),
        },
      },
    ],
  }) as unknown as Deployment;

function tenancyOf(world: KeysWorld, more: Partial<Tenancy>): Tenancy {
  const down = new LfctlError('REDIS_REFUSED', { message: 'Redis refuses connections' });
  return {
    settings: { publicKey: null, secretKey: null } as unknown as Settings,
    opened: { access: {} } as OpenPorts,
    openers: { openLangfuse: (target: LangfuseTarget) => webOf(world, target) } as unknown as PortOpeners,
    deployment: deploymentOf(),
    version: '3.199.0',
    generation: 3,
    kube: { state: 'open', port: world.kube },
    postgres: { state: 'open', port: memoryPostgres(world) },
    clickhouse: { state: 'skipped', why: 'not configured: ClickHouse' },
    cache:
      world.redis === 'up'
        ? { state: 'open', port: { redis: memoryRedis(world), prefix: '', kind: 'single' } }
        : world.redis === 'down'
          ? { state: 'unknown', why: down.message, error: down }
          : { state: 'skipped', why: 'not configured: Redis' },
    salt: new Secret(salt),
    webUrl: null,
    placeId: 'memory',
    now: () => now,
    signal: new AbortController().signal,
    ...more,
  };
}

function webOf(world: KeysWorld, { url, publicKey = '', secretKey }: LangfuseTarget): object {
  const pod = pods.find((name) => url.includes(addressOf(name))) ?? '';
  const answer = async (status: number): Promise<HttpAnswer> => {
    if (world.silent.has(pod)) throw new LfctlError('LANGFUSE_TIMEOUT', { message: `${url} did not answer` });
    const body = status === 401 ? '{"message":"Invalid credentials."}' : '{}';
    const head = { ms: 1, keepAliveSeconds: null, contentType: null, truncated: false };
    return await Promise.resolve({ status, body, ...head });
  };
  const hasRow = (header: string): boolean =>
    [...world.rows.values()].some((row) => header === `Bearer ${String(row['public_key'])}`);
  return {
    getWithKeys: async () => await answer(world.request(pod, publicKey, secretKey?.reveal() ?? '')),
    send: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
      await answer(hasRow(headers['authorization'] ?? '') ? 403 : 401),
    close: () => undefined,
  };
}

function memoryPostgres(world: KeysWorld): PostgresPort {
  const answer = (sql: string, parameters: readonly unknown[]): unknown[] => {
    if (sql.includes('from api_keys k')) return selected(world, sql, parameters);
    if (sql.includes('has_table_privilege'))
      return [{ role: 'reader', standby: false, frozen: false, lacking: world.lacking }];
    if (sql.includes('pg_attribute')) return world.columns.map((column) => ({ table: 'api_keys', column }));
    if (sql.includes('from projects p'))
      return Object.entries(places).map(([id, { name, organization }]) => ({
        id,
        name,
        organization: { id: organization, name: organization },
      }));
    if (sql.includes('from audit_logs')) return world.ownerless.map((id) => ({ id }));
    if (sql.includes('exists (select from users')) return [{ user: false, key: false }];
    throw new Error(`no answer for ${sql}`);
  };
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      await Promise.resolve(structuredClone(answer(sql, parameters)) as Row[]),
    change: async (statements) => {
      const touched = statements.map(({ sql, parameters }) => changed(world, sql, parameters));
      for (const { sql } of statements) world.onChange(sql);
      return await Promise.resolve(touched);
    },
    lock: () => Promise.reject(new Error('no locks here')),
    close: () => Promise.resolve(),
  };
}

function selected({ rows }: KeysWorld, sql: string, [value]: readonly unknown[]): unknown[] {
  const column = /where k\.(\w+) = \$1/.exec(sql)?.[1];
  const kept = [...rows.values()].filter((row) => column === undefined || row[column] === value);
  return kept.map((stored) => {
    const place = places[String(stored['project_id'])];
    const organization = place?.organization ?? null;
    return { stored, project: place?.name ?? null, organization_id: organization, organization };
  });
}

function changed({ rows }: KeysWorld, sql: string, parameters: readonly unknown[]): number {
  if (sql.startsWith('delete')) {
    const [id, publicKey, hash] = parameters;
    const row = rows.get(String(id));
    if (row?.['public_key'] !== publicKey || row?.['fast_hashed_secret_key'] !== hash)
      throw new LfctlError('POSTGRES_CHANGED', { message: 'it touched 0 rows, not 1' });
    rows.delete(String(id));
    return 1;
  }
  const names = [...(/\(([^)]*)\) VALUES/.exec(sql)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name);
  const row = Object.fromEntries(names.map((name, index) => [name, parameters[index]])) as StoredKey;
  rows.set(String(row['id']), row);
  return 1;
}

function memoryRedis(world: KeysWorld): RedisPort {
  const answer = (command: string, key: string): RedisReply => {
    world.onRedis(command, key);
    const entry = world.cache.get(key);
    switch (command) {
      case 'PTTL':
        return entry?.leftMs ?? -2;
      case 'GETRANGE':
        return entry === undefined ? '' : entry.denies ? '"' : '{';
      case 'DEL':
        return world.cache.delete(key) ? 1 : 0;
      default:
        throw new Error(`no answer for ${command}`);
    }
  };
  return {
    call: async (command, key) => await Promise.resolve(answer(command, String(key))),
    pipeline: async (commands) =>
      await Promise.resolve(commands.map(([command, key]) => answer(command, String(key)))),
    scan: async (pattern) =>
      await Promise.resolve([...world.cache.keys()].filter((key) => key.endsWith(pattern.slice(1)))),
    info: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}

/** Lets the pauses of a work pass at once; under fake timers. */
export async function hurried<Value>(work: Promise<Value>): Promise<Value> {
  const state = { settled: false };
  void settle(work, state);
  while (!state.settled) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return await work;
}

async function settle(work: Promise<unknown>, state: { settled: boolean }): Promise<void> {
  await work.catch(() => undefined);
  state.settled = true;
}
