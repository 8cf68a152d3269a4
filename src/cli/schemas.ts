import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../errors/suggest.ts';
import { packageFolder } from './package.ts';
import { usage } from './values.ts';

/** A JSON Schema document. */
export type Schema = Readonly<Record<string, unknown>>;

const folder = (): string => join(packageFolder(), 'schemas');

/** Kinds that have a schema. */
export async function listSchemas(): Promise<{ readonly kind: string; readonly title: string }[]> {
  const kinds = await schemaKinds();
  return await Promise.all(kinds.map(async (kind) => ({ kind, title: titleOf(await parseSchema(kind)) })));
}

/** Names of the kinds, in order. */
export async function schemaKinds(): Promise<string[]> {
  const files = await readdir(folder());
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** @throws LfctlError USAGE */
export async function readSchema(kind: string): Promise<Schema> {
  const kinds = await schemaKinds();
  const known = kinds.find((name) => name.toLowerCase() === kind.toLowerCase());
  if (known === undefined)
    throw usage(
      `no output is of kind '${kind}'`,
      didYouMean(kind, kinds) ?? `known kinds: ${kinds.join(', ')}`,
    );
  return await parseSchema(known);
}

const parseSchema = async (kind: string): Promise<Schema> =>
  JSON.parse(await readFile(join(folder(), `${kind}.json`), 'utf8')) as Schema;

const titleOf = ({ description }: Schema): string => (typeof description === 'string' ? description : '');
