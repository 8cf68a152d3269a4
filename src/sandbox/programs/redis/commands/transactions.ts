import { errorReply, noList, ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { CommandDefinition, CommandTable, Call } from './command.ts';

function plain(arity: number, run: CommandDefinition['run']): CommandDefinition {
  return { arity, effect: 'connection', noScript: true, run };
}

function begin(_: readonly string[], { session }: Call): Reply {
  if (session.transaction !== null) throw new RedisError('ERR MULTI calls can not be nested');
  session.transaction = { commands: [], failed: false };
  return ok;
}

function discard(_: readonly string[], { session }: Call): Reply {
  if (session.transaction === null) throw new RedisError('ERR DISCARD without MULTI');
  session.transaction = null;
  session.watched.clear();
  return ok;
}

function execute(_: readonly string[], { session, engine }: Call): Reply {
  const { transaction } = session;
  if (transaction === null) throw new RedisError('ERR EXEC without MULTI');
  const untouched = [...session.watched].every(([id, version]) => engine.keyVersions.get(id) === version);
  session.watched.clear();
  if (transaction.failed) {
    session.transaction = null;
    return errorReply('EXECABORT Transaction discarded because of previous errors.');
  }
  try {
    // The transaction stays open meanwhile, so that commands that wait see that they must not.
    return untouched
      ? transaction.commands.map((words) => engine.performInside(session, words, false))
      : noList;
  } finally {
    session.transaction = null;
  }
}

function watch(keys: readonly string[], { session, engine, database }: Call): Reply {
  if (session.transaction !== null) throw new RedisError('ERR WATCH inside MULTI is not allowed');
  for (const key of keys) {
    const id = `${database.index}:${key}`;
    const version = engine.keyVersions.get(id) ?? 0;
    engine.keyVersions.set(id, version);
    session.watched.set(id, version);
  }
  return ok;
}

/** MULTI, EXEC and what belongs to them. */
export const transactionCommands: CommandTable = {
  multi: plain(1, begin),
  exec: plain(1, execute),
  discard: plain(1, discard),
  watch: plain(-2, watch),
  unwatch: plain(1, (_, { session }) => {
    session.watched.clear();
    return ok;
  }),
};
