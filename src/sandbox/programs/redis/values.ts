import { SortedSet } from './sorted-set.ts';

/** Milliseconds and a number that tells entries of one millisecond apart. */
export type StreamId = readonly [milliseconds: number, sequence: number];

/** One entry of a stream. */
export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: readonly string[];
}

/** A stream with the id of its last entry. */
export interface Stream {
  entries: StreamEntry[];
  lastId: StreamId;
}

/** What a key holds. Strings hold bytes (latin1). */
export type Value =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'list'; readonly items: string[] }
  | { readonly type: 'hash'; readonly fields: Map<string, string> }
  | { readonly type: 'set'; readonly members: Set<string> }
  | { readonly type: 'zset'; readonly members: SortedSet }
  | { readonly type: 'stream'; readonly stream: Stream };

/** As TYPE names it. */
export type ValueType = Value['type'];
/** A value of one type. */
export type ValueOf<Type extends ValueType> = Extract<Value, { readonly type: Type }>;

const empty: { readonly [Type in ValueType]: () => ValueOf<Type> } = {
  string: () => ({ type: 'string', text: '' }),
  list: () => ({ type: 'list', items: [] }),
  hash: () => ({ type: 'hash', fields: new Map() }),
  set: () => ({ type: 'set', members: new Set() }),
  zset: () => ({ type: 'zset', members: new SortedSet() }),
  stream: () => ({ type: 'stream', stream: { entries: [], lastId: [0, 0] } }),
};

/** A value without members. */
export function emptyValue<Type extends ValueType>(type: Type): ValueOf<Type> {
  return empty[type]();
}

/** Whether the value has a type, for narrowing by a type that is itself a parameter. */
export function hasType<Type extends ValueType>(value: Value, type: Type): value is ValueOf<Type> {
  return value.type === type;
}

/** A value that changes apart from the first. */
export function copyOf(value: Value): Value {
  switch (value.type) {
    case 'string':
      return value;
    case 'list':
      return { type: 'list', items: [...value.items] };
    case 'hash':
      return { type: 'hash', fields: new Map(value.fields) };
    case 'set':
      return { type: 'set', members: new Set(value.members) };
    case 'zset': {
      const members = new SortedSet();
      for (const member of value.members.slice(0, value.members.size))
        members.put(member, value.members.score(member) ?? 0);
      return { type: 'zset', members };
    }
    case 'stream':
      return { type: 'stream', stream: { ...value.stream, entries: [...value.stream.entries] } };
  }
}

/** Members of a collection; strings and streams always count as filled. */
export function isEmpty(value: Value): boolean {
  switch (value.type) {
    case 'list':
      return value.items.length === 0;
    case 'hash':
      return value.fields.size === 0;
    case 'set':
    case 'zset':
      return value.members.size === 0;
    case 'string':
    case 'stream':
      return false;
  }
}

/** About how many bytes a value takes, from a few samples, as MEMORY USAGE does. */
export function estimateBytes(value: Value): number {
  switch (value.type) {
    case 'string':
      return value.text.length + 56;
    case 'list':
      return sampled(
        value.items.length,
        value.items.slice(0, 5).map((item) => item.length + 11),
      );
    case 'hash':
      return sampled(
        value.fields.size,
        first(value.fields, ([name, text]) => name.length + text.length + 40),
      );
    case 'set':
      return sampled(
        value.members.size,
        first(value.members, (member) => member.length + 56),
      );
    case 'zset':
      return sampled(
        value.members.size,
        value.members.slice(0, 5).map((member) => member.length + 80),
      );
    case 'stream':
      return sampled(
        value.stream.entries.length,
        value.stream.entries.slice(0, 5).map(({ fields }) => fields.join('').length + 24),
      );
  }
}

function sampled(size: number, samples: readonly number[]): number {
  if (samples.length === 0) return 64;
  return 64 + Math.round((size * samples.reduce((total, bytes) => total + bytes, 0)) / samples.length);
}

function first<Item>(items: Iterable<Item>, sizeOf: (item: Item) => number): number[] {
  const sizes: number[] = [];
  for (const item of items) {
    if (sizes.length === 5) break;
    sizes.push(sizeOf(item));
  }
  return sizes;
}

/** How OBJECT ENCODING calls it. */
export function encodingOf(value: Value): string {
  switch (value.type) {
    case 'string':
      return /^-?\d{1,18}$/.test(value.text) ? 'int' : value.text.length <= 44 ? 'embstr' : 'raw';
    case 'list':
      return value.items.length <= 128 ? 'listpack' : 'quicklist';
    case 'hash':
      return value.fields.size <= 128 ? 'listpack' : 'hashtable';
    case 'set':
      return 'hashtable';
    case 'zset':
      return value.members.size <= 128 ? 'listpack' : 'skiplist';
    case 'stream':
      return 'stream';
  }
}
