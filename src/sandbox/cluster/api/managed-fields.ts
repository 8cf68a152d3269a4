import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../fields.ts';
import { asFields, fieldsList, textOf } from '../fields.ts';
import type { FieldSet } from './field-sets.ts';
import { fieldSet, leaves, step, union, without } from './field-sets.ts';

/** One owner of fields: an applier, or a client that updates. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  readonly fields: FieldSet;
}

/** The owners in an object's metadata. */
export function managersOf(object: unknown): Manager[] {
  return fieldsList(asFields(asFields(object)['metadata'])['managedFields']).map((entry) => ({
    manager: textOf(entry['manager']),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textOf(entry['apiVersion']),
    time: textOf(entry['time']),
    subresource: textOf(entry['subresource']),
    fields: asFields(entry['fieldsV1']) as FieldSet,
  }));
}

/** The object with these owners in its metadata; owners of nothing are left out. */
export function withManagers(object: Fields, managers: readonly Manager[]): Fields {
  const managedFields = managers
    .filter((each) => Object.keys(each.fields).length > 0)
    .map(({ fields, subresource, ...rest }) => ({
      ...rest,
      fieldsType: 'FieldsV1',
      fieldsV1: fields,
      ...(subresource === '' ? {} : { subresource }),
    }));
  const { managedFields: _, ...metadata } = asFields(object['metadata']);
  return {
    ...object,
    metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields },
  };
}

const setOf = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((inner, segment) => ({ [segment]: inner }), {});

const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, segment) => step(value, segment), object);

/** The leaves that a write set to a new value. */
function changedFields(before: Fields, after: Fields): FieldSet {
  return leaves(fieldSet(after))
    .filter((path) => !isDeepStrictEqual(at(before, path), at(after, path)))
    .reduce<FieldSet>((set, path) => union(set, setOf(path)), {});
}

/** Who writes, by what version of the kind. */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
}

/** Notes who changed what by PUT, PATCH or POST: the writer owns it, the others no longer do. */
export function trackUpdate(before: Fields | null, after: Fields, writer: Writer): Fields {
  const changed = changedFields(before ?? {}, after);
  const known = managersOf(before ?? after);
  const isOwn = (each: Manager): boolean =>
    each.manager === writer.manager && each.operation === 'Update' && each.subresource === writer.subresource;
  const others = known
    .filter((each) => !isOwn(each))
    .map((each) => ({ ...each, fields: without(each.fields, changed) }));
  const fields = union(known.find(isOwn)?.fields ?? {}, changed);
  return withManagers(after, [...others, { ...writer, operation: 'Update', fields }]);
}
