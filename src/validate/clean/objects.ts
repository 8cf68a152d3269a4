import type { ObjectsPort } from '../../ports/objects.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

/** An OTLP file that could hold a canary is small; larger ones are of others. */
const fileLimitBytes = 64 * 1024;
const mostFiles = 1000;

/** Raw files: a folder for each entity, and the files of OTLP exports by the minute they came in. */
export function objectsBroom(objects: ObjectsPort, prefix: string): Broom {
  return {
    store: 'objects',
    sweep: async (canaries) => {
      const keys = await keysOf(objects, prefix, canaries);
      await Promise.all(keys.map(async (key) => await objects.remove(key)));
      return keys.length === 0 ? 0 : (await keysOf(objects, prefix, canaries)).length;
    },
    find: async (projectId) => {
      const entries = await objects.list(`${prefix}${projectId}/trace/${canaryPrefix}`, mostFiles);
      const ids = entries.map(
        ({ key }) => key.slice(`${prefix}${projectId}/trace/`.length).split('/')[0] ?? '',
      );
      return [...new Set(ids)];
    },
  };
}

async function keysOf(
  objects: ObjectsPort,
  prefix: string,
  canaries: readonly CanaryIds[],
): Promise<string[]> {
  const folders = canaries.flatMap(({ projectId, traceId, generationId, scoreId }) => [
    `${prefix}${projectId}/trace/${traceId}/`,
    `${prefix}${projectId}/observation/${generationId}/`,
    // Many generations of one trace: validate --during.
    `${prefix}${projectId}/observation/${traceId}-`,
    `${prefix}${projectId}/score/${scoreId}/`,
  ]);
  const own = await Promise.all(folders.map(async (folder) => await objects.list(folder, mostFiles)));
  const raw = await Promise.all(canaries.map(async (canary) => await otlpFiles(objects, prefix, canary)));
  return [...new Set([...own.flat().map(({ key }) => key), ...raw.flat()])];
}

/** `otel/<project>/yyyy/mm/dd/hh/mm/<uuid>.json`, UTC (packages/shared/src/server/otel/OtelIngestionProcessor.ts). */
async function otlpFiles(objects: ObjectsPort, prefix: string, canary: CanaryIds): Promise<string[]> {
  const minutes = [0, 60_000].map((later) => new Date(canary.at.getTime() + later).toISOString());
  const folders = minutes.map(
    (at) => `${prefix}otel/${canary.projectId}/${at.slice(0, 16).replaceAll(/[-T:]/g, '/')}/`,
  );
  const entries = (
    await Promise.all(folders.map(async (folder) => await objects.list(folder, mostFiles)))
  ).flat();
  const small = entries.filter(({ sizeBytes }) => sizeBytes <= fileLimitBytes);
  const found = await Promise.all(
    small.map(async ({ key }) => {
      const body = await objects.get(key, fileLimitBytes);
      return idForms(canary).some((form) => body.includes(form)) ? [key] : [];
    }),
  );
  return found.flat();
}

/** What came as protobuf is kept with its ids as Node writes a Buffer in JSON: `{"type":"Buffer","data":[108,102,…]}`. */
const idForms = ({ traceId }: CanaryIds): readonly string[] => [
  traceId,
  `[${Buffer.from(traceId, 'hex').join(',')}]`,
];
