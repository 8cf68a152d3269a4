import { LfctlError } from '../../errors/error.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { canaryPrefix } from '../canary-id.ts';
import type { Station } from '../station.ts';

/** Whether anybody has used something in the last 30 days; null where that cannot be known. */
export type InUse = boolean | null;

/** Media that clients registered, whether or not the upload came to an end, beside those of canaries. */
export const mediaInUse = async (postgres: Station<PostgresPort>): Promise<InUse> =>
  await exists(
    postgres,
    `SELECT 1 FROM media m WHERE m.created_at > now() - interval '30 days' AND NOT EXISTS (SELECT 1 FROM trace_media t
     WHERE t.project_id = m.project_id AND t.media_id = m.id AND starts_with(t.trace_id, $1))`,
    [canaryPrefix],
  );

/** Exports that somebody asked for. */
export const exportsInUse = async (postgres: Station<PostgresPort>): Promise<InUse> =>
  await exists(postgres, "SELECT 1 FROM batch_exports WHERE created_at > now() - interval '30 days'", []);

async function exists(
  postgres: Station<PostgresPort>,
  sql: string,
  parameters: readonly unknown[],
): Promise<InUse> {
  if (postgres.state !== 'open') return null;
  try {
    const rows = await postgres.port.query<{ used: boolean }>(`SELECT EXISTS (${sql}) AS used`, parameters);
    return rows[0]?.used ?? null;
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  }
}

/** What it means for a failure that only people outside of the cluster would meet. */
export function useText(used: InUse, things: string): string {
  if (used === null) return `whether ${things} are in use is not known`;
  return used ? `${things} are in use` : `${things} are not in use yet`;
}
