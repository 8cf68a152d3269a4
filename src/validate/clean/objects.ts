import type { ObjectEntry, ObjectsPort } from '../../ports/objects.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';
import { exportedFiles, ownFiles } from './raw-files.ts';

const mostFiles = 1000;

/**
 * Raw files: a folder for each entity, and the files of OTLP exports.
 * @param known keys of such files, as answers, jobs or rows name them
 */
export function objectsBroom(objects: ObjectsPort, prefix: string, known: readonly string[] = []): Broom {
  const exports = known.filter((key) => key.startsWith(`${prefix}otel/`));
  return {
    store: 'objects',
    sweep: async (canaries) => {
      const keys = await keysOf(objects, prefix, canaries, exports);
      await Promise.all(keys.map(async (key) => await objects.remove(key)));
      return keys.length === 0 ? 0 : (await keysOf(objects, prefix, canaries, exports)).length;
    },
    find: async (projectId) => {
      // Langfuse 4 takes the score alone by JSON.
      const folders = ['trace', 'score'].map((entity) => `${prefix}${projectId}/${entity}/`);
      const entries = await Promise.all(
        folders.map(async (folder) => await objects.list(`${folder}${canaryPrefix}`, mostFiles)),
      );
      const ids = folders.flatMap((folder, index) =>
        (entries[index] ?? []).map(({ key }) => key.slice(folder.length, folder.length + 32)),
      );
      return [...new Set(ids)];
    },
  };
}

async function keysOf(
  objects: ObjectsPort,
  prefix: string,
  canaries: readonly CanaryIds[],
  exports: readonly string[],
): Promise<string[]> {
  const folders = canaries.flatMap(({ projectId, traceId, generationId, scoreId }) => [
    `${prefix}${projectId}/trace/${traceId}/`,
    `${prefix}${projectId}/observation/${generationId}/`,
    // Many generations of one trace: validate --during.
    `${prefix}${projectId}/observation/${traceId}-`,
    `${prefix}${projectId}/score/${scoreId}/`,
  ]);
  const listed = await Promise.all(folders.map(async (folder) => await objects.list(folder, mostFiles)));
  const named = await Promise.all(exports.map(async (key) => await objects.stat(key)));
  const there = named.filter((entry): entry is ObjectEntry => entry !== null);
  const own = await ownFiles(objects, [...listed.flat(), ...there]);
  return [...new Set([...own, ...(await exportedFiles(objects, prefix, canaries))])];
}
