import type { ObjectsPort } from '../../ports/objects.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { CanaryIds } from '../canary.ts';
import type { Broom } from './broom.ts';

/** The bucket for media, as its own settings name it. */
export interface MediaStore {
  readonly objects: ObjectsPort;
  readonly bucket: string;
}

interface MediaRow {
  readonly id: string;
  readonly path: string;
}

/** Media that belong to canaries' traces alone. Langfuse 3 and 4 tie the link to nothing, so it goes by itself. */
export function mediaBroom(postgres: PostgresPort, { objects, bucket }: MediaStore): Broom {
  return {
    store: 'media',
    sweep: async (canaries) => {
      const parameters = parametersOf(canaries);
      const rows = await postgres.query<MediaRow>(ownMedia, [...parameters, bucket]);
      // The object first: without its row nobody would know of it.
      await Promise.all(rows.map(async ({ path }) => await objects.remove(path)));
      await postgres.change([
        { sql: `DELETE FROM trace_media WHERE ${linked}`, parameters },
        {
          sql: 'DELETE FROM media WHERE project_id = $1 AND id = ANY($2)',
          parameters: mediaIds(canaries, rows),
        },
      ]);
      const stats = await Promise.all(rows.map(async ({ path }) => await objects.stat(path)));
      const links = await postgres.query<{ found: number }>(
        `SELECT count(*)::int AS found FROM trace_media WHERE ${linked}`,
        parameters,
      );
      return stats.filter((stat) => stat !== null).length + (links[0]?.found ?? 0);
    },
    find: async (projectId) => await findTraces(postgres, projectId),
  };
}

const linked = 'project_id = $1 AND trace_id = ANY($2)';

/** Bytes that others have uploaded as well stay, with their row. */
const ownMedia = `SELECT m.id, m.bucket_path AS path FROM media m
  WHERE m.project_id = $1 AND m.bucket_name = $3
    AND EXISTS (SELECT 1 FROM trace_media t
      WHERE t.project_id = $1 AND t.media_id = m.id AND t.trace_id = ANY($2))
    AND NOT EXISTS (SELECT 1 FROM trace_media t
      WHERE t.project_id = $1 AND t.media_id = m.id AND NOT t.trace_id = ANY($2))
    AND NOT EXISTS (SELECT 1 FROM observation_media o WHERE o.project_id = $1 AND o.media_id = m.id)`;

const parametersOf = (canaries: readonly CanaryIds[]): readonly unknown[] => [
  canaries[0]?.projectId ?? '',
  canaries.map(({ traceId }) => traceId),
];

const mediaIds = (canaries: readonly CanaryIds[], rows: readonly MediaRow[]): readonly unknown[] => [
  canaries[0]?.projectId ?? '',
  rows.map(({ id }) => id),
];

/** The seal of each id is checked by the caller. */
async function findTraces(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ id: string }>(
    'SELECT DISTINCT trace_id AS id FROM trace_media WHERE project_id = $1 AND starts_with(trace_id, $2) LIMIT 10000',
    [projectId, canaryPrefix],
  );
  return rows.map(({ id }) => id);
}
