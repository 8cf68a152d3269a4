import { LfctlError } from '../../errors/error.ts';
import type { ObjectsPort } from '../../ports/objects.ts';
import type { Broom } from '../clean/broom.ts';
import { canariesIn, inTurns } from '../clean/raw-files.ts';

/** Where and when a run's exports went. */
export interface Exports {
  readonly projectId: string;
  readonly traces: ReadonlySet<string>;
  /** Keys that answers named. */
  readonly named: ReadonlySet<string>;
  /** When exports were sent that no answer names a file for: web may have kept them all the same. */
  readonly strayed: { readonly from: Date; readonly to: Date } | null;
}

/** Raw files of a run's exports, all of them. */
export type ExportedFiles = () => Promise<ReadonlySet<string>>;

/** More than one listing ever needs. */
const mostListed = 1_000_000;
/** What is read to find strays among the raw files of others. */
const mostRead = 5000;

/** Those that answers named, and those that hold a canary of the run all the same; sought once. */
export function exportedFiles(objects: ObjectsPort, prefix: string, exports: Exports): ExportedFiles {
  const { projectId, named, strayed } = exports;
  const minutes = strayed === null ? [] : minuteFolders(`${prefix}otel/${projectId}/`, strayed);
  let all: Promise<ReadonlySet<string>> | null = null;
  const seek = async (): Promise<ReadonlySet<string>> =>
    new Set([...named, ...(await straysIn(objects, minutes, exports))]);
  return async () => await (all ??= seek());
}

/** Raw files of many canaries: those of JSON events lie below their traces' ids. */
export function tripFilesBroom(objects: ObjectsPort, prefix: string, exported: ExportedFiles): Broom {
  return {
    store: 'objects',
    sweep: async (canaries) => {
      const folders = canaries.flatMap(({ projectId, traceId }) => [
        `${prefix}${projectId}/trace/${traceId}/`,
        `${prefix}${projectId}/observation/${traceId}-`,
      ]);
      const files = await exported();
      await objects.removeAll([...(await keysBelow(objects, folders)), ...files]);
      const homes = [...new Set([...files].map((key) => key.slice(0, key.lastIndexOf('/') + 1)))];
      const still = (await keysBelow(objects, homes)).filter((key) => files.has(key));
      return (await keysBelow(objects, folders)).length + still.length;
    },
  };
}

async function keysBelow(objects: ObjectsPort, folders: readonly string[]): Promise<string[]> {
  const entries = await inTurns(folders, async (folder) => await objects.list(folder, mostListed));
  return entries.flat().map(({ key }) => key);
}

/** `yyyy/mm/dd/hh/mm/` below the project (packages/shared/src/server/otel/OtelIngestionProcessor.ts). */
function minuteFolders(project: string, { from, to }: { readonly from: Date; readonly to: Date }): string[] {
  const minutes: string[] = [];
  for (let at = Math.floor(from.getTime() / 60_000); at <= to.getTime() / 60_000 + 1; at += 1)
    minutes.push(`${project}${new Date(at * 60_000).toISOString().slice(0, 16).replaceAll(/[-T:]/g, '/')}/`);
  return minutes;
}

/** @throws LfctlError OBJECTS_ANSWER where there are too many to look through */
async function straysIn(
  objects: ObjectsPort,
  minutes: readonly string[],
  { named, traces }: Exports,
): Promise<string[]> {
  const keys = (await keysBelow(objects, minutes)).filter((key) => !named.has(key));
  if (keys.length > mostRead)
    throw new LfctlError('OBJECTS_ANSWER', {
      message: `too many raw files to look through for exports without an answer: ${keys.length}`,
    });
  const found = await inTurns(keys, async (key) =>
    (await canariesIn(objects, key)).some((traceId) => traces.has(traceId)) ? [key] : [],
  );
  return found.flat();
}
