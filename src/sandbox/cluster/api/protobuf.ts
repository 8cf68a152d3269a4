import type { Fields } from '../fields.ts';
import { asFields, isFields } from '../fields.ts';
import type { ProtobufField, ProtobufValue } from './protobuf-messages.ts';
import { inlined, protobufMessages } from './protobuf-messages.ts';
import { badRequest, unsupportedMedia } from './status.ts';

interface RawField {
  readonly number: number;
  readonly value: number | Buffer;
}

function varint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, shift = 0; at < bytes.length; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw badRequest('the protobuf body ends in the middle of a number');
}

/** Wire types 0 (number) and 2 (bytes): the API's messages have no others. */
function rawFields(bytes: Buffer): RawField[] {
  const found: RawField[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at);
    const head = varint(bytes, tag.next);
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (wire !== 0 && wire !== 2) throw badRequest(`the protobuf body has a field of wire type ${wire}`);
    if (wire === 0) found.push({ number, value: head.value });
    else found.push({ number, value: bytes.subarray(head.next, head.next + head.value) });
    at = wire === 0 ? head.next : head.next + head.value;
    if (at > bytes.length) throw badRequest('the protobuf body ends in the middle of a field');
  }
  return found;
}

const first = (bytes: Buffer, number: number): number | Buffer | undefined =>
  rawFields(bytes).find((field) => field.number === number)?.value;

const bytesOf = (value: number | Buffer | undefined): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.alloc(0);

/** IntOrString: 1 type (1 = text), 2 number, 3 text. */
const intOrString = (bytes: Buffer): unknown =>
  first(bytes, 1) === 1 ? bytesOf(first(bytes, 3)).toString() : (first(bytes, 2) ?? 0);

function valueOf(type: ProtobufValue, value: number | Buffer): unknown {
  const bytes = bytesOf(value);
  switch (type) {
    case 'int':
      return Number(value);
    case 'bool':
      return value === 1;
    case 'string':
      return bytes.toString('utf8');
    case 'bytes':
      return bytes.toString('base64');
    case 'time':
      return new Date(Number(first(bytes, 1) ?? 0) * 1000).toISOString();
    case 'quantity':
      return bytesOf(first(bytes, 1)).toString('utf8');
    case 'intOrString':
      return intOrString(bytes);
    default:
      return message(type.message, bytes);
  }
}

function put(into: Fields, field: ProtobufField, raw: number | Buffer): void {
  if (field.shape === 'map') {
    const entry = bytesOf(raw);
    const key = bytesOf(first(entry, 1)).toString('utf8');
    const value = valueOf(field.value, first(entry, 2) ?? Buffer.alloc(0));
    into[field.name] = { ...asFields(into[field.name]), [key]: value };
    return;
  }
  const value = valueOf(field.value, raw);
  const list = into[field.name];
  if (field.shape === 'list') into[field.name] = [...(Array.isArray(list) ? list : []), value];
  else if (inlined.has(field.name)) Object.assign(into, value);
  else if (isWorthKeeping(value)) into[field.name] = value;
}

/** Go writes empty texts and zero counts of plain fields; JSON leaves them out. */
const isWorthKeeping = (value: unknown): boolean =>
  value !== '' && !(isFields(value) && Object.values(value).every((each) => each === undefined));

function message(name: string, bytes: Buffer): Fields {
  const known = protobufMessages[name] ?? {};
  const found: Fields = {};
  for (const { number, value } of rawFields(bytes)) {
    const field = known[number];
    if (field !== undefined) put(found, field, value);
  }
  return found;
}

/**
 * The envelope `runtime.Unknown` without its `k8s\0` mark: 1 type meta (1 apiVersion, 2 kind), 2 the object.
 * kubectl's typed clients (`create …`, `auth can-i`) send it.
 * @throws StatusError 415 for other kinds: `kubectl create -f` sends JSON; 400 for a broken body
 */
export function decodeProtobuf(envelope: Buffer): Fields {
  const type = bytesOf(first(envelope, 1));
  const apiVersion = bytesOf(first(type, 1)).toString('utf8');
  const kind = bytesOf(first(type, 2)).toString('utf8');
  if (protobufMessages[kind] === undefined)
    throw unsupportedMedia(
      `the sandbox's API does not read protobuf of kind ${kind}: send JSON (kubectl create -f)`,
    );
  return { apiVersion, kind, ...message(kind, bytesOf(first(envelope, 2))) };
}
