import type { PostgresPort } from '../ports/postgres.ts';
import type { Role } from './role.ts';
import type { Kept } from './row-step.ts';

/** An invitation that waits for an address. */
export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly projectId: string | null;
  readonly projectRole: Role | null;
  /** The row as it is, to be put back. */
  readonly row: Kept;
}

/** Sign-up accepts all of them at once (features/auth/lib/createProjectMembershipsOnSignup.ts). */
export async function invitationsOf(postgres: PostgresPort, email: string): Promise<Invitation[]> {
  return await postgres.query<Invitation>(
    `SELECT i.id, i.org_id AS "organizationId", i.org_role AS role, i.project_id AS "projectId",
       i.project_role AS "projectRole", to_jsonb(i) AS row
     FROM membership_invitations i WHERE i.email = lower($1) ORDER BY i.created_at, i.id`,
    [email],
  );
}
