import type { Postgres } from '../langfuse/postgres.ts';
import type { KeyRow, NewKey } from './key-store.ts';

/** The column that names a key's owner. */
const ownerColumn = (scope: NewKey['scope']): 'project_id' | 'organization_id' =>
  scope === 'PROJECT' ? 'project_id' : 'organization_id';

/** The keys of a project or an organisation, oldest first; those of the agent inside the app are hidden. */
export async function listKeys(
  postgres: Postgres,
  scope: NewKey['scope'],
  ownerId: string,
): Promise<object[]> {
  const rows = await postgres.query<KeyRow>(
    `SELECT * FROM api_keys WHERE ${ownerColumn(scope)} = $1 AND scope = $2 AND NOT is_in_app_agent_key
     ORDER BY created_at`,
    [ownerId, scope],
  );
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    note: row.note,
    publicKey: row.public_key,
    displaySecretKey: row.display_secret_key,
  }));
}

/** One key of that owner; undefined for another's, and for one of the agent inside the app. */
export async function findKeyOf(
  postgres: Postgres,
  scope: NewKey['scope'],
  ownerId: string,
  id: string,
): Promise<KeyRow | undefined> {
  const [row] = await postgres.query<KeyRow>(
    `SELECT * FROM api_keys WHERE ${ownerColumn(scope)} = $1 AND scope = $2 AND id = $3
     AND NOT is_in_app_agent_key`,
    [ownerId, scope, id],
  );
  return row;
}
