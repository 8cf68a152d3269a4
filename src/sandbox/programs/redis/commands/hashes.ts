import { ok, RedisError } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { at, float, grows, integer, pairs, reads, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';
import { scanOptions } from './keys.ts';

function fields(key: string, { database }: Call): ReadonlyMap<string, string> {
  return database.read(key, 'hash')?.fields ?? new Map();
}

function put([key = '', ...rest]: readonly string[], { database }: Call): number {
  if (rest.length % 2 === 1) throw new RedisError("ERR wrong number of arguments for 'hset' command");
  const hash = database.open(key, 'hash').fields;
  const before = hash.size;
  for (const [field, value] of pairs(rest)) hash.set(field, value);
  database.changed(key);
  return hash.size - before;
}

function remove([key = '', ...names]: readonly string[], { database }: Call): number {
  const hash = database.read(key, 'hash')?.fields;
  if (hash === undefined) return 0;
  const removed = names.filter((name) => hash.delete(name)).length;
  if (removed > 0) database.changed(key);
  return removed;
}

function increase([key = '', field = '', amount = '']: readonly string[], call: Call): number {
  const old = fields(key, call).get(field) ?? '0';
  if (!/^-?\d+$/.test(old)) throw new RedisError('ERR hash value is not an integer');
  const value = Number(old) + integer(amount);
  put([key, field, String(value)], call);
  return value;
}

function increaseFloat([key = '', field = '', amount = '']: readonly string[], call: Call): string {
  const value = String(
    float(fields(key, call).get(field) ?? '0', 'ERR hash value is not a float') + float(amount),
  );
  put([key, field, value], call);
  call.logAs([['HSET', key, field, value]]);
  return value;
}

function scan([key = '', , ...options]: readonly string[], call: Call): Reply {
  const { matches } = scanOptions(options);
  return ['0', [...fields(key, call)].filter(([name]) => matches(name)).flat()];
}

/** Commands on hashes. */
export const hashCommands: CommandTable = {
  hset: grows(-4, put),
  hmset: grows(-4, (args, call) => {
    put(args, call);
    return ok;
  }),
  hsetnx: grows(4, (args, call) => (fields(at(args, 0), call).has(at(args, 1)) ? 0 : put(args, call))),
  hget: reads(3, ([key = '', field = ''], call) => fields(key, call).get(field) ?? null),
  hmget: reads(-3, ([key = '', ...names], call) => {
    const hash = fields(key, call);
    return names.map((name) => hash.get(name) ?? null);
  }),
  hgetall: reads(2, ([key = ''], call) => ({ kind: 'map', entries: [...fields(key, call)] })),
  hkeys: reads(2, ([key = ''], call) => [...fields(key, call).keys()]),
  hvals: reads(2, ([key = ''], call) => [...fields(key, call).values()]),
  hlen: reads(2, ([key = ''], call) => fields(key, call).size),
  hstrlen: reads(3, ([key = '', field = ''], call) => (fields(key, call).get(field) ?? '').length),
  hexists: reads(3, ([key = '', field = ''], call) => (fields(key, call).has(field) ? 1 : 0)),
  hdel: writes(-3, remove),
  hincrby: grows(4, increase),
  hincrbyfloat: grows(4, increaseFloat),
  hscan: reads(-3, scan),
};
