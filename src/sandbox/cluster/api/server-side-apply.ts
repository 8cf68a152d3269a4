import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../fields.ts';
import { asFields, isFields } from '../fields.ts';
import type { FieldSet } from './field-sets.ts';
import { fieldSet, holds, leaves, pathText, step, without, withProtocol } from './field-sets.ts';
import type { Manager, Writer } from './managed-fields.ts';
import { managersOf, withManagers } from './managed-fields.ts';
import { applyKeys, isAtomicMap, isSet } from './merge-keys.ts';
import { StatusError } from './status.ts';

interface Clash {
  readonly manager: Manager;
  readonly path: readonly string[];
}

const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, segment) => step(value, segment), object);

function clashes(live: Fields, applied: Fields, set: FieldSet, others: readonly Manager[]): Clash[] {
  return leaves(set)
    .filter((path) => !isDeepStrictEqual(at(live, path), at(applied, path)))
    .flatMap((path) =>
      others.filter((each) => holds(each.fields, path)).map((manager) => ({ manager, path })),
    );
}

const clashText = ({ manager }: Clash): string => {
  const part = manager.subresource === '' ? '' : ` with subresource "${manager.subresource}"`;
  const version = manager.operation === 'Update' ? ` using ${manager.apiVersion}` : '';
  return `conflict with "${manager.manager}"${part}${version}`;
};

function conflictError(found: readonly Clash[]): StatusError {
  const lines = found.map((clash) => `${clashText(clash)}: ${pathText(clash.path)}`);
  const causes = found.map((clash) => ({
    reason: 'FieldManagerConflict',
    message: clashText(clash),
    field: pathText(clash.path),
  }));
  const message =
    lines.length === 1
      ? `Apply failed with 1 conflict: ${lines[0] ?? ''}`
      : `Apply failed with ${lines.length} conflicts: ${groupedText(found)}`;
  return new StatusError(409, 'Conflict', message, { causes });
}

/** Several conflicts are listed under their manager. */
function groupedText(found: readonly Clash[]): string {
  return [...new Set(found.map(clashText))]
    .map((text) => {
      const own = found.filter((clash) => clashText(clash) === text);
      return `${text.replace('conflict', 'conflicts')}:${own.map((clash) => `\n- ${pathText(clash.path)}`).join('')}`;
    })
    .join('\n');
}

function mergeList(field: string, live: unknown, applied: readonly unknown[]): unknown {
  if (!Array.isArray(live)) return applied;
  if (isSet(field)) return [...new Set([...(live as unknown[]), ...applied])];
  const keys = applyKeys(field, [...applied, ...(live as unknown[])]);
  if (keys === null) return applied;
  const same = (left: unknown, right: unknown): boolean =>
    keys.every((key) => withProtocol(asFields(left))[key] === withProtocol(asFields(right))[key]);
  const kept = (live as unknown[]).map((item) => {
    const match = applied.find((each) => same(each, item));
    return match === undefined ? item : mergeFields(item, asFields(match));
  });
  return [...kept, ...applied.filter((each) => !(live as unknown[]).some((item) => same(item, each)))];
}

function mergeFields(live: unknown, applied: Fields): Fields {
  const merged: Fields = { ...asFields(live) };
  for (const [field, value] of Object.entries(applied)) {
    if (Array.isArray(value)) merged[field] = mergeList(field, merged[field], value);
    else if (isFields(value) && !isAtomicMap(field)) merged[field] = mergeFields(merged[field], value);
    else merged[field] = value;
  }
  return merged;
}

/** Takes out what the applier no longer sets and nobody else owns. */
function prune(value: unknown, gone: FieldSet): unknown {
  if (isFields(value)) return pruneFields(value, gone);
  if (!Array.isArray(value)) return value;
  const items = (value as unknown[]).flatMap((item) => {
    const segment = Object.keys(gone).find((each) => each !== '.' && step([item], each) !== undefined);
    const inner = segment === undefined ? undefined : gone[segment];
    if (inner === undefined) return [item];
    return inner['.'] !== undefined || Object.keys(inner).length === 0 ? [] : [prune(item, inner)];
  });
  return items;
}

function pruneFields(value: Fields, gone: FieldSet): Fields {
  const rest: Fields = { ...value };
  for (const [segment, inner] of Object.entries(gone)) {
    const field = segment.slice(2);
    if (!segment.startsWith('f:') || !(field in rest)) continue;
    if (Object.keys(inner).length === 0) delete rest[field];
    else rest[field] = prune(rest[field], inner);
  }
  return rest;
}

/**
 * Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 * @param live null when the object is new
 * @throws StatusError 409 when another manager owns a field with another value, unless forced
 */
export function serverSideApply(
  live: Fields | null,
  applied: Fields,
  writer: Writer,
  force: boolean,
): Fields {
  const set = fieldSet(applied);
  const managers = managersOf(live);
  const isOwn = (each: Manager): boolean => each.manager === writer.manager && each.operation === 'Apply';
  const others = managers.filter((each) => !isOwn(each));
  const found = live === null ? [] : clashes(live, applied, set, others);
  if (found.length > 0 && !force) throw conflictError(found);
  const contested = new Set(found.map((clash) => clash.manager));
  const remaining = others.map((each) =>
    contested.has(each) ? { ...each, fields: without(each.fields, clashSet(found, each, set)) } : each,
  );
  const before = managers.find(isOwn)?.fields ?? {};
  const gone = remaining.reduce((rest, each) => without(rest, each.fields), without(before, set));
  const merged = mergeFields(pruneFields(live ?? {}, gone), applied);
  return withManagers(merged, [...remaining, { ...writer, operation: 'Apply', fields: set }]);
}

const clashSet = (found: readonly Clash[], manager: Manager, set: FieldSet): FieldSet => {
  const own = found.filter((clash) => clash.manager === manager).map((clash) => clash.path.join('\0'));
  const keep = (at: FieldSet, path: readonly string[]): FieldSet =>
    Object.fromEntries(
      Object.entries(at).flatMap(([segment, inner]) => {
        const here = [...path, segment].join('\0');
        if (own.includes(here)) return [[segment, inner] as const];
        return own.some((each) => each.startsWith(`${here}\0`))
          ? [[segment, keep(inner, [...path, segment])] as const]
          : [];
      }),
    );
  return keep(set, []);
};
