/** A deployment in memory for rotations: a cluster, api_keys, the cache, a web that goes by both, and consumers. */
import { fastHash } from '../../../src/deployment/key-hash.ts';
import type { Settings } from '../../../src/deployment/settings.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import type { OpenPorts } from '../../../src/doctor/ports.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import type { RotateOptions } from '../../../src/keys/rotate/request.ts';
import { checkFlags, planRequest } from '../../../src/keys/rotate/request.ts';
import type { WaitClock } from '../../../src/keys/rotate/work.ts';
import type { StoredKey } from '../../../src/keys/row.ts';
import type { Applied } from '../../../src/plan/apply.ts';
import { applyPlan, undoRun } from '../../../src/plan/apply.ts';
import type { Journal } from '../../../src/plan/journal.ts';
import type { KubeObject, KubeSecret, Pod, Workload } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import type { KubePort } from '../../../src/ports/kube.ts';
import type { LangfusePort } from '../../../src/ports/langfuse.ts';
import type { PortOpeners } from '../../../src/ports/openers.ts';
import type { PostgresPort } from '../../../src/ports/postgres.ts';
import type { RedisPort, RedisReply } from '../../../src/ports/redis.ts';
import type { Tenancy } from '../../../src/tenancy/access.ts';
import { contextOf, memoryJournal } from '../../plan/world.ts';
import type { MemoryKube } from '../../support/memory-kube.ts';
import { memoryKube } from '../../support/memory-kube.ts';

const salt = 'a-salt';
export const oldPair = {
  publicKey: 'pk-lf-11111111-1111-4111-8111-111111111111',
  secretKey: 'sk-lf-22222222-2222-4222-8222-222222222222',
};
/** bcrypt of the secret with cost 4: a row says by itself what it cost. */
const oldHashed = '$2b$04$1OgTWkbIkLN8F3vXnlrvLePFn9TjSIIIqcMhAWfpj0kCGKO1r7E8a';

/** What ends a process at once: nothing of it acts any more. */
export class Killed extends Error {}

interface Consumer {
  readonly namespace: string;
  readonly name: string;
  /** As its pods read them at their start. */
  publicKey: string;
  secretKey: string;
  annotations: Readonly<Record<string, string>>;
  /** New pods do not come up. */
  stuck: boolean;
  /** Sends a request whenever something happens. */
  busy: boolean;
}

export interface RotationWorld {
  readonly kube: MemoryKube;
  readonly rows: Map<string, StoredKey>;
  /** Key of the cache → milliseconds of the world's time at which it expires. */
  readonly cache: Map<string, number>;
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly consumers: Consumer[];
  /** Requests of busy consumers that were refused. */
  readonly failed: string[];
  /** Called before and after each effect; may kill. */
  onEffect: (what: string) => void;
  /** A dead process does nothing any more. */
  dead: boolean;
  rights: { write: boolean; standby: boolean; readonly: boolean };
  redisDown: boolean;
  /** What happens when time passes; a user of the old key outside of the cluster, for one. */
  onPause: () => void;
  readonly use: (secretKey: string) => boolean;
  readonly valueOf: (namespace: string, name: string, key: string) => string;
  readonly tenancy: () => Tenancy;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export function secretOf(
  namespace: string,
  name: string,
  values: Readonly<Record<string, string>>,
  meta: object = {},
): KubeSecret {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)]));
  return { metadata: { name, namespace, ...meta }, data };
}

export const pairData = {
  LANGFUSE_PUBLIC_KEY: oldPair.publicKey,
  LANGFUSE_SECRET_KEY: oldPair.secretKey,
} as const;

const deploymentOf = ({ namespace, name }: Pick<Consumer, 'namespace' | 'name'>): KubeObject =>
  ({
    metadata: { name, namespace, generation: 1 },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', envFrom: [{ secretRef: { name } }] }] },
      },
    },
  }) as KubeObject;

const ttlMs = 300_000;

/** `names`: consumers `ns/name`, each with a Secret of its own name and one pod. */
export function rotationWorld(names: readonly string[] = ['litellm/proxy']): RotationWorld {
  const consumers = names.map((each): Consumer => {
    const [namespace = '', name = ''] = each.split('/');
    return { namespace, name, ...oldPair, annotations: {}, stuck: false, busy: true };
  });
  const kube = memoryKube(
    consumers.flatMap(({ namespace, name }) => [
      [resources.secrets, secretOf(namespace, name, pairData)] as const,
      [resources.deployments, deploymentOf({ namespace, name })] as const,
    ]),
  );
  let nowMs = 0;
  const cacheName = (secretKey: string): string => `api-key:${fastHash(secretKey, salt)}`;
  const world: RotationWorld = {
    kube,
    rows: new Map([['k1', oldRow()]]),
    cache: new Map(),
    journal: memoryJournal(),
    consumers,
    failed: [],
    onEffect: () => undefined,
    dead: false,
    rights: { write: true, standby: false, readonly: false },
    redisDown: false,
    onPause: () => undefined,
    /** Cache first, row second, both as Langfuse has it; a denial is kept too. */
    use: (secretKey) => {
      const name = cacheName(secretKey);
      const hash = fastHash(secretKey, salt);
      const isThere = [...world.rows.values()].some((row) => row['fast_hashed_secret_key'] === hash);
      const isCached = (world.cache.get(name) ?? 0) > nowMs;
      if (isThere || isCached) world.cache.set(name, nowMs + ttlMs);
      return isThere || isCached;
    },
    valueOf: (namespace, name, key) => {
      const found: KubeSecret | undefined = kube.objects.get(`secrets/${namespace}/${name}`);
      return Buffer.from(found?.data?.[key] ?? '', 'base64').toString('utf8');
    },
    tenancy: () => tenancyOf(world, ports),
  };
  const isKnown = (secretKey: string): boolean =>
    [...world.rows.values()].some((row) => row['fast_hashed_secret_key'] === fastHash(secretKey, salt));
  const tick = (): void => {
    // A pod may start at any moment, and takes what its Secret has then.
    for (const { namespace, name } of consumers)
      if (!isKnown(world.valueOf(namespace, name, 'LANGFUSE_SECRET_KEY')))
        world.failed.push(`a new pod of ${namespace}/${name}`);
    for (const { namespace, name, secretKey, busy } of consumers)
      if (busy && !world.use(secretKey))
        world.failed.push(`${namespace}/${name} with ${secretKey.slice(-4)}`);
  };
  const effect = async <Value>(what: string, act: () => Value | Promise<Value>): Promise<Value> => {
    if (world.dead) throw new Killed(what);
    world.onEffect(`before ${what}`);
    const value = await act();
    tick();
    world.onEffect(`after ${what}`);
    return value;
  };
  const ports = {
    kube: liveKube(world, effect),
    postgres: memoryPostgres(world, effect),
    redis: memoryRedis(world, effect, () => nowMs),
    web: (secretKey: string) => world.use(secretKey),
    journal: killableJournal(world, effect),
    clock: {
      nowMs: () => nowMs,
      pause: async (ms: number, signal: AbortSignal) => {
        if (world.dead) throw new Killed('pause');
        signal.throwIfAborted();
        nowMs += ms;
        world.onPause();
        tick();
        await Promise.resolve();
      },
    },
  };
  portsOf.set(world, ports);
  return world;
}

type Effect = <Value>(what: string, act: () => Value | Promise<Value>) => Promise<Value>;

interface WorldPorts {
  readonly kube: KubePort;
  readonly postgres: PostgresPort;
  readonly redis: RedisPort;
  readonly web: (secretKey: string) => boolean;
  readonly journal: Journal;
  readonly clock: WaitClock;
}

const portsOf = new WeakMap<RotationWorld, WorldPorts>();

export const oldRow = (): StoredKey => ({
  id: 'k1',
  created_at: '2026-01-01T00:00:00.000',
  note: 'litellm',
  public_key: oldPair.publicKey,
  hashed_secret_key: oldHashed,
  display_secret_key: 'sk-lf-...2222',
  fast_hashed_secret_key: fastHash(oldPair.secretKey, salt),
  last_used_at: null,
  expires_at: null,
  project_id: 'p1',
  organization_id: null,
  scope: 'PROJECT',
  is_in_app_agent_key: false,
  created_by_user_id: null,
});

/** Pods follow their Deployment's template and read their Secret when they start. */
function liveKube(world: RotationWorld, effect: Effect): KubePort {
  const { kube } = world;
  const podOf = ({ namespace, name, annotations }: Consumer): Pod => ({
    metadata: { name: `${name}-1`, namespace, labels: { app: name }, annotations, ownerReferences: owned },
    spec: { containers: [] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  return {
    ...kube,
    list: async (resource, options) => {
      if (resource !== resources.pods) return await kube.list(resource, options);
      const pods = world.consumers.filter(({ namespace }) => (options?.namespace ?? namespace) === namespace);
      return pods.map(podOf) as never;
    },
    create: async (...args) =>
      await effect(`create ${args[0].plural}`, async () => await kube.create(...args)),
    replace: async (...args) =>
      await effect(`put ${args[0].plural}`, async () => await kube.replace(...args)),
    remove: async (...args) =>
      await effect(`delete ${args[0].plural}`, async () => await kube.remove(...args)),
    patch: async <Kind extends KubeObject>(...args: Parameters<KubePort['patch']>) =>
      await effect(`patch ${args[0].plural}`, async () => {
        const changed = await kube.patch<Kind>(...args);
        if (args[0] === resources.deployments) rollOut(world, changed as unknown as Workload);
        return changed;
      }),
  };
}

const owned = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true }];

function rollOut(world: RotationWorld, { metadata, spec }: Workload): void {
  const consumer = world.consumers.find(
    ({ namespace, name }) => namespace === metadata.namespace && name === metadata.name,
  );
  if (consumer === undefined || consumer.stuck) return;
  const read = (key: string): string => world.valueOf(consumer.namespace, consumer.name, key);
  consumer.annotations = spec.template.metadata?.annotations ?? {};
  consumer.publicKey = read('LANGFUSE_PUBLIC_KEY');
  consumer.secretKey = read('LANGFUSE_SECRET_KEY');
}

function memoryPostgres(world: RotationWorld, effect: Effect): PostgresPort {
  const { rows } = world;
  const found = (sql: string, [value]: readonly unknown[]): unknown[] => {
    const column = /where k\.(\w+) = \$1/.exec(sql)?.[1];
    const kept = [...rows.values()].filter((row) => column === undefined || row[column] === value);
    return kept.map((stored) => ({
      stored: structuredClone(stored),
      project: 'production',
      organization_id: 'o1',
      organization: 'acme',
    }));
  };
  const answer = (sql: string, parameters: readonly unknown[]): unknown[] => {
    if (sql.includes('from api_keys k')) return found(sql, parameters);
    if (sql.includes('has_table_privilege')) return [world.rights];
    if (sql.includes('pg_attribute'))
      return Object.keys(oldRow()).map((column) => ({ table: 'api_keys', column }));
    if (sql.includes('from projects p'))
      return [{ id: 'p1', name: 'production', organization: { id: 'o1', name: 'acme' } }];
    if (sql.includes('from users')) return [{ user: false, key: false }];
    throw new Error(`no answer for ${sql}`);
  };
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      await Promise.resolve(answer(sql, parameters) as Row[]),
    change: async (statements) =>
      await effect(`change ${statements[0]?.sql.slice(0, 6) ?? ''}`, () =>
        statements.map(({ sql, parameters }) => changeRow(rows, sql, parameters)),
      ),
    lock: () => Promise.reject(new Error('no locks here')),
    close: () => Promise.resolve(),
  };
}

function changeRow(rows: Map<string, StoredKey>, sql: string, parameters: readonly unknown[]): number {
  if (/^delete/i.test(sql)) {
    const [id, publicKey, hash] = parameters;
    const row = rows.get(String(id));
    const isSame = row?.['public_key'] === publicKey && row?.['fast_hashed_secret_key'] === hash;
    if (!isSame) throw new LfctlError('POSTGRES_CHANGED', { message: 'another number of rows' });
    rows.delete(String(id));
    return 1;
  }
  const columns = [...(/\(([^)]*)\) VALUES/.exec(sql)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
    ([, name]) => name ?? '',
  );
  const row = Object.fromEntries(columns.map((column, index) => [column, parameters[index]])) as StoredKey;
  for (const { public_key: taken } of rows.values())
    if (taken === row['public_key']) throw new LfctlError('POSTGRES_FAILED', { message: 'unique' });
  rows.set(String(row['id']), row);
  return 1;
}

function memoryRedis(world: RotationWorld, effect: Effect, nowMs: () => number): RedisPort {
  const { cache } = world;
  const answer = (command: string, name: string): RedisReply => {
    if (world.redisDown) throw new LfctlError('REDIS_CLOSED', { message: 'Redis went away' });
    const left = (cache.get(name) ?? 0) - nowMs();
    if (command === 'PTTL') return left > 0 ? left : -2;
    if (command === 'GETRANGE') return left > 0 ? '{' : '';
    return cache.delete(name) ? 1 : 0;
  };
  return {
    call: async (command, name) => await effect(`redis ${command}`, () => answer(command, String(name))),
    pipeline: async (commands) =>
      await Promise.resolve(commands.map(([command, name]) => answer(command, String(name)))),
    scan: async (pattern) => {
      if (world.redisDown) throw new LfctlError('REDIS_CLOSED', { message: 'Redis went away' });
      return await Promise.resolve([...cache.keys()].filter((name) => name.endsWith(pattern.slice(1))));
    },
    info: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}

function killableJournal({ journal }: RotationWorld, effect: Effect): Journal {
  return {
    ...journal,
    append: async (run, entry) =>
      await effect(`journal ${entry.event}`, async () => await journal.append(run, entry)),
  };
}

function tenancyOf(world: RotationWorld, { kube, postgres, redis, web }: WorldPorts): Tenancy {
  const answer = (status: number): Awaited<ReturnType<LangfusePort['get']>> => ({
    status,
    ms: 1,
    keepAliveSeconds: null,
    contentType: 'application/json',
    body: '{}',
    truncated: false,
  });
  const openers = {
    openLangfuse: ({ secretKey }: { readonly secretKey?: Secret }) => ({
      getWithKeys: () => Promise.resolve(answer(web(secretKey?.reveal() ?? '') ? 200 : 401)),
      send: () => Promise.resolve(answer(401)),
      close: () => undefined,
    }),
  } as unknown as PortOpeners;
  const down = new LfctlError('REDIS_REFUSED', { message: 'Redis refused the connection' });
  return {
    settings: {} as Settings,
    opened: { access: {} } as OpenPorts,
    openers,
    deployment: null,
    version: '3.199.0',
    generation: 3,
    kube: { state: 'open', port: kube },
    postgres: { state: 'open', port: postgres },
    clickhouse: { state: 'skipped', why: 'not here' },
    cache: world.redisDown
      ? { state: 'unknown', why: down.message, error: down }
      : { state: 'open', port: { redis, prefix: '', kind: 'single' } },
    salt: new Secret(salt),
    webUrl: 'http://web',
    placeId: 'memory',
    now: () => new Date('2026-11-21T10:11:12.000Z'),
    signal: new AbortController().signal,
  };
}

const usual: RotateOptions = {
  all: false,
  consumersIn: [],
  grace: 30_000,
  maxWait: 60_000,
  keepOld: false,
  resume: false,
};

/** Runs the command's own way, in a process of its own: nothing is remembered from one call to the next. */
export async function rotate(
  world: RotationWorld,
  args: readonly string[] = [oldPair.publicKey],
  more: Partial<RotateOptions> = {},
): Promise<Applied> {
  return await (
    await planned(world, args, more)
  )();
}

/** The same in two parts: what it gives applies the plan, which may be stale by then. */
export async function planned(
  world: RotationWorld,
  args: readonly string[] = [oldPair.publicKey],
  more: Partial<RotateOptions> = {},
): Promise<() => Promise<Applied>> {
  const ports = portsOf.get(world);
  if (ports === undefined) throw new Error('no such world');
  const options = { ...usual, ...more };
  checkFlags(options, args);
  const runs = await world.journal.runs();
  const { plan, undoes, continues } = await planRequest(world.tenancy(), options, args, runs, ports.clock);
  const context = contextOf(ports.journal);
  return async () =>
    undoes === undefined
      ? await applyPlan(plan, { ...context, ...(continues === undefined ? {} : { continues }) })
      : await undoRun(plan, { ...context, continues: undoes });
}
