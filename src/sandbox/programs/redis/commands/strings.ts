import { ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { at, bounds, float, grows, integer, pairs, reads, syntaxError, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';

const get = (key: string, { database }: Call): string | null => database.read(key, 'string')?.text ?? null;

/** When an option like EX 10 lets a key end, in milliseconds since 1970. */
function expiryOf(option: string, value: string, nowMs: number, command: string): number {
  const amount = integer(value);
  if (amount <= 0) throw new RedisError(`ERR invalid expire time in '${command}' command`);
  switch (option) {
    case 'EX':
      return nowMs + amount * 1000;
    case 'PX':
      return nowMs + amount;
    case 'EXAT':
      return amount * 1000;
    default:
      return amount;
  }
}

function set(args: readonly string[], call: Call, command = 'set'): Reply {
  const { database, logAs } = call;
  const [key, text] = [at(args, 0), at(args, 1)];
  const flags = new Set<string>();
  let expiresAtMs: number | null = null;
  for (let index = 2; index < args.length; index += 1) {
    const option = at(args, index).toUpperCase();
    if (/^(?:EX|PX|EXAT|PXAT)$/.test(option))
      expiresAtMs = expiryOf(option, at(args, (index += 1)), database.nowMs(), command);
    else if (/^(?:NX|XX|GET|KEEPTTL)$/.test(option)) flags.add(option);
    else throw syntaxError();
  }
  if (flags.has('NX') && flags.has('XX')) throw syntaxError();
  const old = flags.has('GET') ? get(key, call) : null;
  const there = database.peek(key) !== null;
  if ((flags.has('NX') && there) || (flags.has('XX') && !there)) return old;
  if (flags.has('KEEPTTL')) expiresAtMs = database.expiresAtMs(key);
  database.set(key, { type: 'string', text }, expiresAtMs);
  logAs([['SET', key, text, ...(expiresAtMs === null ? [] : ['PXAT', String(expiresAtMs)])]]);
  return flags.has('GET') ? old : ok;
}

function increase(key: string, amount: number, { database }: Call): number {
  const value = integer(database.read(key, 'string')?.text ?? '0') + amount;
  if (!Number.isSafeInteger(value)) throw new RedisError('ERR increment or decrement would overflow');
  database.set(key, { type: 'string', text: String(value) }, database.expiresAtMs(key));
  return value;
}

function increaseFloat([key = '', amount = '']: readonly string[], { database, logAs }: Call): string {
  const text = String(float(database.read(key, 'string')?.text ?? '0') + float(amount));
  database.set(key, { type: 'string', text }, database.expiresAtMs(key));
  logAs([['SET', key, text, 'KEEPTTL']]);
  return text;
}

function getEx(args: readonly string[], call: Call): Reply {
  const key = at(args, 0);
  const text = get(key, call);
  const option = at(args, 1).toUpperCase();
  if (text === null || option === '') return text;
  if (option === 'PERSIST') call.database.setExpiry(key, null);
  else if (/^(?:EX|PX|EXAT|PXAT)$/.test(option))
    call.database.setExpiry(key, expiryOf(option, at(args, 2), call.database.nowMs(), 'getex'));
  else throw syntaxError();
  const expiresAtMs = call.database.expiresAtMs(key);
  call.logAs([expiresAtMs === null ? ['PERSIST', key] : ['PEXPIREAT', key, String(expiresAtMs)]]);
  return text;
}

function getDel([key = '']: readonly string[], call: Call): Reply {
  const text = get(key, call);
  call.database.remove(key);
  return text;
}

function multiSet(args: readonly string[], { database }: Call): Reply {
  if (args.length % 2 === 1) throw new RedisError("ERR wrong number of arguments for 'mset' command");
  for (const [key, text] of pairs(args)) database.set(key, { type: 'string', text });
  return ok;
}

function append([key = '', more = '']: readonly string[], call: Call): number {
  const text = (get(key, call) ?? '') + more;
  call.database.set(key, { type: 'string', text }, call.database.expiresAtMs(key));
  return text.length;
}

function getRange([key = '', start = '', stop = '']: readonly string[], call: Call): string {
  const text = get(key, call) ?? '';
  return text.slice(...bounds(integer(start), integer(stop), text.length));
}

function setNotExists([key = '', text = '']: readonly string[], { database }: Call): number {
  if (database.peek(key) !== null) return 0;
  database.set(key, { type: 'string', text });
  return 1;
}

/** Commands on strings. */
export const stringCommands: CommandTable = {
  get: reads(2, ([key = ''], call) => get(key, call)),
  set: grows(-3, (args, call) => set(args, call)),
  setex: grows(4, ([key = '', seconds = '', text = ''], call) =>
    set([key, text, 'EX', seconds], call, 'setex'),
  ),
  psetex: grows(4, ([key = '', ms = '', text = ''], call) => set([key, text, 'PX', ms], call, 'psetex')),
  setnx: grows(3, setNotExists),
  getset: grows(3, ([key = '', text = ''], call) => set([key, text, 'GET'], call)),
  getex: writes(-2, getEx),
  getdel: writes(2, getDel),
  mget: reads(-2, (keys, { database }) =>
    keys.map((key) => {
      const value = database.peek(key);
      return value?.type === 'string' ? value.text : null;
    }),
  ),
  mset: grows(-3, multiSet),
  msetnx: grows(-3, (args, call) => {
    if (pairs(args).some(([key]) => call.database.peek(key) !== null)) return 0;
    multiSet(args, call);
    return 1;
  }),
  append: grows(3, append),
  strlen: reads(2, ([key = ''], call) => (get(key, call) ?? '').length),
  getrange: reads(4, getRange),
  incr: grows(2, ([key = ''], call) => increase(key, 1, call)),
  decr: grows(2, ([key = ''], call) => increase(key, -1, call)),
  incrby: grows(3, ([key = '', amount = ''], call) => increase(key, integer(amount), call)),
  decrby: grows(3, ([key = '', amount = ''], call) => increase(key, -integer(amount), call)),
  incrbyfloat: grows(3, increaseFloat),
};
