import type { Program, ProgramHost } from '../../program.ts';
import { openClickHouse } from '../langfuse/clickhouse.ts';
import { closeConnections, openConnections, placeOf } from '../langfuse/connections.ts';
import { makeLog } from '../langfuse/log.ts';
import { openObjects } from '../langfuse/objects.ts';
import { settingsFrom } from '../langfuse/settings.ts';
import { migrationFlags } from '../langfuse/write-mode.ts';
import { runEntrypoint } from './entrypoint.ts';
import { failed } from './failed.ts';
import { prepare } from './prepare.ts';
import { routesOf } from './routes.ts';
import { drained, listen, startPreparing } from './serve.ts';
import { makeServer } from './server.ts';
import type { Web } from './web.ts';

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
  // Next.js 16.3 has one space less.
  const rejection = web.release.generation >= 4 ? '⨯ unhandledRejection:' : undefined;
  const prepared = startPreparing(web.log, async () => await prepare(web), rejection);
  const server = makeServer({ owner: web, routes: routesOf(web), failed }, prepared);
  try {
    await listen(web, server);
    await drained(web, server);
    return 0;
  } finally {
    await close(web);
  }
};

async function openWeb(host: ProgramHost): Promise<Web> {
  const closing = new AbortController();
  const place = placeOf(host, closing.signal);
  const media = openObjects(place.settings, 'MEDIA_UPLOAD', place.resolve, place.log);
  const flags = migrationFlags(place.settings, place.release);
  return { ...(await openConnections(host, place, closing)), media, flags };
}

async function close(web: Web): Promise<void> {
  web.media.close();
  await closeConnections(web);
}
