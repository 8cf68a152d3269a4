import { isDeepStrictEqual } from 'node:util';
import { isFields, textOf } from '../fields.ts';
import { badRequest, patchRejected } from './status.ts';

type Container = Record<string, unknown> | unknown[];

const pointer = (path: unknown): string[] =>
  textOf(path)
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const indexIn = (list: readonly unknown[], key: string, limit: number): number => {
  const index = Number(key);
  if (!/^\d+$/.test(key) || index >= limit + list.length) throw patchRejected();
  return index;
};

function valueOf(container: Container, key: string): unknown {
  if (Array.isArray(container)) return container[indexIn(container, key, 0)];
  if (!(key in container)) throw patchRejected();
  return container[key];
}

function locate(
  document: unknown,
  path: readonly string[],
): { readonly at: Container; readonly key: string } {
  const key = path.at(-1);
  if (key === undefined) throw patchRejected();
  const at = path
    .slice(0, -1)
    .reduce<unknown>((from, part) => (isContainer(from) ? valueOf(from, part) : undefined), document);
  if (!isContainer(at)) throw patchRejected();
  return { at, key };
}

function read(document: unknown, path: readonly string[]): unknown {
  const { at, key } = locate(document, path);
  return valueOf(at, key);
}

function add(document: unknown, path: readonly string[], value: unknown): void {
  const { at, key } = locate(document, path);
  if (!Array.isArray(at)) at[key] = value;
  else at.splice(key === '-' ? at.length : indexIn(at, key, 1), 0, value);
}

function remove(document: unknown, path: readonly string[]): void {
  const { at, key } = locate(document, path);
  valueOf(at, key);
  if (Array.isArray(at)) at.splice(Number(key), 1);
  else delete at[key];
}

function replace(document: unknown, path: readonly string[], value: unknown): void {
  const { at, key } = locate(document, path);
  valueOf(at, key);
  if (Array.isArray(at)) at[Number(key)] = value;
  else at[key] = value;
}

function step(document: unknown, operation: Record<string, unknown>): void {
  const path = pointer(operation['path']);
  const value = structuredClone(operation['value']);
  switch (operation['op']) {
    case 'add':
      return add(document, path, value);
    case 'remove':
      return remove(document, path);
    case 'replace':
      return replace(document, path, value);
    case 'copy':
      return add(document, path, structuredClone(read(document, pointer(operation['from']))));
    case 'move': {
      const moved = read(document, pointer(operation['from']));
      remove(document, pointer(operation['from']));
      return add(document, path, moved);
    }
    case 'test':
      if (isDeepStrictEqual(read(document, path), value)) return undefined;
      throw patchRejected();
    default:
      throw patchRejected();
  }
}

/** JSON patch, RFC 6902. Works on a copy. @throws StatusError 422 when a step does not fit, 400 for no patch */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isFields))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${Array.isArray(patch) ? 'value' : typeof patch} into Go value of type []handlers.jsonPatchOp`,
    );
  const document = structuredClone(target);
  for (const operation of patch) step(document, operation);
  return document;
}
