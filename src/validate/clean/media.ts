import type { ObjectsPort } from '../../ports/objects.ts';
import type { PostgresPort, PostgresStatement } from '../../ports/postgres.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

/** The bucket for media, as its own settings name it. */
export interface MediaStore {
  readonly objects: ObjectsPort;
  readonly bucket: string;
}

/** One upload that is tied to a canary's trace. */
interface MediaRow {
  readonly id: string;
  /** Null where its row is gone. */
  readonly path: string | null;
  readonly bucket: string | null;
  /** Whether others have uploaded the same bytes. */
  readonly shared: boolean;
}

/** Media that belong to canaries' traces alone. Langfuse 3 and 4 tie the link to nothing, so it goes by itself. */
export function mediaBroom(postgres: PostgresPort, { objects, bucket }: MediaStore): Broom {
  return {
    store: 'media',
    sweep: async (canaries) => {
      const rows = await linkedMedia(postgres, canaries);
      // Without its link nobody would know of an object in a bucket that is not this one.
      const reachable = rows.filter((row) => row.shared || row.path === null || row.bucket === bucket);
      const own = reachable.filter(({ shared }) => !shared);
      // The object first: by its row it is found again.
      const paths = own.flatMap(({ path }) => path ?? []);
      await Promise.all(paths.map(async (path) => await objects.remove(path)));
      if (rows.length > 0) await postgres.change(deletions(canaries, reachable, own));
      const stats = await Promise.all(paths.map(async (path) => await objects.stat(path)));
      const left = stats.filter((stat) => stat !== null).length;
      return left + (rows.length === 0 ? 0 : (await linkedMedia(postgres, canaries)).length);
    },
    find: async (projectId) => await findTraces(postgres, projectId),
  };
}

async function linkedMedia(postgres: PostgresPort, canaries: readonly CanaryIds[]): Promise<MediaRow[]> {
  return await postgres.query<MediaRow>(
    `SELECT t.media_id AS id, m.bucket_path AS path, m.bucket_name AS bucket,
       EXISTS (SELECT 1 FROM trace_media other WHERE other.project_id = $1 AND other.media_id = t.media_id
         AND NOT other.trace_id = ANY($2))
       OR EXISTS (SELECT 1 FROM observation_media other
         WHERE other.project_id = $1 AND other.media_id = t.media_id) AS shared
     FROM trace_media t LEFT JOIN media m ON m.project_id = t.project_id AND m.id = t.media_id
     WHERE t.project_id = $1 AND t.trace_id = ANY($2)`,
    [projectOf(canaries), canaries.map(({ traceId }) => traceId)],
  );
}

function deletions(
  canaries: readonly CanaryIds[],
  reachable: readonly MediaRow[],
  own: readonly MediaRow[],
): PostgresStatement[] {
  const traces = canaries.map(({ traceId }) => traceId);
  const ids = (rows: readonly MediaRow[]): string[] => rows.map(({ id }) => id);
  return [
    {
      sql: 'DELETE FROM trace_media WHERE project_id = $1 AND trace_id = ANY($2) AND media_id = ANY($3)',
      parameters: [projectOf(canaries), traces, ids(reachable)],
    },
    {
      sql: 'DELETE FROM media WHERE project_id = $1 AND id = ANY($2)',
      parameters: [projectOf(canaries), ids(own)],
    },
  ];
}

const projectOf = ([first]: readonly CanaryIds[]): string => first?.projectId ?? '';

/** The seal of each id is checked by the caller. */
async function findTraces(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT DISTINCT trace_id AS id FROM trace_media WHERE project_id = $1 AND starts_with(trace_id, $2) LIMIT 10000',
    [projectId, canaryPrefix],
  );
  return rows.map(({ id }) => id);
}
