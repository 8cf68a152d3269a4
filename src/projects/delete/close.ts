import { LfctlError } from '../../errors/error.ts';
import { clearCache } from '../../keys/cache.ts';
import type { Json } from '../../plan/json.ts';
import type { Step } from '../../plan/plan.ts';
import type { PostgresPort, PostgresStatement } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { recordOf } from '../../tenancy/org-api.ts';
import { liveColumns, parameterOf } from '../../tenancy/rows.ts';
import { removeByApi } from '../api.ts';
import type { Project } from '../project.ts';
import type { Way } from '../way.ts';

/**
 * Shuts the project, as Langfuse does first: its keys go, and it is marked as deleted, so that nobody sees or feeds it
 * while it is emptied. Rows first and cache second: in the other order a request in between puts a key back.
 */
export function closeStep(tenancy: Tenancy, postgres: PostgresPort, way: Way, project: Project): Step {
  const id = `close-project:${project.id}`;
  return {
    id,
    text: closeText(tenancy, way),
    undo: null,
    recheck: async () => await requireSame(postgres, project),
    apply: async ({ record }) => {
      const hashes = [...new Set([...hashesIn(record(id)), ...(await hashesOf(postgres, project.id))])];
      await shut(tenancy, postgres, way, project);
      const cleared = await clearCache(tenancy, hashes);
      return { hashes, cleared: cleared.state === 'cleared' ? cleared.entries : 0 };
    },
  };
}

/** Langfuse 2 has no mark. */
function closeText({ generation }: Tenancy, { by }: Way): string {
  const mark = generation === 2 ? '' : ', mark it as deleted';
  return `close the project: remove its API keys with their cache entries${mark}${by === 'api' ? ', through the API' : ''}`;
}

/** The intent of the step: what a killed run needs to clear the cache by, when the rows are gone. */
export async function closeIntent(postgres: PostgresPort, projectId: string): Promise<Json> {
  return { hashes: await hashesOf(postgres, projectId) };
}

async function shut(tenancy: Tenancy, postgres: PostgresPort, way: Way, project: Project): Promise<void> {
  if (way.by === 'api' && project.deletionPendingSince === null) await removeByApi(way.api, project.id);
  const { projects: columns } = await liveColumns(postgres, ['projects']);
  await postgres.change([
    { sql: 'DELETE FROM api_keys WHERE project_id = $1', parameters: [project.id] },
    ...(columns.has('deleted_at') ? [mark(project.id, tenancy.now())] : []),
  ]);
}

const mark = (id: string, at: Date): PostgresStatement => ({
  sql: 'UPDATE projects SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL',
  parameters: [id, parameterOf(at)],
});

async function hashesOf(postgres: PostgresPort, projectId: string): Promise<string[]> {
  const rows = await postgres.query<{ hash: string }>(
    `SELECT fast_hashed_secret_key AS hash FROM api_keys
     WHERE project_id = $1 AND fast_hashed_secret_key IS NOT NULL ORDER BY hash`,
    [projectId],
  );
  return rows.map(({ hash }) => hash);
}

function hashesIn(record: Json | undefined): string[] {
  const { hashes } = recordOf(record);
  return (Array.isArray(hashes) ? (hashes as unknown[]) : []).filter((each) => typeof each === 'string');
}

/** The name was what somebody confirmed. @throws LfctlError PLAN_STALE */
async function requireSame(postgres: PostgresPort, { id, name, organization }: Project): Promise<void> {
  const [row] = await postgres.query<{ name: string; orgId: string }>(
    'SELECT name, org_id AS "orgId" FROM projects WHERE id = $1',
    [id],
  );
  // An earlier part of this run may have removed it.
  if (row === undefined || (row.name === name && row.orgId === organization?.id)) return;
  throw new LfctlError('PLAN_STALE', {
    message: `the project ${id} is now called ${row.name}; nothing was changed`,
  });
}
