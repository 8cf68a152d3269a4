import { ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Session } from '../session.ts';
import { at, integer, syntaxError } from './command.ts';
import type { Call, CommandTable } from './command.ts';

/** One line of CLIENT LIST. https://redis.io/docs/latest/commands/client-list/ */
function clientLine(session: Session, nowMs: number): string {
  const seconds = (sinceMs: number): number => Math.floor((nowMs - sinceMs) / 1000);
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', session.id],
    ['addr', session.address],
    ['laddr', session.localAddress],
    ['fd', session.id + 7],
    ['name', session.name],
    ['age', seconds(session.createdMs)],
    ['idle', seconds(session.lastCommandMs)],
    ['flags', flagsOf(session)],
    ['db', session.database],
    ['sub', session.channels.size],
    ['psub', session.patterns.size],
    ['ssub', 0],
    ['multi', session.transaction?.commands.length ?? -1],
    ['qbuf', 26],
    ['qbuf-free', 20448],
    ['argv-mem', 10],
    ['multi-mem', 0],
    ['rbs', 1024],
    ['rbp', 0],
    ['obl', 0],
    ['oll', 0],
    ['omem', 0],
    ['tot-mem', 22298],
    ['events', 'r'],
    ['cmd', session.lastCommand],
    ['user', 'default'],
    ['redir', -1],
    ['resp', session.protocol],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

function flagsOf(session: Session): string {
  if (session.unblock !== null) return 'b';
  if (session.channels.size + session.patterns.size > 0) return 'P';
  return session.transaction === null ? 'N' : 'x';
}

function typeOf(session: Session): string {
  return session.channels.size + session.patterns.size > 0 ? 'pubsub' : 'normal';
}

function list(options: readonly string[], { engine }: Call): string {
  const nowMs = engine.options.clock();
  const words = options.map((word) => word.toUpperCase());
  const type = words[0] === 'TYPE' ? at(options, 1).toLowerCase() : null;
  const ids = words[0] === 'ID' ? new Set(options.slice(1).map(Number)) : null;
  return [...engine.sessions.values()]
    .filter((session) => (type === null || typeOf(session) === type) && (ids === null || ids.has(session.id)))
    .map((session) => `${clientLine(session, nowMs)}\n`)
    .join('');
}

function kill(options: readonly string[], call: Call): Reply {
  if (options.length === 1) {
    const found = [...call.engine.sessions.values()].find(({ address }) => address === options[0]);
    if (found === undefined) throw new RedisError('ERR No such client');
    end(found, call);
    return ok;
  }
  if (options.length % 2 === 1) throw syntaxError();
  const wanted = new Map<string, string>();
  for (let index = 0; index < options.length; index += 2)
    wanted.set(at(options, index).toUpperCase(), at(options, index + 1));
  const skipsMe = wanted.get('SKIPME')?.toLowerCase() !== 'no';
  const found = [...call.engine.sessions.values()].filter(
    (session) => matches(session, wanted) && !(skipsMe && session === call.session),
  );
  for (const session of found) end(session, call);
  return found.length;
}

function matches(session: Session, wanted: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(([name, value]) => {
    switch (name) {
      case 'ID':
        return session.id === Number(value);
      case 'ADDR':
        return session.address === value;
      case 'LADDR':
        return session.localAddress === value;
      case 'TYPE':
        return typeOf(session) === value.toLowerCase();
      case 'USER':
        return value === 'default';
      case 'SKIPME':
        return true;
      default:
        throw syntaxError();
    }
  });
}

/** One's own connection ends after the reply is out. */
function end(session: Session, call: Call): void {
  if (session === call.session) queueMicrotask(session.close);
  else session.close();
}

function unblock([id = '', how = '']: readonly string[], { engine }: Call): number {
  const session = engine.sessions.get(integer(id));
  if (session?.unblock == null) return 0;
  session.unblock(how.toUpperCase() !== 'ERROR');
  return 1;
}

function client([sub = '', ...options]: readonly string[], call: Call): Reply {
  const { session, engine } = call;
  switch (sub.toUpperCase()) {
    case 'ID':
      return session.id;
    case 'INFO':
      return `${clientLine(session, engine.options.clock())}\n`;
    case 'LIST':
      return list(options, call);
    case 'KILL':
      return kill(options, call);
    case 'UNBLOCK':
      return unblock(options, call);
    case 'SETNAME':
      session.name = at(options, 0);
      return ok;
    case 'GETNAME':
      return session.name === '' ? null : session.name;
    case 'NO-EVICT':
    case 'NO-TOUCH':
    case 'UNPAUSE':
    case 'TRACKING':
      return ok;
    default:
      throw new RedisError(`ERR unknown subcommand '${sub}'. Try CLIENT HELP.`);
  }
}

/** CLIENT and its subcommands. */
export const clientCommands: CommandTable = {
  client: { arity: -2, effect: 'connection', noScript: true, run: client },
};
