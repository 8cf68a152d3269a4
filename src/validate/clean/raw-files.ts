import { LfctlError } from '../../errors/error.ts';
import type { ObjectEntry, ObjectsPort } from '../../ports/objects.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';
import type { CanaryIds } from '../canary.ts';
import { canaryPrefix } from '../canary-id.ts';

/** A file that could hold a canary is small; larger ones are of others. */
const fileLimitBytes = 64 * 1024;
/** Of one minute of one project. */
const mostFiles = 1000;
/** What is read to find a canary among the raw files of others. */
const mostRead = 2000;
const atOnce = 32;

/**
 * Files of OTLP exports that hold one of these canaries, in the minutes in which they may have come in:
 * `otel/<project>/yyyy/mm/dd/hh/mm/<uuid>.json`, UTC (packages/shared/src/server/otel/OtelIngestionProcessor.ts).
 * @throws LfctlError OBJECTS_ANSWER where there are too many to look through
 */
export async function exportedFiles(
  objects: ObjectsPort,
  prefix: string,
  canaries: readonly CanaryIds[],
): Promise<string[]> {
  const folders = [...new Set(canaries.flatMap((canary) => minuteFolders(prefix, canary)))];
  const entries = await Promise.all(folders.map(async (folder) => await objects.list(folder, mostFiles)));
  const small = entries.flat().filter(({ sizeBytes }) => sizeBytes <= fileLimitBytes);
  if (small.length > mostRead || entries.some(({ length }) => length >= mostFiles))
    throw new LfctlError('OBJECTS_ANSWER', {
      message: `too many raw files to look through for those of spans: ${entries.flat().length} below ${folders[0] ?? ''} and after`,
    });
  const forms = canaries.flatMap(({ traceId }) => idForms(traceId));
  return await keysWith(
    objects,
    small,
    (text) => isCanary(text) && forms.some((form) => text.includes(form)),
  );
}

function minuteFolders(prefix: string, { projectId, exported }: CanaryIds): string[] {
  if (exported === null) return [];
  return Array.from({ length: exported.minutes }, (_, minute) => {
    const at = new Date(exported.from.getTime() + minute * 60_000).toISOString();
    return `${prefix}otel/${projectId}/${at.slice(0, 16).replaceAll(/[-T:]/g, '/')}/`;
  });
}

/** Those of the listed files whose text is a canary's. */
export async function ownFiles(objects: ObjectsPort, entries: readonly ObjectEntry[]): Promise<string[]> {
  const small = entries.filter(({ sizeBytes }) => sizeBytes <= fileLimitBytes);
  return await keysWith(objects, small, isCanary);
}

/** The mark in the id is not enough: name and environment must be a canary's, too. */
const isCanary = (text: string): boolean => text.includes(canaryName) && text.includes(canaryEnvironment);

async function keysWith(
  objects: ObjectsPort,
  entries: readonly Pick<ObjectEntry, 'key'>[],
  wanted: (text: string) => boolean,
): Promise<string[]> {
  const keys = await inTurns(entries, async ({ key }) => {
    const text = (await objects.get(key, fileLimitBytes)).toString();
    return wanted(text) ? [key] : [];
  });
  return keys.flat();
}

/** Each is a connection of its own: not all of a thousand at once. */
export async function inTurns<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let from = 0; from < items.length; from += atOnce)
    values.push(...(await Promise.all(items.slice(from, from + atOnce).map(work))));
  return values;
}

/** Trace ids with the mark in a canary's raw file, in either encoding; none in that of others. */
export async function canariesIn(objects: ObjectsPort, key: string): Promise<string[]> {
  const entry = await objects.stat(key);
  if (entry === null || entry.sizeBytes > fileLimitBytes) return [];
  const text = (await objects.get(key, fileLimitBytes)).toString();
  if (!isCanary(text)) return [];
  const asBytes = [...text.matchAll(bytesForm)].map(([, list = '']) =>
    Buffer.from(list.split(',').map(Number)).toString('hex'),
  );
  return [...new Set([...(text.match(hexForm) ?? []), ...asBytes])];
}

const hexForm = new RegExp(`${canaryPrefix}[0-9a-f]{24}`, 'g');
const bytesForm = new RegExp(
  `\\[(${[...Buffer.from(canaryPrefix, 'hex')].join(',')}(?:,\\d{1,3}){12})\\]`,
  'g',
);

/** What came as protobuf is kept with its ids as Node writes a Buffer in JSON: `{"type":"Buffer","data":[108,102,…]}`. */
const idForms = (traceId: string): readonly string[] => [
  traceId,
  `[${Buffer.from(traceId, 'hex').join(',')}]`,
];
