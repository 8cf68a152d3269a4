import type { ProgramHost } from '../../program.ts';
import { drained, listen, startPreparing, type DrainWords } from '../langfuse-web/serve.ts';
import { makeServer } from '../langfuse-web/server.ts';
import { placeOf } from '../langfuse/connections.ts';
import { databaseUrl } from '../langfuse/database-url.ts';
import { openPostgres } from '../langfuse/postgres.ts';
import { openRedis } from '../langfuse/redis.ts';
import { releaseOf } from '../langfuse/release.ts';
import { openExports, openMedia } from './buckets.ts';
import { runEntrypoint2 } from './entrypoint.ts';
import { failed } from './failed.ts';
import { keyHabits } from './keys.ts';
import { prepare } from './prepare.ts';
import { routes } from './routes.ts';
import type { Web2 } from './web.ts';

/** The langfuse/langfuse:2 image: entrypoint, then server. */
export async function langfuseWeb2(host: ProgramHost): Promise<number> {
  return (await runEntrypoint2(host)) ? await langfuseWeb2Server(host) : 1;
}

/** The server alone, as `node ./web/server.js` past the entrypoint. */
export async function langfuseWeb2Server(host: ProgramHost): Promise<number> {
  const closing = new AbortController();
  const web = await openWeb(host, closing.signal);
  const prepared = startPreparing(web.log, async () => await prepare(web));
  const server = makeServer({ owner: web, routes, failed }, prepared);
  try {
    await listen(web, server);
    await drained(web, server, drainWords(web));
    return 0;
  } finally {
    closing.abort();
    await close(web);
  }
}

/**
 * Its words at the end (web/src/utils/shutdown.ts at v2.95.12). Without Redis the real one does not end by itself
 * after them but waits to be killed; the stand-in ends.
 */
function drainWords({ redis }: Web2): DrainWords {
  return {
    begun: (log, seconds) => {
      log.plain(`SIGTERM / SIGINT received. Shutting down in ${seconds} seconds.`);
      log.plain('Set sigterm received to true');
    },
    done: (log) => {
      log.info(`Redis status ${redis?.status}`);
      if (redis === undefined) return;
      log.info('Prisma connection has been closed.');
      log.info('Shutdown complete');
    },
  };
}

async function openWeb(host: ProgramHost, closing: AbortSignal): Promise<Web2> {
  const place = placeOf(host, closing);
  const { settings, log, resolve } = place;
  return {
    host,
    settings,
    log,
    keyHabits,
    release: releaseOf(host.imageTag),
    postgres: openPostgres(databaseUrl(settings) ?? '', resolve),
    redis: await openRedis(place),
    media: openMedia(place),
    exports: openExports(place),
  };
}

async function close({ media, exports, redis, postgres }: Web2): Promise<void> {
  media?.close();
  exports?.close();
  redis?.disconnect();
  await postgres.close();
}
