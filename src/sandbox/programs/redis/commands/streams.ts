import { RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Stream, StreamEntry, StreamId } from '../values.ts';
import { at, grows, integer, reads, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';

const invalidId = 'ERR Invalid stream ID specified as stream command argument';

/** Orders stream ids. */
export function compareIds(left: StreamId, right: StreamId): number {
  return left[0] - right[0] || left[1] - right[1];
}

/** Reads `milliseconds-sequence`. @throws RedisError */
export function parseId(text: string, missingSequence: number): StreamId {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) throw new RedisError(invalidId);
  return [Number(match[1]), match[2] === undefined ? missingSequence : Number(match[2])];
}

function add([key = '', ...rest]: readonly string[], { database, logAs }: Call): Reply {
  const { trim, make, used } = addOptions(rest);
  const [wanted, fields] = [at(rest, used), rest.slice(used + 1)];
  if (fields.length === 0 || fields.length % 2 === 1)
    throw new RedisError("ERR wrong number of arguments for 'xadd' command");
  if (!make && database.read(key, 'stream') === null) return null;
  const last = database.read(key, 'stream')?.stream.lastId ?? [0, 0];
  const id = nextId(wanted, last, database.nowMs());
  const { stream } = database.open(key, 'stream');
  stream.entries.push({ id, fields });
  stream.lastId = id;
  trim(stream);
  database.changed(key);
  logAs([['XADD', key, ...rest.slice(0, used), id.join('-'), ...fields]]);
  return id.join('-');
}

interface AddOptions {
  readonly make: boolean;
  /** How many words the options took. */
  readonly used: number;
  readonly trim: (stream: Stream) => number;
}

function addOptions(words: readonly string[]): AddOptions {
  const make = at(words, 0).toUpperCase() !== 'NOMKSTREAM';
  const start = make ? 0 : 1;
  const strategy = at(words, start).toUpperCase();
  if (strategy !== 'MAXLEN' && strategy !== 'MINID') return { make, used: start, trim: () => 0 };
  const marked = /^[~=]$/.test(at(words, start + 1)) ? 1 : 0;
  const limit = at(words, start + 1 + marked);
  const bounded = at(words, start + 2 + marked).toUpperCase() === 'LIMIT' ? 2 : 0;
  return { make, used: start + 2 + marked + bounded, trim: (stream) => trimTo(stream, strategy, limit) };
}

function trimTo(stream: Stream, strategy: 'MAXLEN' | 'MINID', limit: string): number {
  const before = stream.entries.length;
  if (strategy === 'MAXLEN') stream.entries.splice(0, Math.max(0, before - integer(limit)));
  else stream.entries = stream.entries.filter((entry) => compareIds(entry.id, parseId(limit, 0)) >= 0);
  return before - stream.entries.length;
}

function nextId(wanted: string, last: StreamId, nowMs: number): StreamId {
  const auto: StreamId = nowMs > last[0] ? [nowMs, 0] : [last[0], last[1] + 1];
  if (wanted === '*') return auto;
  const open = /^(\d+)-\*$/.exec(wanted);
  const id: StreamId =
    open === null ? parseId(wanted, 0) : [Number(open[1]), Number(open[1]) === last[0] ? last[1] + 1 : 0];
  if (compareIds(id, [0, 0]) <= 0)
    throw new RedisError('ERR The ID specified in XADD must be greater than 0-0');
  if (compareIds(id, last) <= 0)
    throw new RedisError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  return id;
}

function trim([key = '', ...rest]: readonly string[], { database }: Call): number {
  const stream = database.read(key, 'stream')?.stream;
  const removed = stream === undefined ? 0 : addOptions(rest).trim(stream);
  if (removed > 0) database.changed(key);
  return removed;
}

function remove([key = '', ...ids]: readonly string[], { database }: Call): number {
  const stream = database.read(key, 'stream')?.stream;
  if (stream === undefined) return 0;
  const wanted = new Set(ids.map((id) => parseId(id, 0).join('-')));
  const before = stream.entries.length;
  stream.entries = stream.entries.filter(({ id }) => !wanted.has(id.join('-')));
  database.changed(key);
  return before - stream.entries.length;
}

function range(
  [key = '', low = '', high = '', , count]: readonly string[],
  { database }: Call,
): StreamEntry[] {
  for (const bound of [low, high]) if (!/^[-+]$/.test(bound)) parseId(bound.replace('(', ''), 0);
  const entries = database.read(key, 'stream')?.stream.entries ?? [];
  const inRange = ({ id }: StreamEntry): boolean => isAbove(id, low) && isBelow(id, high);
  return entries.filter(inRange).slice(0, count === undefined ? undefined : integer(count));
}

function isAbove(id: StreamId, low: string): boolean {
  if (low === '-') return true;
  const order = compareIds(id, parseId(low.replace('(', ''), 0));
  return low.startsWith('(') ? order > 0 : order >= 0;
}

function isBelow(id: StreamId, high: string): boolean {
  if (high === '+') return true;
  const order = compareIds(id, parseId(high.replace('(', ''), Infinity));
  return high.startsWith('(') ? order < 0 : order <= 0;
}

/** Entries as XRANGE and XREAD give them. */
export function entryReplies(entries: readonly StreamEntry[]): Reply[] {
  return entries.map(({ id, fields }) => [id.join('-'), fields]);
}

function info([sub = '', key = '']: readonly string[], { database }: Call): Reply {
  const stream = database.read(key, 'stream')?.stream;
  if (stream === undefined) throw new RedisError('ERR no such key');
  if (sub.toUpperCase() !== 'STREAM') return [];
  return {
    kind: 'map',
    entries: [
      ['length', stream.entries.length],
      ['last-generated-id', stream.lastId.join('-')],
      ['groups', 0],
      ['first-entry', entryReplies(stream.entries.slice(0, 1))[0] ?? null],
      ['last-entry', entryReplies(stream.entries.slice(-1))[0] ?? null],
    ],
  };
}

/** Commands on streams that do not wait; no consumer groups, which BullMQ does not use. */
export const streamCommands: CommandTable = {
  xadd: grows(-5, add),
  xtrim: writes(-4, trim),
  xdel: writes(-3, remove),
  xlen: reads(2, ([key = ''], { database }) => database.read(key, 'stream')?.stream.entries.length ?? 0),
  xrange: reads(-4, (args, call) => entryReplies(range(args, call))),
  xrevrange: reads(-4, ([key = '', high = '', low = '', , count], call) => {
    const all = range([key, low, high], call).toReversed();
    return entryReplies(count === undefined ? all : all.slice(0, integer(count)));
  }),
  xinfo: reads(-2, info),
};
