import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject } from 'ajv';

/** One validator for all kinds; every schema has an id of its own. */
export const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
ajv.addFormat('date-time', (text: string) => new Date(text).toISOString() === text);

/** The schema of a kind, as the package ships it. */
export const schemaOf = async (kind: string): Promise<AnySchemaObject> =>
  JSON.parse(await readFile(`schemas/${kind}.json`, 'utf8')) as AnySchemaObject;

/** What is wrong with a document by the schema of its own kind; null when nothing is. */
export async function problemsOf(document: unknown): Promise<unknown> {
  const { kind } = document as { kind: string };
  const validate = ajv.getSchema(`urn:lfctl:schema:${kind}:1`) ?? ajv.compile(await schemaOf(kind));
  return validate(document) === true ? null : validate.errors;
}
