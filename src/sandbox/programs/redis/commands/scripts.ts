import { createHash } from 'node:crypto';
import { ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { at, integer } from './command.ts';
import type { Call, CommandDefinition, CommandTable } from './command.ts';

function scripted(arity: number, run: CommandDefinition['run']): CommandDefinition {
  return { arity, effect: 'connection', noScript: true, run };
}

/** Name of a script: SHA-1 of its bytes. */
export function scriptId(source: string): string {
  return createHash('sha1').update(source, 'latin1').digest('hex');
}

function run(source: string, [count = '', ...words]: readonly string[], call: Call): Reply {
  const keys = integer(count);
  if (keys < 0) throw new RedisError("ERR Number of keys can't be negative");
  if (keys > words.length) throw new RedisError("ERR Number of keys can't be greater than number of args");
  const before = call.session.database;
  try {
    return call.engine.options.runScript(source, words.slice(0, keys), words.slice(keys), call);
  } finally {
    call.session.database = before;
  }
}

function evaluate([source = '', ...words]: readonly string[], call: Call): Reply {
  call.engine.scripts.set(scriptId(source), source);
  return run(source, words, call);
}

function evaluateKnown([id = '', ...words]: readonly string[], call: Call): Reply {
  const source = call.engine.scripts.get(id.toLowerCase());
  if (source === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.');
  return run(source, words, call);
}

function script([sub = '', ...args]: readonly string[], { engine }: Call): Reply {
  switch (sub.toUpperCase()) {
    case 'LOAD': {
      const source = at(args, 0);
      engine.scripts.set(scriptId(source), source);
      return scriptId(source);
    }
    case 'EXISTS':
      return args.map((id) => (engine.scripts.has(id.toLowerCase()) ? 1 : 0));
    case 'FLUSH':
      engine.scripts.clear();
      return ok;
    case 'KILL':
      throw new RedisError('NOTBUSY No scripts in execution right now.');
    default:
      throw new RedisError(`ERR unknown subcommand '${sub}'. Try SCRIPT HELP.`);
  }
}

/** Lua. */
export const scriptCommands: CommandTable = {
  eval: scripted(-3, evaluate),
  eval_ro: scripted(-3, evaluate),
  evalsha: scripted(-3, evaluateKnown),
  evalsha_ro: scripted(-3, evaluateKnown),
  script: scripted(-2, script),
};
