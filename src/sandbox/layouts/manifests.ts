import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../ports/kube-objects.ts';
import { resources } from '../cluster/resources.ts';
import type { LayoutObject } from './layout.ts';

type Values = Readonly<Record<string, string>>;
interface Manifest extends KubeObject {
  readonly stringData?: Readonly<Record<string, string>>;
}

/** Reads a file of manifests and puts values in the place of `${NAME}`; `$(NAME)` is Kubernetes' own and stays. */
export async function readManifests(file: string, values: Values): Promise<LayoutObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return documents.map((document) => {
    const manifest = filled(document.toJS(), values, file) as Manifest;
    return { resource: resourceOf(manifest, file), object: encoded(manifest) };
  });
}

/** The text of a file with its values. */
export async function readFilled(file: string, values: Values): Promise<string> {
  return fill(await readFile(file, 'utf8'), values, file);
}

function fill(text: string, values: Values, file: string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: no value for \${${name}}`);
    return value;
  });
}

function filled(value: unknown, values: Values, file: string): unknown {
  if (typeof value === 'string') return fill(value, values, file);
  if (Array.isArray(value)) return value.map((each) => filled(each, values, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, values, file)]));
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
