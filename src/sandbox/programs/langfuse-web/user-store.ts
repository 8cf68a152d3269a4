import { bcryptHash } from '../langfuse/api-key.ts';
import type { Connections } from '../langfuse/connections.ts';
import { insertRow } from '../langfuse/insert.ts';
import { isEntitled, planOf } from '../langfuse/plan.ts';
import type { SqlRow } from '../langfuse/postgres.ts';

type UserPlace = Pick<Connections, 'postgres' | 'settings'>;

/** A row of users, as far as it is read. */
export interface UserRow extends SqlRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly password: string | null;
  readonly image: string | null;
  readonly admin: boolean;
  readonly email_verified: Date | null;
}

/** Langfuse's cost for passwords; keys have 11. */
const passwordCost = 12;

/** The user with that address, which is kept in lower case. */
export async function findUser({ postgres }: UserPlace, email: string): Promise<UserRow | undefined> {
  const [row] = await postgres.query<UserRow>('SELECT * FROM users WHERE email = $1', [email.toLowerCase()]);
  return row;
}

/**
 * Writes a user and the memberships that the instance gives to everyone
 * (web/src/features/auth-credentials/lib/credentialsServerUtils.ts).
 *
 * @returns the user's id
 * @throws Error with the text that the sign-up form shows
 */
export async function createUser(
  place: UserPlace,
  { email, password, name }: { readonly email: string; readonly password: string; readonly name: string },
): Promise<string> {
  if (password.length < 8) throw new Error('Password needs to be at least 8 characters long.');
  const known = await findUser(place, email);
  if (known !== undefined)
    throw new Error(
      known.password === null
        ? 'You have already signed up via an identity provider. Please sign in.'
        : 'User with email already exists. Please sign in.',
    );
  const { id } = await insertRow<UserRow>(place.postgres, 'users', {
    email: email.toLowerCase(),
    password: await bcryptHash(password, passwordCost),
    name,
  });
  await joinDefaults(place, id);
  await acceptInvitations(place, id, email.toLowerCase());
  return id;
}

/** LANGFUSE_DEFAULT_ORG_ID and _PROJECT_ID; roles of projects need the licence (createProjectMembershipsOnSignup.ts). */
async function joinDefaults(place: UserPlace, userId: string): Promise<void> {
  const { postgres, settings } = place;
  const list = (name: string): string[] =>
    (settings.text(name) ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const orgRole = settings.text('LANGFUSE_DEFAULT_ORG_ROLE') ?? 'VIEWER';
  const orgs = await postgres.query<{ id: string }>('SELECT id FROM organizations WHERE id = ANY($1)', [
    list('LANGFUSE_DEFAULT_ORG_ID'),
  ]);
  for (const { id } of orgs) await joinOrganization(place, id, userId, orgRole);
  const projects = await postgres.query<{ id: string; org_id: string }>(
    'SELECT id, org_id FROM projects WHERE id = ANY($1)',
    [list('LANGFUSE_DEFAULT_PROJECT_ID')],
  );
  const role = settings.text('LANGFUSE_DEFAULT_PROJECT_ROLE') ?? 'VIEWER';
  for (const { id, org_id: orgId } of projects) {
    const membershipId = await joinOrganization(place, orgId, userId, role);
    if (isEntitled(planOf(settings))) await joinProject(place, { id, userId, membershipId, role });
  }
}

/** A role that is there stays. @returns the membership's id */
async function joinOrganization(
  { postgres }: UserPlace,
  orgId: string,
  userId: string,
  role: string,
): Promise<string> {
  const [known] = await postgres.query<{ id: string }>(
    'SELECT id FROM organization_memberships WHERE org_id = $1 AND user_id = $2',
    [orgId, userId],
  );
  if (known !== undefined) return known.id;
  const fields = { org_id: orgId, user_id: userId, role };
  return (await insertRow<{ id: string }>(postgres, 'organization_memberships', fields)).id;
}

interface ProjectMembership {
  readonly id: string;
  readonly userId: string;
  readonly membershipId: string;
  readonly role: string;
}

async function joinProject({ postgres }: UserPlace, membership: ProjectMembership): Promise<void> {
  const { id, userId, membershipId, role } = membership;
  await postgres.query(
    `INSERT INTO project_memberships (project_id, user_id, org_membership_id, role) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [id, userId, membershipId, role],
  );
}

interface InvitationRow extends SqlRow {
  readonly id: string;
  readonly org_id: string;
  readonly org_role: string;
  readonly project_id: string | null;
  readonly project_role: string | null;
}

/** Invitations for the address become memberships at sign-up, and at no other time. */
async function acceptInvitations(place: UserPlace, userId: string, email: string): Promise<void> {
  const { postgres } = place;
  const invitations = await postgres.query<InvitationRow>(
    'SELECT * FROM membership_invitations WHERE email = $1',
    [email],
  );
  for (const {
    id,
    org_id: orgId,
    org_role: orgRole,
    project_id: project,
    project_role: role,
  } of invitations) {
    const membershipId = await joinOrganization(place, orgId, userId, orgRole);
    if (project !== null && role !== null)
      await joinProject(place, { id: project, userId, membershipId, role });
    await postgres.query('DELETE FROM membership_invitations WHERE id = $1', [id]);
  }
}
