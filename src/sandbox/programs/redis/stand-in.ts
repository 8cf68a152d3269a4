import { once } from 'node:events';
import type { Server } from 'node:net';
import type { ProgramHost } from '../../program.ts';
import { readLog, startLog } from './append-log.ts';
import type { AppendLog } from './append-log.ts';
import type { Directives } from './directives.ts';
import { Engine } from './engine.ts';
import { createScriptRunner } from './lua/runner.ts';
import { silent } from './reply.ts';
import { createRedisServer } from './server.ts';
import { newSession } from './session.ts';
import { settingsFrom } from './settings.ts';
import { redisVersion } from './version.ts';

const port = 6379;
/** Redis looks for expired keys ten times a second. */
const expiryIntervalMs = 100;

/** Runs our own Redis server on the pod's address until it is told to stop. */
export async function runStandIn(host: ProgramHost, directives: Directives, folder: string): Promise<number> {
  const stop = new AbortController();
  host.stopping.addEventListener('abort', () => stop.abort(), { once: true });
  const print = (mark: string, line: string): void => host.print(`1:M ${stamp()} ${mark} ${line}`);
  print('#', `Redis version=${redisVersion}, bits=64, commit=00000000, modified=0, pid=1, just started`);
  const engine = await loadEngine(directives, folder, () => stop.abort());
  const server = createRedisServer(engine);
  const expiry = setInterval(() => {
    for (const database of engine.databases) database.expire();
    engine.waiting.serve();
  }, expiryIntervalMs);
  try {
    server.listen(port, host.address);
    await once(server, 'listening');
    print('*', 'Ready to accept connections');
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    print('#', 'User requested shutdown...');
    await closeServer(server, engine);
    print('#', 'Redis is now ready to exit, bye bye...');
    return 0;
  } finally {
    clearInterval(expiry);
    engine.options.log?.close();
  }
}

/** The engine with what earlier runs left. Nothing is kept where both appendonly and save are off. */
async function loadEngine(directives: Directives, folder: string, shutdown: () => void): Promise<Engine> {
  const settings = settingsFrom(directives);
  const keeps = settings.get('appendonly') === 'yes' || settings.get('save') !== '';
  let log: AppendLog | null = null;
  const engine = new Engine({
    settings,
    clock: () => new Date().getTime(),
    get log() {
      return log;
    },
    runScript: await createScriptRunner(),
    port,
    shutdown,
  });
  if (!keeps) return engine;
  await replayLog(engine, folder);
  log = startLog(folder, engine.databases);
  return engine;
}

async function replayLog(engine: Engine, folder: string): Promise<void> {
  for (const database of engine.databases) database.loading = true;
  const nobody = newSession(
    { id: 0, address: '', localAddress: '', createdMs: 0, send: () => undefined, close: () => undefined },
    true,
  );
  for await (const { database, words } of readLog(folder)) engine.replay(database, words, nobody);
  for (const database of engine.databases) database.loading = false;
}

async function closeServer(server: Server, engine: Engine): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const session of engine.sessions.values()) {
    session.send(silent);
    session.close();
  }
  await closed;
}

function stamp(): string {
  const now = new Date();
  const month = now.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const day = String(now.getUTCDate()).padStart(2, '0');
  return `${day} ${month} ${now.getUTCFullYear()} ${now.toISOString().slice(11, 23)}`;
}
