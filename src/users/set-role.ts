import { LfctlError } from '../errors/error.ts';
import { pickProject, projects } from '../keys/project.ts';
import type { Journal } from '../plan/journal.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import type { OrganizationRef } from '../tenancy/organizations.ts';
import { requireRights } from '../tenancy/rights.ts';
import type { Target } from './find.ts';
import { findUser } from './find.ts';
import { organizationMeant } from './organization.ts';
import { losesOwner, refuseLastOwner } from './owners.ts';
import type { PlannedRows } from './plan-rows.ts';
import { planRows, planUndo } from './plan-rows.ts';
import { usersPostgres } from './postgres.ts';
import type { Role } from './role.ts';
import { parseRole } from './role.ts';
import type { RoleKept } from './role-change.ts';
import { membershipOf, roleChange, roleKept } from './role-change.ts';
import { killedRun, runToUndo, subjectOf } from './runs.ts';
import type { WebSettings } from './web-settings.ts';
import { webSettings } from './web-settings.ts';

const roleOperation = 'user set-role';

/** Where a role is meant. */
interface RolePlace {
  readonly organization: OrganizationRef;
  readonly project: { readonly id: string; readonly name: string } | null;
}

/** What one asks for. */
export interface RoleWish {
  readonly email: string;
  /** Undefined for an undo. */
  readonly role: string | undefined;
  readonly org: string | undefined;
  readonly project: string | undefined;
  readonly unverifiedVersion: boolean;
}

/** Another role, or the first one. @throws LfctlError LAST_OWNER, USER_*, USAGE, ORGANIZATION_*, PROJECT_* */
export async function planSetRole(tenancy: Tenancy, journal: Journal, wish: RoleWish): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  verifiedGeneration(tenancy, wish.unverifiedVersion);
  if (wish.role === undefined)
    throw new LfctlError('USAGE', { message: 'the role is missing: OWNER, ADMIN, MEMBER, VIEWER or NONE' });
  const role = parseRole(wish.role);
  const target = await findUser(postgres, wish.email);
  const place = await placeMeant(postgres, wish);
  const subject = roleSubject(target.email, place);
  const kept = await keptFor(postgres, target, place, role, tenancy.now());
  const notes = roleNotes(target, kept, webSettings(tenancy));
  const wanted = { operation: roleOperation, subject, notes };
  if (kept.before === kept.after) return planRows(postgres, { ...wanted, change: null }, null);
  if (kept.projectId === null && losesOwner(kept.before, kept.after))
    await refuseLastOwner(postgres, target, kept.organizationId);
  await requireRights(postgres, rightsFor(kept));
  const change = await roleChange(postgres, tenancy.now, kept);
  const basis = { userId: target.id, before: kept.before };
  return planRows(postgres, { ...wanted, change, basis }, await killedRun(journal, roleOperation, subject));
}

/** The role of before, where nobody has changed it since. */
export async function planRoleUndo(tenancy: Tenancy, journal: Journal, wish: RoleWish): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const subject = roleSubject(wish.email, await placeMeant(postgres, wish));
  const { run, kept } = await runToUndo(journal, roleOperation, subject);
  const change = await roleChange(postgres, tenancy.now, roleKept(kept));
  return await planUndo(postgres, { operation: roleOperation, subject, change }, run);
}

const roleSubject = (email: string, { organization, project }: RolePlace): string =>
  subjectOf(email, project === null ? ` in organization ${organization.id}` : ` in project ${project.id}`);

async function placeMeant(postgres: PostgresPort, { org, project }: RoleWish): Promise<RolePlace> {
  if (project === undefined) return { organization: await organizationMeant(postgres, org), project: null };
  const all = await projects(postgres);
  if (org === undefined) {
    const found = pickProject(all, project);
    return { organization: found.organization, project: found };
  }
  const organization = await organizationMeant(postgres, org);
  const own = all.filter((one) => one.organization.id === organization.id);
  return { organization, project: pickProject(own, project) };
}

/** @throws LfctlError USAGE for a project of an organization that the user is not in */
async function keptFor(
  postgres: PostgresPort,
  target: Target,
  { organization, project }: RolePlace,
  role: Role,
  now: Date,
): Promise<RoleKept> {
  const membership = await membershipOf(postgres, target.id, organization.id, now);
  const { id: userId, email } = target;
  const base = { userId, email, organizationId: organization.id, membershipId: membership.id };
  if (project === null)
    return { ...base, where: organization.name, projectId: null, before: membership.role, after: role };
  if (membership.role === null)
    throw new LfctlError('USAGE', {
      message: `${email} is not in organization ${organization.name}, and a role in its project hangs on that`,
      fixes: [
        {
          text: 'give it a role there first; NONE keeps it to its projects',
          command: `lfctl user set-role ${email} NONE --org ${organization.id}`,
        },
      ],
    });
  const rows = await postgres.query<{ role: Role }>(
    'SELECT role FROM project_memberships WHERE user_id = $1 AND project_id = $2',
    [userId, project.id],
  );
  // The app has no row for NONE: it takes the role of its own away, and the organization's counts.
  const after = role === 'NONE' ? null : role;
  const where = `${organization.name}/${project.name}`;
  return { ...base, where, projectId: project.id, before: rows[0]?.role ?? null, after };
}

function rightsFor({ projectId, before, after }: RoleKept): Parameters<typeof requireRights>[1] {
  const table = projectId === null ? 'organization_memberships' : 'project_memberships';
  const verb = before === null ? 'INSERT' : after === null ? 'DELETE' : 'UPDATE';
  return [{ table, verb }];
}

/** What a role does not do by itself. */
function roleNotes(target: Target, kept: RoleKept, settings: WebSettings): string[] {
  const { email, admin } = target;
  const { initUser, projectRolesEntitled } = settings;
  const notes: string[] = [];
  const isInit = initUser?.email === email && initUser.organizationId === kept.organizationId;
  if (isInit && kept.projectId === null && kept.after !== 'OWNER')
    notes.push(
      `it will not last: LANGFUSE_INIT_USER_EMAIL makes ${email} OWNER of ${kept.where} at every start of web; take it out of web's environment first`,
    );
  if (admin)
    notes.push(`${email} has the admin flag, and with it owner rights everywhere whatever its roles`);
  if (kept.projectId !== null && !projectRolesEntitled)
    notes.push(
      "a role in a project counts without a licence too, but Langfuse's own pages set and change it with an Enterprise licence alone (rbac-project-roles)",
    );
  if (kept.projectId !== null && kept.after === null)
    notes.push('without a role of its own in the project its role in the organization counts there');
  return notes;
}
