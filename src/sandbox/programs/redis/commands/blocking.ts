import { noList, RedisError, score } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { at, float, integer, syntaxError } from './command.ts';
import type { Call, CommandDefinition, CommandTable } from './command.ts';
import { move, popOne, sideOf } from './lists.ts';
import { popMembers } from './sorted-sets.ts';
import { compareIds, entryReplies, parseId } from './streams.ts';

/** A command that waits; it writes its own lines of the append log. */
function waits(arity: number, run: CommandDefinition['run']): CommandDefinition {
  return { arity, effect: 'connection', run };
}

/** Tries now; waits only for a client that is not in a transaction or a script. */
function now(
  keys: readonly string[],
  timeoutMs: number,
  call: Call,
  attempt: () => Reply,
  nothing: Reply = noList,
): Reply | Promise<Reply> {
  const reply = attempt();
  if (reply !== null) return reply;
  if (call.session.transaction !== null) return nothing;
  const ids = keys.map((key) => `${call.database.index}:${key}`);
  return call.engine.waiting.wait(call.session, ids, timeoutMs, attempt, nothing);
}

function timeoutMs(text: string): number {
  const seconds = float(text, 'ERR timeout is not a float or out of range');
  if (seconds < 0) throw new RedisError('ERR timeout is negative');
  // Node's timers end at 2^31 - 1 ms.
  return Math.min(2_147_483_647, Math.ceil(seconds * 1000));
}

const popsList =
  (side: 'LEFT' | 'RIGHT') =>
  (args: readonly string[], call: Call): Reply | Promise<Reply> => {
    const keys = args.slice(0, -1);
    return now(keys, timeoutMs(args.at(-1) ?? ''), call, () => {
      for (const key of keys) {
        const value = popOne(key, side, call);
        if (value === null) continue;
        call.engine.log(call.database.index, [[side === 'LEFT' ? 'LPOP' : 'RPOP', key]]);
        return [key, value];
      }
      return null;
    });
  };

const popsSorted =
  (end: 'min' | 'max') =>
  (args: readonly string[], call: Call): Reply | Promise<Reply> => {
    const keys = args.slice(0, -1);
    return now(keys, timeoutMs(args.at(-1) ?? ''), call, () => {
      for (const key of keys) {
        const [first] = popMembers(key, end, 1, call);
        if (first === undefined) continue;
        call.engine.log(call.database.index, [['ZREM', key, first.member]]);
        return [key, first.member, score(first.score)];
      }
      return null;
    });
  };

function moves(
  from: string,
  to: string,
  sides: readonly [string, string],
  timeout: string,
  call: Call,
): Reply | Promise<Reply> {
  const [first, second] = [sideOf(sides[0]), sideOf(sides[1])];
  const attempt = (): Reply => {
    const value = move(from, to, first, second, call);
    if (value !== null) call.engine.log(call.database.index, [['LMOVE', from, to, first, second]]);
    return value;
  };
  return now([from], timeoutMs(timeout), call, attempt);
}

function readStreams(args: readonly string[], call: Call): Reply | Promise<Reply> {
  const words = args.map((word) => word.toUpperCase());
  const start = words.indexOf('STREAMS') + 1;
  const names = args.slice(start);
  if (start === 0 || names.length % 2 === 1) throw syntaxError();
  const keys = names.slice(0, names.length / 2);
  const after = names.slice(names.length / 2).map((id, index) => startId(id, at(keys, index), call));
  const option = (name: string): string | null => {
    const index = words.slice(0, start).indexOf(name);
    return index < 0 ? null : at(args, index + 1);
  };
  const [count, block] = [option('COUNT'), option('BLOCK')];
  const attempt = (): Reply => {
    const found = keys.flatMap((key, index) => {
      const entries = call.database.read(key, 'stream')?.stream.entries ?? [];
      const fresh = entries.filter(({ id }) => compareIds(id, after[index] ?? [0, 0]) > 0);
      const page = entryReplies(count === null ? fresh : fresh.slice(0, integer(count)));
      return page.length === 0 ? [] : [[key, page] as const];
    });
    if (found.length === 0) return null;
    return call.session.protocol === 3 ? { kind: 'map', entries: found } : found;
  };
  if (block === null) return attempt() ?? noList;
  return now(keys, integer(block), call, attempt);
}

function startId(id: string, key: string, call: Call): readonly [number, number] {
  if (id !== '$') return parseId(id, 0);
  return call.database.read(key, 'stream')?.stream.lastId ?? [0, 0];
}

/** Commands that wait for keys. */
export const blockingCommands: CommandTable = {
  blpop: waits(-3, popsList('LEFT')),
  brpop: waits(-3, popsList('RIGHT')),
  bzpopmin: waits(-3, popsSorted('min')),
  bzpopmax: waits(-3, popsSorted('max')),
  brpoplpush: waits(4, ([from = '', to = '', timeout = ''], call) =>
    moves(from, to, ['RIGHT', 'LEFT'], timeout, call),
  ),
  blmove: waits(6, ([from = '', to = '', first = '', second = '', timeout = ''], call) =>
    moves(from, to, [first, second], timeout, call),
  ),
  xread: waits(-4, readStreams),
};
