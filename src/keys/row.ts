import { LfctlError } from '../errors/error.ts';
import type { PostgresPort, PostgresStatement } from '../ports/postgres.ts';
import { insertRow, liveColumns } from '../tenancy/rows.ts';

/** A row of api_keys as it stands, by its live columns; timestamps are text in UTC. It holds hashes, never a secret. */
export type StoredKey = Readonly<Record<string, string | number | boolean | null>>;

/** An API key with whose it is. */
export interface KeyRow {
  readonly id: string;
  readonly publicKey: string;
  /** `sk-lf-...1234`. */
  readonly displaySecret: string;
  readonly note: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339; no release of Langfuse enforces it. */
  readonly expiresAt: string | null;
  /** Its cache entry goes by this; null until its first use where SALT was not known. */
  readonly fastHash: string | null;
  readonly hashed: string;
  /** Null for a key of an organisation. */
  readonly projectId: string | null;
  readonly projectName: string | null;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly scope: 'PROJECT' | 'ORGANIZATION';
  /** Made by the in-app agent: hidden in the UI, refused outside of an allow-list. */
  readonly isAgentKey: boolean;
  readonly createdByUserId: string | null;
  readonly stored: StoredKey;
}

interface Found {
  readonly stored: StoredKey;
  readonly project: string | null;
  readonly organization_id: string | null;
  readonly organization: string | null;
}

/** `to_jsonb` gives whatever columns there are: organisations came with 3.50, agent keys with 3.176. */
const select = `select to_jsonb(k) as stored, p.name as project, o.id as organization_id, o.name as organization
   from api_keys k
   left join projects p on p.id = k.project_id
   left join organizations o on o.id = coalesce(to_jsonb(k)->>'organization_id', p.org_id)`;

/** All keys, oldest first. @throws LfctlError POSTGRES_* */
export async function allKeys(postgres: PostgresPort): Promise<KeyRow[]> {
  return await find(postgres, 'true', []);
}

/** Keys of one project, oldest first. */
export async function keysOfProject(postgres: PostgresPort, projectId: string): Promise<KeyRow[]> {
  return await find(postgres, 'k.project_id = $1', [projectId]);
}

/** Null where no row has this public key. */
export async function keyByPublic(postgres: PostgresPort, publicKey: string): Promise<KeyRow | null> {
  return (await find(postgres, 'k.public_key = $1', [publicKey]))[0] ?? null;
}

/** Null where no row has this id. */
export async function keyById(postgres: PostgresPort, id: string): Promise<KeyRow | null> {
  return (await find(postgres, 'k.id = $1', [id]))[0] ?? null;
}

/** The key that a secret opens: Langfuse looks it up by this hash alone. */
export async function keyByHash(postgres: PostgresPort, hash: string): Promise<KeyRow | null> {
  return (await find(postgres, 'k.fast_hashed_secret_key = $1', [hash]))[0] ?? null;
}

async function find(
  postgres: PostgresPort,
  where: string,
  parameters: readonly unknown[],
): Promise<KeyRow[]> {
  const sql = `${select} where ${where} order by k.created_at, k.id`;
  return (await postgres.query<Found>(sql, parameters)).map(keyOf);
}

function keyOf({ stored, project, organization_id, organization }: Found): KeyRow {
  return {
    id: text(stored, 'id') ?? '',
    publicKey: text(stored, 'public_key') ?? '',
    displaySecret: text(stored, 'display_secret_key') ?? '',
    note: text(stored, 'note'),
    createdAt: time(stored, 'created_at') ?? '',
    expiresAt: time(stored, 'expires_at'),
    fastHash: text(stored, 'fast_hashed_secret_key'),
    hashed: text(stored, 'hashed_secret_key') ?? '',
    projectId: text(stored, 'project_id'),
    projectName: project,
    organizationId: organization_id,
    organizationName: organization,
    scope: stored['scope'] === 'ORGANIZATION' ? 'ORGANIZATION' : 'PROJECT',
    isAgentKey: stored['is_in_app_agent_key'] === true,
    createdByUserId: text(stored, 'created_by_user_id'),
    stored,
  };
}

/** A text column of a stored row. */
export function text(stored: StoredKey, column: string): string | null {
  const value = stored[column];
  return typeof value === 'string' ? value : null;
}

function time(stored: StoredKey, column: string): string | null {
  const value = text(stored, column);
  return value === null ? null : new Date(`${value}Z`).toISOString();
}

/** Inserts a row as it was, or as the app would write it. @throws LfctlError POSTGRES_* */
export async function insertKey(postgres: PostgresPort, values: StoredKey): Promise<void> {
  const { api_keys: columns } = await liveColumns(postgres, ['api_keys']);
  await postgres.change([insertRow('api_keys', columns, values)]);
}

/**
 * Deletes exactly the row that was looked at. That its hash is still the same is part of it: a first use in
 * between fills the hash in, and with it comes a cache entry that must be removed too.
 */
export function deleteKey(stored: StoredKey): PostgresStatement {
  return {
    sql: 'delete from api_keys where id = $1 and public_key = $2 and fast_hashed_secret_key is not distinct from $3',
    parameters: [text(stored, 'id'), text(stored, 'public_key'), text(stored, 'fast_hashed_secret_key')],
    rows: 1,
  };
}

/** @throws LfctlError KEY_UNKNOWN */
export async function requireKey(postgres: PostgresPort, publicKey: string): Promise<KeyRow> {
  const row = await keyByPublic(postgres, publicKey);
  if (row !== null) return row;
  throw new LfctlError('KEY_UNKNOWN', { message: `no API key has the public key ${publicKey}` });
}
