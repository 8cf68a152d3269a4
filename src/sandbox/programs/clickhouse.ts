import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { LfctlError } from '../../errors/error.ts';
import type { Program, ProgramHost } from '../program.ts';
import { findClickHouse, openEngine, type Engine } from './clickhouse/engine.ts';
import { readImageEnv } from './clickhouse/image-env.ts';
import { createClickHouseServer } from './clickhouse/server.ts';
import { openSessions } from './clickhouse/sessions.ts';
import { hostPath } from './installed.ts';

const httpPort = 8123;

/** How long running queries may still take after SIGTERM: ClickHouse's shutdown_wait_unfinished. */
const drainMs = 5000;

/** Idle time after which the engine's freed memory goes back to the system (200 MB after a large insert). */
const purgeAfterMs = 500;

/** The real ClickHouse engine behind ClickHouse's HTTP interface, as the official image starts it. */
export const clickhouseProgram: Program = createClickHouseProgram([]);

/** @param folders where `chdb` may be installed, besides the node_modules near lfctl */
export function createClickHouseProgram(folders: readonly string[]): Program {
  return async (host) => {
    const packageFolder = await findClickHouse(folders);
    const image = readImageEnv(host.env, host.mounts);
    const spoolFolder = join(host.folder, 'tmp', 'clickhouse');
    await rm(spoolFolder, { recursive: true, force: true });
    await mkdir(spoolFolder, { recursive: true });
    const engine = await openEngine({
      packageFolder,
      dataFolder: hostPath(host, image.dataPath),
      configFolder: join(host.folder, 'etc', 'clickhouse-server'),
      timezone: image.timezone,
    });
    if (image.database !== null) createDatabase(engine, image.database);
    const purge = purger(engine);
    const sessions = openSessions(engine);
    const http = createClickHouseServer({
      sessions,
      image,
      identity: { version: engine.version, displayName: host.pod.name, timezone: image.timezone },
      spoolFolder,
      logError: (queryId, line) => host.print(logLine('Error', 'DynamicQueryHandler', line, queryId)),
      afterRequest: purge.soon,
    });
    await listen(http, host);
    await untilStopped(http, host);
    purge.stop();
    sessions.close();
    await engine.close(drainMs / host.timeScale);
    return 0;
  };
}

function createDatabase(engine: Engine, name: string): void {
  const session = engine.open();
  try {
    session.query(`CREATE DATABASE IF NOT EXISTS \`${name.replaceAll('`', '\\`')}\``);
  } finally {
    session.close();
  }
}

async function listen(http: Server, host: ProgramHost): Promise<void> {
  http.listen({ port: httpPort, host: host.address, backlog: 4096 });
  try {
    await once(http, 'listening');
  } catch (cause) {
    throw new LfctlError('SANDBOX_PORT', {
      message: `ClickHouse cannot listen on ${host.address}:${httpPort}.`,
      cause,
    });
  }
  host.print(logLine('Information', 'Application', `Listening for http://${host.address}:${httpPort}`));
  host.print(logLine('Information', 'Application', 'Ready for connections.'));
}

async function untilStopped(http: Server, host: ProgramHost): Promise<void> {
  if (!host.stopping.aborted) await once(host.stopping, 'abort');
  host.print(logLine('Information', 'Application', 'Received termination signal (Terminated)'));
  const closed = once(http, 'close');
  http.close();
  http.closeIdleConnections();
  const cut = setTimeout(() => http.closeAllConnections(), drainMs / host.timeScale);
  await closed;
  clearTimeout(cut);
}

/** Collects the engine's free pages some time after the last request. */
function purger(engine: Engine): { readonly soon: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const purge = (): void => {
    const session = engine.open();
    void session
      .queryAsync('SYSTEM JEMALLOC PURGE', { format: 'Null' })
      .catch(() => undefined)
      .finally(() => session.close());
  };
  return {
    soon: () => {
      clearTimeout(timer);
      timer = setTimeout(purge, purgeAfterMs).unref();
    },
    stop: () => clearTimeout(timer),
  };
}

/** A line as the server's console log has it; the time is UTC. */
function logLine(level: 'Information' | 'Error', logger: string, text: string, queryId = ''): string {
  const time = new Date().toISOString().replaceAll('-', '.').replace('T', ' ').replace('Z', '000');
  return `${time} [ 1 ] {${queryId}} <${level}> ${logger}: ${text}`;
}
