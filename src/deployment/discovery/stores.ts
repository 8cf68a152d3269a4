import type { Component, Placement, ResolvedEnv, Store, Stores } from '../model.ts';
import { envText, envUnknown, forbiddenAmong } from '../resolve-env.ts';
import { clickHouseFromEnv } from '../targets/clickhouse.ts';
import type { BucketUse } from '../targets/objects.ts';
import { objectsFromEnv } from '../targets/objects.ts';
import type { Parsed } from '../targets/postgres.ts';
import { databaseUrl, parsePostgresUrl } from '../targets/postgres.ts';
import { redisFromEnv } from '../targets/redis.ts';
import type { Inventory } from './inventory.ts';
import { placeHost } from './placement.ts';

const nowhere: Placement = { kind: 'unknown', why: 'no address' };

/** Stores as web's variables name them; the worker's are compared by a check of their own. */
export async function deriveStores(inventory: Inventory, component: Component): Promise<Stores> {
  const { env } = component;
  const { namespace } = component.workload;
  const place = (host: string): Promise<Placement> => placeHost(inventory, host, namespace);
  const exportBucket = objectsFromEnv(env, 'BATCH_EXPORT');
  const mediaBucket = objectsFromEnv(env, 'MEDIA_UPLOAD');
  return {
    postgres: await postgresStore(env, place),
    postgresDirect: await directStore(env, place),
    clickhouse: await storeOr(env, clickHouseFromEnv(env), clickHouseNames, (t) =>
      place(new URL(t.url).hostname.replace(/^\[|\]$/g, '')),
    ),
    redis: await storeOr(env, redisFromEnv(env), redisNames, (t) => place(t.nodes[0]?.host ?? '')),
    eventBucket: await bucket(env, 'EVENT_UPLOAD', place),
    mediaBucket: mediaBucket === null ? null : await bucket(env, 'MEDIA_UPLOAD', place),
    exportBucket: exportBucket === null ? null : await bucket(env, 'BATCH_EXPORT', place),
  };
}

const clickHouseNames = ['CLICKHOUSE_URL', 'CLICKHOUSE_USER', 'CLICKHOUSE_PASSWORD', 'CLICKHOUSE_DB'];
const redisNames = ['REDIS_HOST', 'REDIS_CONNECTION_STRING', 'REDIS_PORT', 'REDIS_AUTH'];
const databaseNames = [
  'DATABASE_URL',
  'DATABASE_HOST',
  'DATABASE_USERNAME',
  'DATABASE_PASSWORD',
  'DATABASE_NAME',
];

type Place = (host: string) => Promise<Placement>;

async function postgresStore(env: ResolvedEnv, place: Place): Promise<Stores['postgres']> {
  const url = databaseUrl(env);
  const parsed = url === null ? null : parsePostgresUrl(url.url);
  const found = await storeOr(env, parsed, url?.variables ?? databaseNames, (t) => place(t.host));
  if (parsed?.target === null) return { ...found, why: `DATABASE_URL: ${parsed.why}` };
  const host = url === null ? envText(env, 'DATABASE_HOST') : null;
  return host === null ? found : { ...found, placement: await place(host.replace(/:\d+$/, '')) };
}

async function directStore(env: ResolvedEnv, place: Place): Promise<Stores['postgresDirect']> {
  const url = envText(env, 'DIRECT_URL');
  if (url !== null) return await store(parsePostgresUrl(url), ['DIRECT_URL'], (t) => place(t.host));
  const why = forbiddenAmong(env, ['DIRECT_URL']);
  return why === null ? null : { target: null, why, placement: nowhere, variables: ['DIRECT_URL'] };
}

async function bucket(env: ResolvedEnv, use: BucketUse, place: Place): Promise<Stores['eventBucket']> {
  const names = ['BUCKET', 'ENDPOINT', 'REGION', 'FORCE_PATH_STYLE', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'];
  return await storeOr(
    env,
    objectsFromEnv(env, use),
    names.map((name) => `LANGFUSE_S3_${use}_${name}`),
    async (target) =>
      target.endpoint === null
        ? { kind: 'external' }
        : await place(new URL(target.endpoint).hostname.replace(/^\[|\]$/g, '')),
  );
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
