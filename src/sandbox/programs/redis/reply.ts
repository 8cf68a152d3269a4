/** What a command gives back, before it is written in the client's protocol version. Strings hold bytes (latin1). */
export type Reply =
  | string
  | number
  | null
  | readonly Reply[]
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'no-list' }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Reply, Reply])[] }
  | { readonly kind: 'set'; readonly members: readonly string[] }
  | { readonly kind: 'score'; readonly value: number }
  | { readonly kind: 'push'; readonly items: readonly Reply[] }
  /** Nothing is written: the command wrote for itself. */
  | { readonly kind: 'silent' };

/** RESP2, or RESP3 after HELLO 3. */
export type ProtocolVersion = 2 | 3;

/** A refusal that becomes an error reply, with its leading word: ERR, WRONGTYPE, OOM … */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** `+OK`. */
export const ok: Reply = { kind: 'status', text: 'OK' };
/** No reply at all. */
export const silent: Reply = { kind: 'silent' };
/** The null list, `*-1`. */
export const noList: Reply = { kind: 'no-list' };

/** A simple string. */
export function status(text: string): Reply {
  return { kind: 'status', text };
}

/** An error; its first word is the code. */
export function errorReply(text: string): Reply {
  return { kind: 'error', text };
}

/** A number of a sorted set: a double in RESP3, text before. */
export function score(value: number): Reply {
  return { kind: 'score', value };
}

/** A number as Redis prints scores: `%.17g` of C, and `inf` for infinity. */
export function formatNumber(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e17) return value.toPrecision(17).replace(/\.?0+$/, '');
  return value
    .toExponential(16)
    .replace(/\.?0+e/, 'e')
    .replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A reply on the wire. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function encodeReply(reply: Reply, version: ProtocolVersion): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (reply === null) return version === 3 ? '_\r\n' : '$-1\r\n';
  if (!('kind' in reply)) return list('*', reply, version);
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text.replace(/[\r\n]+/g, ' ')}\r\n`;
    case 'no-list':
      return version === 3 ? '_\r\n' : '*-1\r\n';
    case 'map':
      return encodeMap(reply.entries, version);
    case 'set':
      return list(version === 3 ? '~' : '*', reply.members, version);
    case 'score':
      return version === 3 ? `,${formatNumber(reply.value)}\r\n` : encodeReply(formatNumber(reply.value), 2);
    case 'push':
      return list(version === 3 ? '>' : '*', reply.items, version);
    case 'silent':
      return '';
  }
}

function encodeMap(entries: readonly (readonly [Reply, Reply])[], version: ProtocolVersion): string {
  const head = version === 3 ? `%${entries.length}\r\n` : `*${entries.length * 2}\r\n`;
  return (
    head +
    entries
      .flat()
      .map((part) => encodeReply(part, version))
      .join('')
  );
}

function list(mark: string, items: readonly Reply[], version: ProtocolVersion): string {
  return `${mark}${items.length}\r\n${items.map((item) => encodeReply(item, version)).join('')}`;
}

/** A command as a client sends it. */
export function encodeCommand(args: readonly string[]): string {
  return list('*', args, 2);
}
