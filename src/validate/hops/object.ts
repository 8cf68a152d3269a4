import type { ObjectsPort } from '../../ports/objects.ts';
import type { Hop, Look } from '../hop.ts';
import type { Station } from '../station.ts';

/** Where web keeps what it accepted, before any job is made (packages/shared/src/server/ingestion/eventBucketPath.ts). */
export interface RawFiles {
  /** Of OTLP exports, as their answers name them. */
  readonly keys: readonly string[];
  /** Of JSON events: a folder for each entity. */
  readonly prefixes: readonly string[];
  /** Why the file of an export could not be looked for by what it holds, where its answer does not name it. */
  readonly unnamed?: string;
}

/** Web writes the objects before it answers: what is not there at the first look will not come. */
export function objectHop(station: Station<ObjectsPort>, files: RawFiles): Hop {
  return {
    name: 'object',
    look: async () => (station.state === 'open' ? await look(station.port, files) : station),
  };
}

async function look(objects: ObjectsPort, { keys, prefixes, unnamed }: RawFiles): Promise<Look> {
  const there = await Promise.all([
    ...keys.map(async (key) => (await objects.stat(key)) !== null),
    ...prefixes.map(async (prefix) => (await objects.list(prefix, 1)).length > 0),
  ]);
  const wanted = [...keys, ...prefixes];
  const missing = wanted.filter((_, index) => there[index] !== true);
  if (missing.length > 0)
    return { state: 'failed', detail: `not in the event bucket: ${missing.join(', ')}` };
  if (unnamed !== undefined) return { state: 'unknown', detail: unnamed };
  return { state: 'seen', detail: wanted.length === 1 ? (wanted[0] ?? '') : `${wanted.length} objects` };
}
