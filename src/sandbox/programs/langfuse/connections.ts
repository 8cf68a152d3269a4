import type { Redis } from 'ioredis';
import type { ProgramHost } from '../../program.ts';
import { openClickHouse, type ClickHouse } from './clickhouse.ts';
import { databaseUrl } from './database-url.ts';
import { makeLog, type Log } from './log.ts';
import { openObjects, type Objects } from './objects.ts';
import { openPostgres, type Postgres } from './postgres.ts';
import { openQueues, type Queues } from './queues.ts';
import { openRedis, type RedisPlace } from './redis.ts';
import { releaseOf, type Release } from './release.ts';
import { settingsFrom, type Settings } from './settings.ts';

/** What web and worker both have: their settings, their log and their connections. */
export interface Connections {
  readonly host: ProgramHost;
  readonly settings: Settings;
  readonly release: Release;
  readonly log: Log;
  readonly postgres: Postgres;
  readonly clickhouse: ClickHouse;
  readonly objects: Objects;
  readonly queues: Queues;
  /** Undefined when no REDIS_* variable is set. */
  readonly redis: Redis | undefined;
  /** Ends all reconnecting. */
  readonly closing: AbortController;
}

/** Where the program's Redis connections belong: its variables, names and clock. */
export function placeOf(host: ProgramHost, closing: AbortSignal): RedisPlace {
  const settings = settingsFrom(host.env);
  const log = makeLog(host.print, settings.text('LANGFUSE_LOG_LEVEL'));
  const release = releaseOf(host.imageTag);
  return { settings, release, log, resolve: host.resolve, timeScale: host.timeScale, closing };
}

/** Opens what the variables name. Nothing is reached yet but Redis: the others connect when they are asked. */
export async function openConnections(
  host: ProgramHost,
  place: RedisPlace,
  closing: AbortController,
): Promise<Connections> {
  const { settings, release, log, resolve } = place;
  return {
    host,
    closing,
    settings,
    log,
    release,
    postgres: openPostgres(databaseUrl(settings) ?? '', resolve),
    clickhouse: openClickHouse(settings, resolve, log),
    objects: openObjects(settings, 'EVENT_UPLOAD', resolve, log),
    queues: openQueues(place),
    redis: await openRedis(place),
  };
}

/** Stops reconnecting and closes all of it. */
export async function closeConnections(open: Connections): Promise<void> {
  open.closing.abort();
  await open.queues.close();
  open.redis?.disconnect();
  open.objects.close();
  open.clickhouse.close();
  await open.postgres.close();
}
