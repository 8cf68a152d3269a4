import { LfctlError } from '../../errors/error.ts';
import type { ObjectsPort } from '../../ports/objects.ts';
import { canaryPrefix } from '../canary-id.ts';
import { jobsWith } from '../jobs.ts';
import type { Station } from '../station.ts';
import type { QueueStore } from '../stations.ts';
import type { Found } from './broom.ts';
import { canariesIn, inTurns } from './raw-files.ts';

/** Raw files that jobs name are read one by one; a backlog holds those of others. */
const mostFiles = 500;

/**
 * Canaries whose jobs wait, or have failed. A job of JSON events names the trace; one of an export names its raw
 * file alone, and that has to be read.
 */
export async function queuedCanaries(
  store: QueueStore,
  objects: Station<{ readonly objects: ObjectsPort }>,
  projectId: string,
): Promise<Found[]> {
  const jobs = await jobsWith(store, projectId);
  const named = jobs.flatMap((data) => data.match(marked) ?? []).map((traceId): Found => ({ traceId }));
  const files = [...new Set(jobs.flatMap((data) => fileIn(data, projectId)))];
  if (objects.state !== 'open' || files.length === 0) return named;
  if (files.length > mostFiles)
    throw new LfctlError('REDIS_ANSWER', {
      message: `too many jobs of exports wait to look through their raw files: ${files.length}`,
    });
  return [...named, ...(await exportedCanaries(objects.port.objects, files))];
}

const marked = new RegExp(`${canaryPrefix}[0-9a-f]{24}`, 'g');

function fileIn(data: string, projectId: string): string[] {
  const key = /"fileKey":"([^"]+)"/.exec(data)?.[1];
  return key?.includes(`otel/${projectId}/`) === true ? [key] : [];
}

async function exportedCanaries(objects: ObjectsPort, files: readonly string[]): Promise<Found[]> {
  const found = await inTurns(files, async (file) =>
    (await canariesIn(objects, file)).map((traceId) => ({ traceId, files: [file] })),
  );
  return found.flat();
}
