import { formatNumber, RedisError, score } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { SortedSet } from '../sorted-set.ts';
import { at, bounds, float, grows, integer, pairs, reads, syntaxError, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';
import { scanOptions } from './keys.ts';

function setOf(key: string, { database }: Call): SortedSet {
  return database.read(key, 'zset')?.members ?? new SortedSet();
}

function add([key = '', ...rest]: readonly string[], call: Call): Reply {
  const { database } = call;
  const flags = new Set<string>();
  let start = 0;
  for (; /^(?:nx|xx|gt|lt|ch|incr)$/i.test(at(rest, start)); start += 1)
    flags.add(at(rest, start).toUpperCase());
  const wanted = rest.slice(start);
  if (wanted.length === 0 || wanted.length % 2 === 1) throw syntaxError();
  if (flags.has('NX') && flags.has('XX'))
    throw new RedisError('ERR XX and NX options at the same time are not compatible');
  const scored = pairs(wanted).map(([number, member]) => [float(number), member] as const);
  const set = database.open(key, 'zset').members;
  let [added, changed] = [0, 0];
  let last: number | null = null;
  for (const [number, member] of scored) {
    const old = set.score(member);
    const value = flags.has('INCR') ? (old ?? 0) + number : number;
    if (isRefused(flags, old, value)) continue;
    if (set.put(member, value)) added += 1;
    else if (old !== value) changed += 1;
    last = value;
  }
  database.changed(key);
  if (flags.has('INCR')) return last === null ? null : score(last);
  return flags.has('CH') ? added + changed : added;
}

function isRefused(flags: ReadonlySet<string>, old: number | undefined, value: number): boolean {
  if (old === undefined) return flags.has('XX');
  return flags.has('NX') || (flags.has('GT') && value <= old) || (flags.has('LT') && value >= old);
}

function increase([key = '', amount = '', member = '']: readonly string[], { database }: Call): Reply {
  const set = database.open(key, 'zset').members;
  const value = (set.score(member) ?? 0) + float(amount);
  set.put(member, value);
  database.changed(key);
  return score(value);
}

function remove(key: string, members: readonly string[], { database }: Call): number {
  const set = database.read(key, 'zset')?.members;
  if (set === undefined) return 0;
  const removed = members.filter((member) => set.remove(member)).length;
  if (removed > 0) database.changed(key);
  return removed;
}

/** A member and its score. */
export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Takes members from the low or high end. */
export function popMembers(key: string, end: 'min' | 'max', count: number, call: Call): ScoredMember[] {
  const set = setOf(key, call);
  const members =
    end === 'min' ? set.slice(0, count) : set.slice(Math.max(0, set.size - count), set.size).toReversed();
  const taken = members.map((member) => ({ member, score: set.score(member) ?? 0 }));
  remove(key, members, call);
  return taken;
}

function popReply(taken: readonly ScoredMember[]): Reply {
  return taken.flatMap(({ member, score: number }): Reply[] => [member, score(number)]);
}

type By = 'index' | 'score' | 'lex';

/** Members of a range in ascending order. */
function range(set: SortedSet, by: By, low: string, high: string): string[] {
  switch (by) {
    case 'index':
      return set.slice(...bounds(integer(low), integer(high), set.size));
    case 'score':
      return set.slice(
        fromScore(set, low, true),
        Math.max(fromScore(set, low, true), fromScore(set, high, false)),
      );
    case 'lex':
      return set.slice(
        fromText(set, low, true),
        Math.max(fromText(set, low, true), fromText(set, high, false)),
      );
  }
}

function fromScore(set: SortedSet, text: string, lower: boolean): number {
  const exclusive = text.startsWith('(');
  const value = float(exclusive ? text.slice(1) : text, 'ERR min or max is not a float');
  return set.firstAt(value, lower ? exclusive : !exclusive);
}

function fromText(set: SortedSet, text: string, lower: boolean): number {
  if (text === '-') return 0;
  if (text === '+') return set.size;
  if (!/^[[(]/.test(text)) throw new RedisError('ERR min or max not valid string range item');
  const exclusive = text.startsWith('(');
  return set.firstLex(text.slice(1), lower ? exclusive : !exclusive);
}

interface RangeQuery {
  readonly by: By;
  readonly reversed: boolean;
}

/** ZRANGE and the older commands that are fixed forms of it. */
function ranged(
  [key = '', first = '', second = '', ...options]: readonly string[],
  query: RangeQuery,
  call: Call,
): Reply {
  const set = setOf(key, call);
  const words = options.map((option) => option.toUpperCase());
  const by = words.includes('BYSCORE') ? 'score' : words.includes('BYLEX') ? 'lex' : query.by;
  const reversed = query.reversed || words.includes('REV');
  if (by === 'index' && words.includes('LIMIT'))
    throw new RedisError(
      'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  const members = pick(set, by, reversed, first, second);
  const limit = words.indexOf('LIMIT');
  const [skip, count] =
    limit < 0 ? [0, -1] : [integer(at(options, limit + 1)), integer(at(options, limit + 2))];
  const page = limit < 0 ? members : members.slice(skip, count < 0 ? undefined : skip + count);
  if (!words.includes('WITHSCORES')) return page;
  const scored = page.map((member): Reply[] => [member, score(set.score(member) ?? 0)]);
  return call.session.protocol === 3 ? scored : scored.flat();
}

/** By score and lex a reversed range names its high end first; by index it counts from the high end. */
function pick(set: SortedSet, by: By, reversed: boolean, first: string, second: string): string[] {
  if (!reversed) return range(set, by, first, second);
  if (by !== 'index') return range(set, by, second, first).toReversed();
  const [start, end] = bounds(integer(first), integer(second), set.size);
  return set.slice(set.size - end, set.size - start).toReversed();
}

function rank([key = '', member = '']: readonly string[], reversed: boolean, call: Call): Reply {
  const set = setOf(key, call);
  const place = set.rank(member);
  return place === null || !reversed ? place : set.size - 1 - place;
}

const removeRange =
  (by: By) =>
  ([key = '', low = '', high = '']: readonly string[], call: Call): number =>
    remove(key, range(setOf(key, call), by, low, high), call);

/** Commands on sorted sets that do not wait. */
export const sortedSetCommands: CommandTable = {
  zadd: grows(-4, add),
  zincrby: grows(4, increase),
  zrem: writes(-3, ([key = '', ...members], call) => remove(key, members, call)),
  zscore: reads(3, ([key = '', member = ''], call) => {
    const value = setOf(key, call).score(member);
    return value === undefined ? null : score(value);
  }),
  zmscore: reads(-3, ([key = '', ...members], call) =>
    members.map((member) => {
      const value = setOf(key, call).score(member);
      return value === undefined ? null : score(value);
    }),
  ),
  zcard: reads(2, ([key = ''], call) => setOf(key, call).size),
  zcount: reads(
    4,
    ([key = '', low = '', high = ''], call) => range(setOf(key, call), 'score', low, high).length,
  ),
  zlexcount: reads(
    4,
    ([key = '', low = '', high = ''], call) => range(setOf(key, call), 'lex', low, high).length,
  ),
  zrange: reads(-4, (args, call) => ranged(args, { by: 'index', reversed: false }, call)),
  zrevrange: reads(-4, (args, call) => ranged(args, { by: 'index', reversed: true }, call)),
  zrangebyscore: reads(-4, (args, call) => ranged(args, { by: 'score', reversed: false }, call)),
  zrevrangebyscore: reads(-4, (args, call) => ranged(args, { by: 'score', reversed: true }, call)),
  zrangebylex: reads(-4, (args, call) => ranged(args, { by: 'lex', reversed: false }, call)),
  zrank: reads(3, (args, call) => rank(args, false, call)),
  zrevrank: reads(3, (args, call) => rank(args, true, call)),
  zpopmin: writes(-2, ([key = '', count = '1'], call) =>
    popReply(popMembers(key, 'min', integer(count), call)),
  ),
  zpopmax: writes(-2, ([key = '', count = '1'], call) =>
    popReply(popMembers(key, 'max', integer(count), call)),
  ),
  zremrangebyscore: writes(4, removeRange('score')),
  zremrangebyrank: writes(4, removeRange('index')),
  zremrangebylex: writes(4, removeRange('lex')),
  zscan: reads(-3, ([key = '', , ...options], call) => {
    const { matches } = scanOptions(options);
    const set = setOf(key, call);
    const found = set.slice(0, set.size).filter((member) => matches(member));
    return ['0', found.flatMap((member) => [member, formatNumber(set.score(member) ?? 0)])];
  }),
};
