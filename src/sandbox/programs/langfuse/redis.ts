import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readFileSync } from 'node:fs';
import type { Redis, RedisOptions } from 'ioredis';
import type { Log } from './log.ts';
import { lookupThrough, type Resolve } from './network.ts';
import { redisErrorText } from './redis-error.ts';
import type { Release } from './release.ts';
import type { Settings } from './settings.ts';

type PlainRedisOptions = Omit<RedisOptions, 'replyMapping'>;

/** Where Redis connections belong: variables, names, clock and end. */
export interface RedisPlace {
  readonly settings: Settings;
  readonly release: Release;
  readonly resolve: Resolve;
  readonly log: Log;
  readonly timeScale: number;
  /** Aborted when the process lets go of its connections: nothing reconnects after that. */
  readonly closing: AbortSignal;
}

interface RedisTarget {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls: boolean;
}

/** Where Redis is: REDIS_CONNECTION_STRING wins over the parts; undefined when neither is set. */
export function redisTarget(settings: Settings): RedisTarget | undefined {
  const text = settings.text('REDIS_CONNECTION_STRING');
  const host = settings.text('REDIS_HOST');
  if (text === undefined && host === undefined) return undefined;
  if (text === undefined || !URL.canParse(text)) {
    return {
      host: host ?? 'localhost',
      port: settings.number('REDIS_PORT', 6379),
      tls: settings.flag('REDIS_TLS_ENABLED', false),
      ...defined({ username: settings.text('REDIS_USERNAME'), password: settings.text('REDIS_AUTH') }),
    };
  }
  const url = new URL(text);
  const db = Number(url.pathname.slice(1));
  return {
    host: url.hostname,
    port: url.port === '' ? 6379 : Number(url.port),
    tls: url.protocol === 'rediss:',
    ...(db > 0 ? { db } : {}),
    ...defined({
      username: url.username || undefined,
      password: decodeURIComponent(url.password) || undefined,
    }),
  };
}

function defined(parts: { username: string | undefined; password: string | undefined }): {
  username?: string;
  password?: string;
} {
  return {
    ...(parts.username === undefined ? {} : { username: parts.username }),
    ...(parts.password === undefined ? {} : { password: parts.password }),
  };
}

/**
 * Options as Langfuse sets them: commands wait for ever (maxRetriesPerRequest null), reconnects back off by
 * e^n ms between 1 and 20 s; the sandbox's clock shortens the upper end.
 */
export function redisOptions(place: RedisPlace): PlainRedisOptions {
  const target = redisTarget(place.settings);
  if (target === undefined) throw new Error('Redis not initialized, aborting event processing');
  const { tls, host, port, ...credentials } = target;
  const dial = (): Socket =>
    tls ? dialTls(place, host, port) : createConnection({ host, port, lookup: lookupThrough(place.resolve) });
  return {
    ...credentials,
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    protocol: 2,
    Connector: connectorFor(dial),
    retryStrategy: (times) => {
      if (place.closing.aborted) return null;
      if (times >= 5) place.log.warn(`Connection to redis lost. Retry attempt: ${times}`);
      return Math.max(Math.min(Math.exp(times), 20_000) / place.timeScale, 1000);
    },
    reconnectOnError: (error) => {
      place.log.warn(`Redis connection error: ${error.message}`);
      return error.message.includes('READONLY') ? 2 : false;
    },
  };
}

function dialTls(place: RedisPlace, host: string, port: number): Socket {
  const ca = place.settings.text('REDIS_TLS_CA_PATH');
  return connectTls({
    host,
    port,
    lookup: lookupThrough(place.resolve),
    rejectUnauthorized: place.settings.text('REDIS_TLS_REJECT_UNAUTHORIZED') !== 'false',
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
  });
}

/** ioredis asks a connector for its stream; ours dials through the cluster's resolver. */
function connectorFor(dial: () => Socket): NonNullable<RedisOptions['Connector']> {
  // State over time is ioredis' contract: `connect` makes the stream, `disconnect` ends it.
  class ResolvingConnector {
    firstError?: Error;
    connecting = false;
    stream: Socket | undefined;

    check(): boolean {
      return true;
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      const stream = dial();
      stream.once('error', (error) => (this.firstError = error));
      this.stream = stream;
      return stream;
    }

    disconnect(): void {
      this.connecting = false;
      this.stream?.destroy();
    }
  }
  return ResolvingConnector as unknown as NonNullable<RedisOptions['Connector']>;
}

/** The client for caches; undefined without REDIS_* variables. Keys get REDIS_KEY_PREFIX in front, which 2 knows not. */
export async function openRedis(place: RedisPlace): Promise<Redis | undefined> {
  if (redisTarget(place.settings) === undefined) return undefined;
  const { default: Redis } = await import('ioredis');
  const keyPrefix = place.release.generation === 2 ? undefined : place.settings.text('REDIS_KEY_PREFIX');
  const redis = new Redis({ ...redisOptions(place), ...(keyPrefix === undefined ? {} : { keyPrefix }) });
  redis.on('error', (error: Error) => place.log.error(redisErrorText(place.release, error), error));
  return redis;
}
