import type { Postgres, SqlRow } from '../langfuse/postgres.ts';
import { HttpError } from './answer.ts';
import { isRecord } from '../langfuse/event-check.ts';

/** A row of organizations, as far as it is read. */
export interface OrganizationRow extends SqlRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly metadata: unknown;
}

/** What may be set of an organisation. */
export interface OrganizationFields {
  readonly name: string;
  readonly metadata: unknown;
}

/** @throws HttpError 400 for a name that does not fit, in the shape of zod's formatError */
export function organizationFields(body: unknown): OrganizationFields {
  const { name, metadata } = isRecord(body) ? body : {};
  const fault = nameFault(name);
  if (fault === undefined && typeof name === 'string') return { name, metadata };
  const details = { _errors: [], name: { _errors: [fault] } };
  throw new HttpError(400, { error: 'Invalid request body', details });
}

function nameFault(name: unknown): string | undefined {
  if (typeof name !== 'string') return `Invalid input: expected string, received ${typeof name}`;
  if (name.length < 3) return 'Must have at least 3 characters';
  if (name.length > 60) return 'Must have at most 60 characters';
  return /<[^>]*>/.test(name) ? 'Text cannot contain HTML tags' : undefined;
}

/** An organisation with the projects that are not being deleted. */
export async function organizationAnswer(postgres: Postgres, row: OrganizationRow): Promise<object> {
  const projects = await postgres.query(
    `SELECT id, name, metadata, created_at AS "createdAt", updated_at AS "updatedAt"
     FROM projects WHERE org_id = $1 AND deleted_at IS NULL`,
    [row.id],
  );
  const { id, name, created_at: createdAt, metadata } = row;
  return { id, name, createdAt, metadata: metadata ?? {}, projects };
}

/** @throws HttpError 404 */
export async function organizationOf(postgres: Postgres, id: string): Promise<OrganizationRow> {
  const [row] = await postgres.query<OrganizationRow>('SELECT * FROM organizations WHERE id = $1', [id]);
  if (row === undefined) throw new HttpError(404, { error: 'Organization not found' });
  return row;
}
