import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Program, ProgramHost } from '../../program.ts';
import { openClickHouse } from '../langfuse/clickhouse.ts';
import { closeConnections, openConnections, placeOf } from '../langfuse/connections.ts';
import { makeLog, messageOf } from '../langfuse/log.ts';
import { openObjects } from '../langfuse/objects.ts';
import { settingsFrom } from '../langfuse/settings.ts';
import { runEntrypoint } from './entrypoint.ts';
import { prepare, PrepareError } from './prepare.ts';
import { makeServer } from './server.ts';
import type { Web } from './web.ts';

/** How long web goes on serving after SIGTERM (web/src/utils/shutdown.ts), before the sandbox's clock. */
const drainMs = 110_000;

/** The langfuse/langfuse image: entrypoint, then server. */
export const langfuseWebProgram: Program = async (host) => {
  const settings = settingsFrom(host.env);
  const log = makeLog(host.print, settings.text('LANGFUSE_LOG_LEVEL'));
  const migrated = await runEntrypoint(host, settings, () => openClickHouse(settings, host.resolve, log));
  return migrated ? await langfuseWebServer(host) : 1;
};

/** The server alone, as `node ./web/server.js` past the entrypoint. */
export const langfuseWebServer: Program = async (host) => {
  const web = await openWeb(host);
  const prepared = startPreparing(web);
  const server = makeServer(web, prepared);
  try {
    await listen(host, web, server);
    await drained(host, web, server);
    return 0;
  } finally {
    await close(web);
  }
};

async function openWeb(host: ProgramHost): Promise<Web> {
  const closing = new AbortController();
  const place = placeOf(host, closing.signal);
  const media = openObjects(place.settings, 'MEDIA_UPLOAD', place.resolve, place.log);
  return { ...(await openConnections(host, place, closing)), media };
}

/** Starts after the banner; a failure is logged as the captures show it and kept for the requests. */
function startPreparing(web: Web): Promise<void> {
  const prepared = new Promise<void>((go) => setImmediate(go)).then(async () => await prepare(web));
  prepared.catch((error: unknown) => {
    const block = error instanceof PrepareError ? error.message : messageOf(error);
    web.log.plain(`Failed to prepare server ${block}`);
    web.log.plain(block);
    web.log.plain(`⨯ unhandledRejection:  ${block}`);
  });
  return prepared;
}

async function listen(host: ProgramHost, web: Web, server: Server): Promise<void> {
  const port = web.settings.number('PORT', 3000);
  const hostname = web.settings.text('HOSTNAME') ?? '0.0.0.0';
  server.listen(port, host.address);
  await once(server, 'listening');
  web.log.plain(`▲ Next.js ${web.release.next}`);
  web.log.plain(`- Local:         http://${hostname === '0.0.0.0' ? 'localhost' : hostname}:${port}`);
  web.log.plain(`- Network:       http://${hostname}:${port}`);
  web.log.plain('✓ Ready in 0ms');
}

/** Serves on after SIGTERM until nothing more is under way and the drain is over. */
async function drained(host: ProgramHost, web: Web, server: Server): Promise<void> {
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  web.log.info(`SIGTERM / SIGINT received, shutting down in ${drainMs / 1000} seconds`);
  await new Promise((wake) => setTimeout(wake, drainMs / host.timeScale));
  server.close();
  server.closeAllConnections();
  web.log.info('Shutdown complete');
}

async function close(web: Web): Promise<void> {
  web.media.close();
  await closeConnections(web);
}
