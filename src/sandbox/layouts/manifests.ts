import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../cluster/resources.ts';
import type { LayoutObject } from './layout.ts';

/** Values by name; an entry of a manifest whose whole text is a null value is left out, with the list item it is in. */
export type Values = Readonly<Record<string, string | null>>;
interface Manifest extends KubeObject {
  readonly stringData?: Readonly<Record<string, string>>;
}

/**
 * Reads a file of manifests and puts values in the place of `${NAME}`; `$(NAME)` is Kubernetes' own and stays.
 * A list item `include: FILE` stands for the items of the list in that file, so that web and worker share variables;
 * the file's name may be a value as well.
 */
export async function readManifests(file: string, values: Values): Promise<LayoutObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  const manifests = documents.map(async (document) => {
    const whole = await included(document.toJS(), { file, values });
    const manifest = filled(whole, values, file) as Manifest;
    return { resource: resourceOf(manifest, file), object: encoded(manifest) };
  });
  return Promise.all(manifests);
}

/** The YAML of a file with its values. */
export async function readYaml(file: string, values: Values): Promise<unknown> {
  return filled(parse(await readFile(file, 'utf8')), values, file);
}

interface Source {
  readonly file: string;
  readonly values: Values;
}

async function included(value: unknown, source: Source): Promise<unknown> {
  if (Array.isArray(value)) {
    const items = value.map(async (item: unknown) => {
      const file = includedFile(item, source);
      if (file === null) return [await included(item, source)];
      const list: unknown = parse(await readFile(join(dirname(source.file), file), 'utf8'));
      return Array.isArray(list) ? list : [list];
    });
    return (await Promise.all(items)).flat();
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await included(each, source)]);
  return Object.fromEntries(await Promise.all(entries));
}

function includedFile(item: unknown, { file, values }: Source): string | null {
  const named: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, 'include') : null;
  const name = typeof named === 'string' ? fill(named, values, file) : null;
  return typeof name === 'string' ? name : null;
}

/** What stands for an entry that is left out. */
const absent = Symbol('absent');

function filled(value: unknown, values: Values, file: string): unknown {
  if (typeof value === 'string') return fill(value, values, file);
  if (Array.isArray(value)) {
    const items = value.map((each) => filledItem(each, values, file));
    return items.filter((each) => each !== absent);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, filled(each, values, file)]);
  return Object.fromEntries(entries.filter(([, each]) => each !== absent));
}

function filledItem(item: unknown, values: Values, file: string): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return filled(item, values, file);
  const entries = Object.entries(item).map(([key, each]) => [key, filled(each, values, file)]);
  return entries.some(([, each]) => each === absent) ? absent : Object.fromEntries(entries);
}

function fill(text: string, values: Values, file: string): string | typeof absent {
  const whole = /^\$\{(\w+)\}$/.exec(text)?.[1];
  if (whole !== undefined && values[whole] === null) return absent;
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === null) throw new Error(`${file}: no value for \${${name}}`);
    return value;
  });
}

/** stringData becomes data, as the API server does it on writing. */
function encoded(manifest: Manifest): KubeObject {
  const { stringData, ...rest } = manifest;
  if (stringData === undefined) return rest;
  const data = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return { ...rest, data: Object.fromEntries(data) } as KubeObject;
}

function resourceOf(manifest: Manifest, file: string): LayoutObject['resource'] {
  const found = resources.find(
    ({ group, version, kind }) =>
      kind === manifest.kind && manifest.apiVersion === (group === '' ? version : `${group}/${version}`),
  );
  if (found === undefined)
    throw new Error(`${file}: no resource for ${manifest.apiVersion} ${manifest.kind}`);
  return { group: found.group, version: found.version, plural: found.plural };
}
