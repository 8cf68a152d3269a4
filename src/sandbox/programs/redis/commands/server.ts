import { infoText } from '../info.ts';
import { ok, RedisError, silent, status } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { changeSetting } from '../settings.ts';
import { at, integer, pairs, reads, writes } from './command.ts';
import type { Call, CommandDefinition, CommandTable } from './command.ts';
import { globPattern } from './glob.ts';

function admin(arity: number, run: CommandDefinition['run']): CommandDefinition {
  return { arity, effect: 'connection', noScript: true, run };
}

function config([sub = '', ...args]: readonly string[], { engine }: Call): Reply {
  switch (sub.toUpperCase()) {
    case 'GET': {
      if (args.length === 0) throw wrongArity('config|get');
      const patterns = args.map((glob) => globPattern(glob.toLowerCase()));
      const found = [...engine.settings].filter(([name]) => patterns.some((pattern) => pattern.test(name)));
      return { kind: 'map', entries: found };
    }
    case 'SET':
      if (args.length === 0) throw wrongArity('config|set');
      for (const [name, value] of pairs(args)) changeSetting(engine.settings, name.toLowerCase(), value);
      return ok;
    case 'RESETSTAT':
      Object.assign(engine.counters, { commands: 0, connections: 0, expired: 0, evicted: 0, errors: 0 });
      return ok;
    case 'REWRITE':
      throw new RedisError('ERR The server is running without a config file');
    default:
      throw new RedisError(`ERR unknown subcommand '${sub}'. Try CONFIG HELP.`);
  }
}

function wrongArity(command: string): RedisError {
  return new RedisError(`ERR wrong number of arguments for '${command}' command`);
}

function flushAll(_: readonly string[], { engine }: Call): Reply {
  for (const database of engine.databases) database.clear();
  return ok;
}

function accessList([sub = '']: readonly string[]): Reply {
  switch (sub.toUpperCase()) {
    case 'WHOAMI':
      return 'default';
    case 'USERS':
      return ['default'];
    case 'LIST':
      return ['user default on sanitize-payload ~* &* +@all'];
    default:
      throw new RedisError(`ERR unknown subcommand '${sub}'. Try ACL HELP.`);
  }
}

function time(_: readonly string[], { engine }: Call): Reply {
  const nowMs = engine.options.clock();
  return [String(Math.floor(nowMs / 1000)), String((nowMs % 1000) * 1000)];
}

/** Lists that are empty here: SLOWLOG GET, LATENCY LATEST, MODULE LIST. */
function emptyLists([sub = '']: readonly string[]): Reply {
  if (/^(?:LEN)$/i.test(sub)) return 0;
  return /^(?:RESET)$/i.test(sub) ? ok : [];
}

function swapDatabases([first = '', second = '']: readonly string[], { engine }: Call): Reply {
  const [left, right] = [engine.database(integer(first)), engine.database(integer(second))];
  const held = [left, right].map((database) =>
    database.keys().map((key) => ({ key, value: database.peek(key), at: database.expiresAtMs(key) })),
  );
  left.clear();
  right.clear();
  for (const [index, target] of [right, left].entries())
    for (const { key, value, at: expiry } of held[index] ?? [])
      if (value !== null) target.set(key, value, expiry);
  return ok;
}

/** What an operator asks the server. */
export const serverCommands: CommandTable = {
  info: admin(-1, (sections, { engine }) => infoText(engine, sections)),
  config: admin(-2, config),
  acl: admin(-2, accessList),
  command: admin(-1, ([sub = '']) => (at([sub], 0).toUpperCase() === 'COUNT' ? 240 : [])),
  slowlog: admin(-2, emptyLists),
  latency: admin(-2, emptyLists),
  module: admin(-2, emptyLists),
  time: reads(1, time),
  role: admin(1, () => ['master', 0, []]),
  wait: admin(3, () => 0),
  save: admin(1, () => ok),
  bgsave: admin(-1, () => status('Background saving started')),
  bgrewriteaof: admin(1, () => status('Background append only file rewriting started')),
  lastsave: admin(1, (_, { engine }) => Math.floor(engine.startedMs / 1000)),
  replicaof: admin(3, () => ok),
  cluster: admin(-2, () => {
    throw new RedisError('ERR This instance has cluster support disabled');
  }),
  shutdown: admin(-1, (_, { engine }) => {
    engine.options.shutdown();
    return silent;
  }),
  flushdb: writes(-1, (_, { database }) => {
    database.clear();
    return ok;
  }),
  flushall: writes(-1, flushAll),
  swapdb: writes(3, swapDatabases),
};
