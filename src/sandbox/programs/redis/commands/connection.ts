import { ok, RedisError, status } from '../reply.ts';
import type { ProtocolVersion, Reply } from '../reply.ts';
import { redisVersion } from '../version.ts';
import { at, integer } from './command.ts';
import type { Call, CommandDefinition, CommandTable } from './command.ts';

const wrongPassword = 'WRONGPASS invalid username-password pair or user is disabled.';

function connection(arity: number, run: CommandDefinition['run'], free = false): CommandDefinition {
  return { arity, effect: 'connection', free, noScript: free, run };
}

function logIn(user: string, password: string, { engine, session }: Call): void {
  const expected = engine.settings.get('requirepass') ?? '';
  if (user !== 'default' || (expected !== '' && password !== expected)) throw new RedisError(wrongPassword);
  session.authenticated = true;
}

function authenticate(args: readonly string[], call: Call): Reply {
  if (args.length > 2) throw new RedisError('ERR syntax error');
  if (args.length === 1 && (call.engine.settings.get('requirepass') ?? '') === '')
    throw new RedisError(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  logIn(args.length === 2 ? at(args, 0) : 'default', args.at(-1) ?? '', call);
  return ok;
}

function hello(args: readonly string[], call: Call): Reply {
  const { session } = call;
  const version = protocolVersion(args[0], session.protocol);
  for (let index = 1; index < args.length; index += 1) {
    const option = at(args, index).toUpperCase();
    if (option === 'AUTH') logIn(at(args, (index += 1)), at(args, (index += 1)), call);
    else if (option === 'SETNAME') session.name = at(args, (index += 1));
    else throw new RedisError(`ERR Syntax error in HELLO option '${at(args, index)}'`);
  }
  if (!session.authenticated)
    throw new RedisError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  session.protocol = version;
  return {
    kind: 'map',
    entries: [
      ['server', 'redis'],
      ['version', redisVersion],
      ['proto', version],
      ['id', session.id],
      ['mode', 'standalone'],
      ['role', 'master'],
      ['modules', []],
    ],
  };
}

function protocolVersion(text: string | undefined, current: ProtocolVersion): ProtocolVersion {
  if (text === undefined) return current;
  if (text === '2') return 2;
  if (text === '3') return 3;
  throw new RedisError(
    /^\d+$/.test(text)
      ? 'NOPROTO unsupported protocol version'
      : 'ERR Protocol version is not an integer or out of range',
  );
}

function ping(args: readonly string[], { session }: Call): Reply {
  const subscribed = session.channels.size + session.patterns.size > 0;
  if (subscribed && session.protocol === 2) return ['pong', args[0] ?? ''];
  return args[0] ?? status('PONG');
}

function reset(_: readonly string[], { engine, session }: Call): Reply {
  engine.channels.leave(session);
  session.transaction = null;
  session.watched.clear();
  session.database = 0;
  session.protocol = 2;
  session.name = '';
  session.authenticated = (engine.settings.get('requirepass') ?? '') === '';
  return status('RESET');
}

/** What a client says about its own connection. */
export const connectionCommands: CommandTable = {
  auth: connection(-2, authenticate, true),
  hello: connection(-1, hello, true),
  quit: connection(
    -1,
    (_, { session }) => {
      session.send(ok);
      session.close();
      return { kind: 'silent' };
    },
    true,
  ),
  reset: connection(1, reset, true),
  ping: connection(-1, ping),
  echo: connection(2, ([text = '']) => text),
  select: connection(2, ([index = ''], { engine, session }) => {
    session.database = engine.database(integer(index)).index;
    return ok;
  }),
};
