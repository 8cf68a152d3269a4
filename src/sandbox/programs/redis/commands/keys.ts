import { ok, RedisError, status } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { copyOf, encodingOf, estimateBytes } from '../values.ts';
import { at, grows, integer, reads, syntaxError, writes } from './command.ts';
import { globPattern } from './glob.ts';
import type { Call, CommandTable } from './command.ts';

function remove(keys: readonly string[], { database }: Call): number {
  return keys.filter((key) => database.remove(key)).length;
}

/** EXPIRE and its kin: NX, XX, GT and LT look at the old expiry. */
function expireAt(key: string, atMs: number, options: readonly string[], { database, logAs }: Call): number {
  const old = database.expiresAtMs(key);
  const refused = options.some((option) => {
    switch (option.toUpperCase()) {
      case 'NX':
        return old !== null;
      case 'XX':
        return old === null;
      case 'GT':
        return old === null || atMs <= old;
      case 'LT':
        return old !== null && atMs >= old;
      default:
        throw new RedisError(`ERR Unsupported option ${option}`);
    }
  });
  if (refused || database.peek(key) === null) return 0;
  if (atMs <= database.nowMs() && !database.loading) database.remove(key);
  else database.setExpiry(key, atMs);
  logAs([['PEXPIREAT', key, String(atMs)]]);
  return 1;
}

const expireIn =
  (unitMs: number) =>
  ([key = '', amount = '', ...options]: readonly string[], call: Call): number =>
    expireAt(key, call.database.nowMs() + integer(amount) * unitMs, options, call);

const expireOn =
  (unitMs: number) =>
  ([key = '', time = '', ...options]: readonly string[], call: Call): number =>
    expireAt(key, integer(time) * unitMs, options, call);

function timeToLive(key: string, { database }: Call): number {
  if (database.peek(key) === null) return -2;
  const atMs = database.expiresAtMs(key);
  return atMs === null ? -1 : Math.max(0, atMs - database.nowMs());
}

function rename([from = '', to = '']: readonly string[], { database }: Call): void {
  const value = database.peek(from);
  if (value === null) throw new RedisError('ERR no such key');
  const expiresAtMs = database.expiresAtMs(from);
  database.remove(from);
  database.set(to, value, expiresAtMs);
}

/** Cursor-based listing: the cursor counts keys, in the order in which they came. */
function scan(args: readonly string[], { database }: Call): Reply {
  const options = scanOptions(args.slice(1));
  const keys = database.keys();
  const start = Number(at(args, 0));
  if (!Number.isSafeInteger(start)) throw new RedisError('ERR invalid cursor');
  const page = keys.slice(start, start + options.count);
  const found = page.filter(
    (key) => options.matches(key) && (options.type === null || database.peek(key)?.type === options.type),
  );
  const next = start + options.count;
  return [next >= keys.length ? '0' : String(next), found];
}

/** MATCH, COUNT and TYPE of a SCAN. */
export interface ScanOptions {
  readonly matches: (text: string) => boolean;
  readonly count: number;
  readonly type: string | null;
}

/** MATCH, COUNT and TYPE. */
export function scanOptions(args: readonly string[]): ScanOptions {
  let [count, type, pattern]: [number, string | null, RegExp | null] = [10, null, null];
  for (let index = 0; index < args.length; index += 2) {
    const [option, value] = [at(args, index).toUpperCase(), at(args, index + 1)];
    if (option === 'COUNT') count = integer(value);
    else if (option === 'MATCH') pattern = value === '*' ? null : globPattern(value);
    else if (option === 'TYPE') type = value.toLowerCase();
    else throw syntaxError();
  }
  if (count < 1) throw syntaxError();
  return { count, type, matches: (text) => pattern === null || pattern.test(text) };
}

function memory([sub = '', key = '']: readonly string[], { database, engine }: Call): Reply {
  switch (sub.toUpperCase()) {
    case 'USAGE': {
      const value = database.peek(key);
      return value === null ? null : estimateBytes(value) + key.length + 72;
    }
    case 'DOCTOR':
      return 'Sam, I detected a few issues in this Redis instance memory implants: none.';
    case 'STATS':
      return { kind: 'map', entries: [['total.allocated', engine.usedBytes()]] };
    case 'PURGE':
      return ok;
    default:
      throw new RedisError(`ERR unknown subcommand '${sub}'. Try MEMORY HELP.`);
  }
}

function object([sub = '', key = '']: readonly string[], { database }: Call): Reply {
  const value = database.peek(key);
  if (value === null) return null;
  return sub.toUpperCase() === 'ENCODING' ? encodingOf(value) : sub.toUpperCase() === 'REFCOUNT' ? 1 : 0;
}

/** Commands on keys of any type. */
export const keyCommands: CommandTable = {
  del: writes(-2, remove),
  unlink: writes(-2, remove),
  exists: reads(-2, (keys, { database }) => keys.filter((key) => database.peek(key) !== null).length),
  touch: reads(-2, (keys, { database }) => keys.filter((key) => database.peek(key) !== null).length),
  type: reads(2, ([key = ''], { database }) => status(database.peek(key)?.type ?? 'none')),
  keys: reads(2, ([glob = ''], { database }) => {
    const pattern = globPattern(glob);
    return database.keys().filter((key) => pattern.test(key));
  }),
  scan: reads(-2, scan),
  copy: grows(-3, ([from = '', to = '', ...options], { database }) => {
    const value = database.peek(from);
    const replaces = options.some((option) => option.toUpperCase() === 'REPLACE');
    if (value === null || (database.peek(to) !== null && !replaces)) return 0;
    database.set(to, copyOf(value), database.expiresAtMs(from));
    return 1;
  }),
  randomkey: reads(1, (_, { database }) => database.keys()[0] ?? null),
  rename: grows(3, (args, call) => {
    rename(args, call);
    return ok;
  }),
  renamenx: grows(3, (args, call) => {
    if (call.database.peek(at(args, 1)) !== null) return 0;
    rename(args, call);
    return 1;
  }),
  persist: writes(2, ([key = ''], { database }) =>
    database.expiresAtMs(key) !== null && database.setExpiry(key, null) ? 1 : 0,
  ),
  expire: writes(-3, expireIn(1000)),
  pexpire: writes(-3, expireIn(1)),
  expireat: writes(-3, expireOn(1000)),
  pexpireat: writes(-3, expireOn(1)),
  ttl: reads(2, ([key = ''], call) => {
    const ms = timeToLive(key, call);
    return ms < 0 ? ms : Math.round(ms / 1000);
  }),
  pttl: reads(2, ([key = ''], call) => timeToLive(key, call)),
  expiretime: reads(2, ([key = ''], call) => {
    const ms = timeToLive(key, call);
    return ms < 0 ? ms : Math.floor((call.database.expiresAtMs(key) ?? 0) / 1000);
  }),
  object: reads(-2, object),
  memory: reads(-2, memory),
  dbsize: reads(1, (_, { database }) => database.keys().length),
};
