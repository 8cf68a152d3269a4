import type { Reply } from '../reply.ts';
import { grows, integer, reads, writes } from './command.ts';
import type { Call, CommandTable } from './command.ts';
import { scanOptions } from './keys.ts';

function members(key: string, { database }: Call): ReadonlySet<string> {
  return database.read(key, 'set')?.members ?? new Set();
}

function add([key = '', ...values]: readonly string[], { database }: Call): number {
  const set = database.open(key, 'set').members;
  const before = set.size;
  for (const value of values) set.add(value);
  database.changed(key);
  return set.size - before;
}

function remove([key = '', ...values]: readonly string[], { database }: Call): number {
  const set = database.read(key, 'set')?.members;
  if (set === undefined) return 0;
  const removed = values.filter((value) => set.delete(value)).length;
  if (removed > 0) database.changed(key);
  return removed;
}

function pop([key = '', count]: readonly string[], call: Call): Reply {
  const taken = [...members(key, call)].slice(0, count === undefined ? 1 : integer(count));
  remove([key, ...taken], call);
  call.logAs(taken.length === 0 ? [] : [['SREM', key, ...taken]]);
  return count === undefined ? (taken[0] ?? null) : taken;
}

function move([from = '', to = '', value = '']: readonly string[], call: Call): number {
  if (remove([from, value], call) === 0) return 0;
  add([to, value], call);
  return 1;
}

type Combine = (sets: readonly ReadonlySet<string>[]) => string[];

const union: Combine = (sets) => [...new Set(sets.flatMap((set) => [...set]))];
const intersection: Combine = ([first = new Set(), ...rest]) =>
  [...first].filter((value) => rest.every((set) => set.has(value)));
const difference: Combine = ([first = new Set(), ...rest]) =>
  [...first].filter((value) => rest.every((set) => !set.has(value)));

const combined =
  (combine: Combine) =>
  (keys: readonly string[], call: Call): Reply => ({
    kind: 'set',
    members: combine(keys.map((key) => members(key, call))),
  });

const stored =
  (combine: Combine) =>
  ([to = '', ...keys]: readonly string[], call: Call): number => {
    const values = combine(keys.map((key) => members(key, call)));
    call.database.remove(to);
    return values.length === 0 ? 0 : add([to, ...values], call);
  };

/** Commands on sets. */
export const setCommands: CommandTable = {
  sadd: grows(-3, add),
  srem: writes(-3, remove),
  spop: writes(-2, pop),
  smove: grows(4, move),
  smembers: reads(2, ([key = ''], call) => ({ kind: 'set', members: [...members(key, call)] })),
  srandmember: reads(-2, ([key = '', count], call) => {
    const all = [...members(key, call)];
    return count === undefined ? (all[0] ?? null) : all.slice(0, Math.abs(integer(count)));
  }),
  scard: reads(2, ([key = ''], call) => members(key, call).size),
  sismember: reads(3, ([key = '', value = ''], call) => (members(key, call).has(value) ? 1 : 0)),
  smismember: reads(-3, ([key = '', ...values], call) =>
    values.map((value) => (members(key, call).has(value) ? 1 : 0)),
  ),
  sunion: reads(-2, combined(union)),
  sinter: reads(-2, combined(intersection)),
  sdiff: reads(-2, combined(difference)),
  sunionstore: grows(-3, stored(union)),
  sinterstore: grows(-3, stored(intersection)),
  sdiffstore: grows(-3, stored(difference)),
  sscan: reads(-3, ([key = '', , ...options], call) => {
    const { matches } = scanOptions(options);
    return ['0', [...members(key, call)].filter((member) => matches(member))];
  }),
};
