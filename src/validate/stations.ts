import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import { parseRedisUrl } from '../deployment/targets/redis.ts';
import { parseS3Url } from '../deployment/targets/objects.ts';
import { withKey } from '../doctor/facts/objects/_bucket.ts';
import { Skipped } from '../doctor/fact.ts';
import { noTarget } from '../doctor/no-target.ts';
import { queueNamesOf } from '../doctor/queues.ts';
import type { OpenPorts } from '../doctor/ports.ts';
import { LfctlError } from '../errors/error.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { ObjectsPort, ObjectsTarget } from '../ports/objects.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { RedisPort, RedisTarget } from '../ports/redis.ts';
import type { MediaStore } from './clean/media.ts';
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
  /** The bucket for media; every generation may have one. */
  readonly media: Station<MediaStore>;
}

const noSuchHop = { state: 'skipped', detail: 'Langfuse 2 writes to Postgres at once', none: true } as const;

/** Opens what this generation has, all at once. */
export async function openStations(
  opened: OpenPorts,
  settings: Settings,
  deployment: Deployment | null,
  era: Era,
): Promise<Stations> {
  const queued = era.generation !== 2;
  const [postgres, clickhouse, redis, objects, media] = await Promise.all([
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
    openStation(async () => await mediaStore(opened, deployment)),
  ]);
  return { postgres, clickhouse, redis, objects, media };
}

/** @throws Skipped where none is configured; LfctlError where lfctl has no key for it */
async function mediaStore(opened: OpenPorts, deployment: Deployment | null): Promise<MediaStore> {
  if (deployment === null) throw new Skipped('no cluster is configured');
  const store = deployment.stores.mediaBucket;
  if (store === null) throw new Skipped('not configured: the bucket for media');
  if (store.target === null) throw noTarget(store, 'the bucket for media');
  const target = withKey(store.target);
  return { objects: await opened.ports.openObjects(target, opened.access), bucket: target.bucket };
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

/** What `withPorts` does not know of: each client of the object store is opened anew. */
export function closeStations({ objects, media }: Stations): void {
  if (objects.state === 'open') objects.port.objects.close();
  if (media.state === 'open') media.port.objects.close();
}
