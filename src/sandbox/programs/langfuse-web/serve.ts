import { once } from 'node:events';
import type { Server } from 'node:http';
import { messageOf, type Log } from '../langfuse/log.ts';
import { PrepareError } from './prepare.ts';
import type { Served } from './server.ts';

/** How long web goes on serving after SIGTERM (web/src/utils/shutdown.ts), before the sandbox's clock. */
const drainMs = 110_000;

/** Starts after the banner; a failure is logged in Next's words and kept for the requests. */
export function startPreparing(
  log: Log,
  prepare: () => Promise<void>,
  rejection = '⨯ unhandledRejection: ',
): Promise<void> {
  const prepared = new Promise<void>((go) => setImmediate(go)).then(prepare);
  prepared.catch((error: unknown) => {
    const block = error instanceof PrepareError ? error.message : messageOf(error);
    log.plain(`Failed to prepare server ${block}`);
    log.plain(block);
    log.plain(`${rejection} ${block}`);
  });
  return prepared;
}

/** Listens on the pod's address and prints Next's banner. */
export async function listen(web: Served, server: Server): Promise<void> {
  const port = web.settings.number('PORT', 3000);
  const hostname = web.settings.text('HOSTNAME') ?? '0.0.0.0';
  server.listen(port, web.host.address);
  await once(server, 'listening');
  web.log.plain(`▲ Next.js ${web.release.next}`);
  web.log.plain(`- Local:         http://${hostname === '0.0.0.0' ? 'localhost' : hostname}:${port}`);
  web.log.plain(`- Network:       http://${hostname}:${port}`);
  web.log.plain('✓ Ready in 0ms');
  if (web.release.generation >= 4) web.log.plain('✓ Running next.config took 3ms');
}

/** What a generation says at its end. */
export interface DrainWords {
  readonly begun: (log: Log, seconds: number) => void;
  readonly done: (log: Log) => void;
}

const drainWords: DrainWords = {
  begun: (log, seconds) => log.info(`SIGTERM / SIGINT received, shutting down in ${seconds} seconds`),
  done: (log) => log.info('Shutdown complete'),
};

/** Serves on after SIGTERM until nothing more is under way and the drain is over. */
export async function drained({ host, log }: Served, server: Server, words = drainWords): Promise<void> {
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  words.begun(log, drainMs / 1000);
  await new Promise((wake) => setTimeout(wake, drainMs / host.timeScale));
  server.close();
  server.closeAllConnections();
  words.done(log);
}
