import { ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { at, bounds, grows, integer, reads, syntaxError, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';

type Side = 'LEFT' | 'RIGHT';

function items(key: string, { database }: Call): readonly string[] {
  return database.read(key, 'list')?.items ?? [];
}

function push([key = '', ...values]: readonly string[], side: Side, { database }: Call): number {
  const list = database.open(key, 'list').items;
  if (side === 'LEFT') for (const value of values) list.unshift(value);
  else for (const value of values) list.push(value);
  database.changed(key);
  return list.length;
}

/** Takes one item from an end, or null. */
export function popOne(key: string, side: Side, { database }: Call): string | null {
  const list = database.read(key, 'list')?.items;
  const value = side === 'LEFT' ? list?.shift() : list?.pop();
  if (value === undefined) return null;
  database.changed(key);
  return value;
}

function pop([key = '', count]: readonly string[], side: Side, call: Call): Reply {
  if (count === undefined) return popOne(key, side, call);
  if (items(key, call).length === 0) return { kind: 'no-list' };
  const taken: string[] = [];
  for (let left = integer(count); left > 0; left -= 1) {
    const value = popOne(key, side, call);
    if (value === null) break;
    taken.push(value);
  }
  return taken;
}

/** Moves one item between lists. */
export function move(from: string, to: string, fromSide: Side, toSide: Side, call: Call): string | null {
  call.database.read(to, 'list');
  const value = popOne(from, fromSide, call);
  if (value !== null) push([to, value], toSide, call);
  return value;
}

/** @throws RedisError unless LEFT or RIGHT */
export function sideOf(text: string): Side {
  const side = text.toUpperCase();
  if (side !== 'LEFT' && side !== 'RIGHT') throw syntaxError();
  return side;
}

function trim([key = '', start = '', stop = '']: readonly string[], { database }: Call): Reply {
  const list = database.read(key, 'list')?.items;
  if (list === undefined) return ok;
  const kept = list.slice(...bounds(integer(start), integer(stop), list.length));
  database.set(key, { type: 'list', items: kept }, database.expiresAtMs(key));
  return ok;
}

function remove([key = '', count = '', value = '']: readonly string[], { database }: Call): number {
  const list = database.read(key, 'list')?.items;
  if (list === undefined) return 0;
  const limit = integer(count);
  let left = limit === 0 ? Infinity : Math.abs(limit);
  const before = list.length;
  for (let step = 0; step < before && left > 0; step += 1) {
    const index = limit < 0 ? before - 1 - step : step - (before - list.length);
    if (list[index] !== value) continue;
    list.splice(index, 1);
    left -= 1;
  }
  if (before !== list.length) database.changed(key);
  return before - list.length;
}

function set([key = '', index = '', value = '']: readonly string[], { database }: Call): Reply {
  const list = database.read(key, 'list')?.items;
  if (list === undefined) throw new RedisError('ERR no such key');
  const place = integer(index) < 0 ? list.length + integer(index) : integer(index);
  if (place < 0 || place >= list.length) throw new RedisError('ERR index out of range');
  list[place] = value;
  database.changed(key);
  return ok;
}

function insert(
  [key = '', where = '', pivot = '', value = '']: readonly string[],
  { database }: Call,
): number {
  const list = database.read(key, 'list')?.items;
  if (list === undefined) return 0;
  const index = list.indexOf(pivot);
  if (index < 0) return -1;
  list.splice(where.toUpperCase() === 'BEFORE' ? index : index + 1, 0, value);
  database.changed(key);
  return list.length;
}

/** Places of a value: COUNT, RANK and MAXLEN. */
function positions([key = '', value = '', ...options]: readonly string[], call: Call): Reply {
  const list = items(key, call);
  const option = (name: string): number | null => {
    const index = options.findIndex((word, place) => place % 2 === 0 && word.toUpperCase() === name);
    return index < 0 ? null : integer(at(options, index + 1));
  };
  if (option('RANK') === 0)
    throw new RedisError(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    );
  const [rank, count, most] = [option('RANK') ?? 1, option('COUNT'), option('MAXLEN') || list.length];
  const order = rank < 0 ? [...list.keys()].toReversed() : [...list.keys()];
  const found = order
    .slice(0, most)
    .filter((index) => list[index] === value)
    .slice(Math.abs(rank) - 1);
  if (count === null) return found[0] ?? null;
  return count === 0 ? found : found.slice(0, count);
}

/** Commands on lists that do not wait. */
export const listCommands: CommandTable = {
  lpush: grows(-3, (args, call) => push(args, 'LEFT', call)),
  rpush: grows(-3, (args, call) => push(args, 'RIGHT', call)),
  lpushx: grows(-3, (args, call) => (items(at(args, 0), call).length === 0 ? 0 : push(args, 'LEFT', call))),
  rpushx: grows(-3, (args, call) => (items(at(args, 0), call).length === 0 ? 0 : push(args, 'RIGHT', call))),
  lpop: writes(-2, (args, call) => pop(args, 'LEFT', call)),
  rpop: writes(-2, (args, call) => pop(args, 'RIGHT', call)),
  rpoplpush: grows(3, ([from = '', to = ''], call) => move(from, to, 'RIGHT', 'LEFT', call)),
  lmove: grows(5, ([from = '', to = '', first = '', second = ''], call) =>
    move(from, to, sideOf(first), sideOf(second), call),
  ),
  llen: reads(2, ([key = ''], call) => items(key, call).length),
  lrange: reads(4, ([key = '', start = '', stop = ''], call) => {
    const list = items(key, call);
    return list.slice(...bounds(integer(start), integer(stop), list.length));
  }),
  lindex: reads(3, ([key = '', index = ''], call) => items(key, call).at(integer(index)) ?? null),
  lset: grows(4, set),
  linsert: grows(5, insert),
  ltrim: writes(4, trim),
  lrem: writes(4, remove),
  lpos: reads(-3, positions),
};
