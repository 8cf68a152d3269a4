import type { BucketStore, Component, Generation, Placement, ResolvedEnv, Store, Stores } from '../model.ts';
import { envText, envUnknown, forbiddenAmong } from '../resolve-env.ts';
import { clickHouseFromEnv } from '../targets/clickhouse.ts';
import type { BucketUse } from '../targets/objects.ts';
import { bucketVariable, objectsFromEnv, objectsProvider } from '../targets/objects.ts';
import type { Parsed } from '../targets/postgres.ts';
import { databaseUrl, parsePostgresUrl } from '../targets/postgres.ts';
import { redisFromEnv } from '../targets/redis.ts';
import type { Inventory } from './inventory.ts';
import { placeHost } from './placement.ts';

const nowhere: Placement = { kind: 'unknown', why: 'no address' };

/** Stores as web's variables name them; the worker's are compared by a check of their own. */
export async function deriveStores(
  inventory: Inventory,
  component: Component,
  generation: Generation | null,
): Promise<Stores> {
  const { env } = component;
  const { namespace } = component.workload;
  const place = (host: string): Promise<Placement> => placeHost(inventory, host, namespace);
  const bucket = (use: BucketUse): Promise<BucketStore> => bucketStore(env, use, generation, place);
  const [postgres, postgresDirect, clickhouse, redis, eventBucket, mediaBucket, exportBucket] =
    await Promise.all([
      postgresStore(env, place),
      directStore(env, place),
      storeOr(env, clickHouseFromEnv(env), clickHouseNames, (t) => place(hostOf(t.url))),
      storeOr(env, redisFromEnv(env), redisNames(env), (t) => place(t.nodes[0]?.host ?? '')),
      bucket('EVENT_UPLOAD'),
      bucket('MEDIA_UPLOAD'),
      bucket('BATCH_EXPORT'),
    ]);
  return {
    postgres,
    postgresDirect,
    clickhouse,
    redis,
    eventBucket,
    mediaBucket: isOff(mediaBucket) ? null : mediaBucket,
    exportBucket: isOff(exportBucket) ? null : exportBucket,
  };
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

const isOff = (store: BucketStore): boolean => store.why === 'not configured';

const clickHouseNames = ['CLICKHOUSE_URL', 'CLICKHOUSE_USER', 'CLICKHOUSE_PASSWORD', 'CLICKHOUSE_DB'];
const databaseNames = [
  'DATABASE_URL',
  'DATABASE_HOST',
  'DATABASE_USERNAME',
  'DATABASE_PASSWORD',
  'DATABASE_NAME',
];

/** Names in the order in which Langfuse prefers them; those of a way that is not taken are left out. */
function redisNames(env: ResolvedEnv): readonly string[] {
  const login = ['REDIS_USERNAME', 'REDIS_AUTH'];
  if (envText(env, 'REDIS_CLUSTER_ENABLED') === 'true')
    return ['REDIS_CLUSTER_NODES', 'REDIS_CLUSTER_ENABLED', ...login];
  if (envText(env, 'REDIS_SENTINEL_ENABLED') === 'true') {
    const own = ['NODES', 'ENABLED', 'MASTER_NAME', 'USERNAME', 'PASSWORD'];
    return [...own.map((name) => `REDIS_SENTINEL_${name}`), ...login];
  }
  return envText(env, 'REDIS_CONNECTION_STRING') === null
    ? ['REDIS_HOST', 'REDIS_CONNECTION_STRING', 'REDIS_PORT', ...login]
    : ['REDIS_CONNECTION_STRING'];
}

type Place = (host: string) => Promise<Placement>;

async function postgresStore(env: ResolvedEnv, place: Place): Promise<Stores['postgres']> {
  const url = databaseUrl(env);
  const parsed = url === null ? null : parsePostgresUrl(url.url);
  const found = await storeOr(env, parsed, url?.variables ?? databaseNames, (t) => place(t.host));
  if (parsed?.target === null) return { ...found, why: `${found.variables[0] ?? ''}: ${parsed.why}` };
  const host = url === null ? envText(env, 'DATABASE_HOST') : null;
  return host === null ? found : { ...found, placement: await place(host.replace(/:\d+$/, '')) };
}

async function directStore(env: ResolvedEnv, place: Place): Promise<Stores['postgresDirect']> {
  const url = envText(env, 'DIRECT_URL');
  if (url !== null) return await store(parsePostgresUrl(url), ['DIRECT_URL'], (t) => place(t.host));
  const why = forbiddenAmong(env, ['DIRECT_URL']);
  return why === null ? null : { target: null, why, placement: nowhere, variables: ['DIRECT_URL'] };
}

const bucketSettings = [
  'BUCKET',
  'ENABLED',
  'ENDPOINT',
  'REGION',
  'FORCE_PATH_STYLE',
  'ACCESS_KEY_ID',
  'SECRET_ACCESS_KEY',
] as const;

async function bucketStore(
  env: ResolvedEnv,
  use: BucketUse,
  generation: Generation | null,
  place: Place,
): Promise<BucketStore> {
  const names = bucketSettings.flatMap((setting) => bucketVariable(use, generation, setting) ?? []);
  const parsed = objectsFromEnv(env, use, generation);
  const endpoint = envText(env, bucketVariable(use, generation, 'ENDPOINT') ?? '');
  const placement = async (): Promise<Placement> =>
    endpoint === null || !URL.canParse(endpoint) ? { kind: 'external' } : await place(hostOf(endpoint));
  const found = await storeOr(env, parsed, names, placement);
  const provider = objectsProvider(env);
  // Whose target is null for its kind has an address all the same.
  const other = provider !== 's3' && parsed !== null;
  return { ...found, provider, ...(other ? { placement: await placement() } : {}) };
}

/** A part that may not be read leaves the target unknown: a login without it would be refused for the wrong reason. */
async function storeOr<Target>(
  env: ResolvedEnv,
  parsed: Parsed<Target> | null,
  names: readonly string[],
  placeTarget: (target: Target) => Promise<Placement>,
): Promise<Store<Target>> {
  const variables = names.filter((name) => env.variables.has(name));
  const hidden = forbiddenAmong(env, names);
  if (parsed?.target != null && hidden !== null)
    return { target: null, why: hidden, placement: await placeTarget(parsed.target), variables };
  if (parsed !== null) return await store(parsed, variables, placeTarget);
  const [leading = ''] = names;
  const why = hidden ?? envUnknown(env, leading) ?? 'not configured';
  return { target: null, why, placement: nowhere, variables };
}

async function store<Target>(
  parsed: Parsed<Target>,
  variables: readonly string[],
  placeTarget: (target: Target) => Promise<Placement>,
): Promise<Store<Target>> {
  if (parsed.target === null) return { target: null, why: parsed.why, placement: nowhere, variables };
  return { target: parsed.target, why: null, placement: await placeTarget(parsed.target), variables };
}
