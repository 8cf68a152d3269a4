import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import { parseRedisUrl } from '../deployment/targets/redis.ts';
import { parseS3Url } from '../deployment/targets/objects.ts';
import { withKey } from '../doctor/facts/objects/_bucket.ts';
import { noTarget } from '../doctor/no-target.ts';
import { queueNamesOf } from '../doctor/queues.ts';
import type { OpenPorts } from '../doctor/ports.ts';
import { LfctlError } from '../errors/error.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { ObjectsPort, ObjectsTarget } from '../ports/objects.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { RedisPort, RedisTarget } from '../ports/redis.ts';
import type { Era } from './session.ts';
import { openStation, type Station } from './station.ts';

/** Redis, with what names the queues in it. */
export interface QueueStore {
  readonly redis: RedisPort;
  readonly target: Pick<RedisTarget, 'kind' | 'keyPrefix'> | null;
  /** The queues that carry traces, each shard by its name. */
  readonly queues: readonly string[];
}

/** The stores of a deployment as hops and brooms look into them. */
export interface Stations {
  readonly postgres: Station<PostgresPort>;
  readonly clickhouse: Station<ClickHousePort>;
  readonly redis: Station<QueueStore>;
  readonly objects: Station<{ readonly objects: ObjectsPort; readonly prefix: string }>;
}

const noSuchHop = { state: 'skipped', detail: 'Langfuse 2 writes to Postgres at once' } as const;

/** Opens what this generation has, all at once. */
export async function openStations(
  opened: OpenPorts,
  settings: Settings,
  deployment: Deployment | null,
  era: Era,
): Promise<Stations> {
  const queued = era.generation !== 2;
  const [postgres, clickhouse, redis, objects] = await Promise.all([
    openStation(opened.ports.postgres),
    queued ? openStation(opened.ports.clickhouse) : noSuchHop,
    queued
      ? openStation(async () => ({
          redis: await opened.ports.redis(),
          target: redisTarget(settings, deployment),
          queues: queueNamesOf(deployment),
        }))
      : noSuchHop,
    queued
      ? openStation(async () => {
          const target = await eventBucket(settings, opened);
          return { objects: await opened.ports.openObjects(target, opened.access), prefix: target.prefix };
        })
      : noSuchHop,
  ]);
  return { postgres, clickhouse, redis, objects };
}

function redisTarget(settings: Settings, deployment: Deployment | null): RedisTarget | null {
  const given = settings.stores.redisUrl;
  return given === null
    ? (deployment?.stores.redis.target ?? null)
    : parseRedisUrl(given.value.reveal()).target;
}

/** @throws Skipped where none is configured; LfctlError where it cannot be known, as with a cluster that cannot be read */
async function eventBucket(settings: Settings, opened: OpenPorts): Promise<ObjectsTarget> {
  const given = settings.stores.s3Url;
  if (given !== null) {
    const { target, why } = parseS3Url(given.value.reveal());
    if (target !== null) return target;
    throw new LfctlError('CONFIG_INVALID', { message: `${given.origin}: ${why ?? 'it does not parse'}` });
  }
  const store = (await opened.deployment()).stores.eventBucket;
  if (store.target === null) throw noTarget(store, 'the event bucket');
  return withKey(store.target);
}
