import type { Secret } from '../deployment/secret.ts';
import type { Generation } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import type { Journal } from '../plan/journal.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import { newCuid } from '../tenancy/cuid.ts';
import { requireRights } from '../tenancy/rights.ts';
import type { CreationKept } from './creation-change.ts';
import { creationChange, creationKept } from './creation-change.ts';
import { isEmail, lowered } from './email.ts';
import { rowsOf } from './find.ts';
import type { Invitation } from './invitations.ts';
import { invitationsOf } from './invitations.ts';
import { nameOf, nameProblem } from './name.ts';
import type { NewRoles } from './new-roles.ts';
import { newRoles } from './new-roles.ts';
import { organizationMeant } from './organization.ts';
import { refuseLastOwner } from './owners.ts';
import { hashPassword, passwordProblem } from './password.ts';
import type { PlannedRows } from './plan-rows.ts';
import { planRows, planUndo } from './plan-rows.ts';
import { usersPostgres } from './postgres.ts';
import { parseRole } from './role.ts';
import { killedRun, runToUndo, subjectOf } from './runs.ts';
import type { SignIn } from './sign-in.ts';
import { passwordObstacles, readSignIn } from './sign-in.ts';
import { webSettings } from './web-settings.ts';

const createOperation = 'user create';

/** What one asks for. */
export interface CreateWish {
  readonly email: string;
  readonly name: string | undefined;
  readonly org: string | undefined;
  readonly role: string;
  /** Without a password. */
  readonly ssoOnly: boolean;
  readonly unverifiedVersion: boolean;
  /** Asks for the password; null in a dry run. */
  readonly password:
    | ((whose: string, problem: (password: string) => string | null) => Promise<Secret>)
    | null;
}

/** A new user, as sign-up makes one. @throws LfctlError USER_EXISTS, USAGE, ORGANIZATION_*, PASSWORD_REFUSED */
export async function planCreate(tenancy: Tenancy, journal: Journal, wish: CreateWish): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const generation = verifiedGeneration(tenancy, wish.unverifiedVersion);
  const { email, name } = identityOf(wish, generation);
  await refuseTaken(postgres, email);
  await requireRights(postgres, [
    { table: 'users', verb: 'INSERT' },
    { table: 'organization_memberships', verb: 'INSERT' },
  ]);
  const settings = webSettings(tenancy);
  const invitations = await invitationsOf(postgres, email);
  const wanted = await wantedRole(postgres, wish);
  const roles = await newRoles(postgres, wanted, settings, invitations, tenancy.now());
  const notes = createNotes(email, wish.ssoOnly, roles, await readSignIn(postgres, settings));
  const subject = subjectOf(email);
  const killed = await killedRun(journal, createOperation, subject);
  const userId = killedId(killed?.kept['userId']) ?? newCuid(tenancy.now());
  const password = await hashFor(wish, email, generation);
  const kept = keptOf({ userId, email, name, password }, roles, invitations);
  const change = await creationChange(postgres, tenancy.now, kept);
  const basis = { email, roles: roles.memberships.map(({ organizationId, role }) => [organizationId, role]) };
  return planRows(postgres, { operation: createOperation, subject, change, basis, notes }, killed);
}

/** Takes a user away that lfctl made. @throws LfctlError USER_NO_UNDO, PLAN_STALE, LAST_OWNER */
export async function planCreateUndo(
  tenancy: Tenancy,
  journal: Journal,
  email: string,
): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const { run, kept } = await runToUndo(journal, createOperation, subjectOf(email));
  const known = creationKept(kept);
  await refuseLastOwner(postgres, { id: known.userId, email: known.email });
  const change = await creationChange(postgres, tenancy.now, known);
  return await planUndo(postgres, { operation: createOperation, subject: run.subject, change }, run);
}

const killedId = (id: unknown): string | null => (typeof id === 'string' ? id : null);

function identityOf(
  wish: CreateWish,
  generation: Generation,
): { readonly email: string; readonly name: string } {
  const email = lowered(wish.email.trim());
  if (!isEmail(email))
    throw new LfctlError('USAGE', { message: `'${wish.email}' is no e-mail address that sign-in takes` });
  const name = wish.name ?? nameOf(email);
  const wrong = nameProblem(name, generation);
  if (wrong !== null) throw new LfctlError('USAGE', { message: `the name ${wrong}` });
  return { email, name: name.normalize('NFC') };
}

async function refuseTaken(postgres: PostgresPort, email: string): Promise<void> {
  const [taken] = await rowsOf(postgres, email);
  if (taken === undefined) return;
  const how = taken.password === null ? taken.providers.join(', ') || 'no password yet' : 'a password';
  throw new LfctlError('USER_EXISTS', { message: `${taken.email} is a user already, with ${how}` });
}

async function wantedRole(
  postgres: PostgresPort,
  { org, role }: CreateWish,
): Promise<Parameters<typeof newRoles>[1]> {
  const parsed = parseRole(role);
  return org === undefined
    ? null
    : { organizationId: (await organizationMeant(postgres, org)).id, role: parsed };
}

async function hashFor(wish: CreateWish, email: string, generation: Generation): Promise<string | null> {
  if (wish.ssoOnly || wish.password === null) return null;
  return await hashPassword(await wish.password(email, (text) => passwordProblem(text, generation)));
}

function keptOf(
  identity: Pick<CreationKept, 'userId' | 'email' | 'name' | 'password'>,
  { memberships, projectRoles }: NewRoles,
  invitations: readonly Invitation[],
): CreationKept {
  return {
    ...identity,
    memberships: memberships.map((one) => ({ ...one })),
    projectRoles: projectRoles.map((one) => ({ ...one })),
    invitations: invitations.map(({ id, row }) => ({ id, row })),
  };
}

/** What a new user cannot do. */
function createNotes(email: string, ssoOnly: boolean, { memberships }: NewRoles, signIn: SignIn): string[] {
  const useless = ssoOnly ? [] : passwordObstacles(email, signIn);
  return [
    ...useless.map((why) => `the password will not let ${email} in: ${why}`),
    ...(ssoOnly
      ? [
          'it signs in where the identity provider may link an account to an address that is there already (AUTH_<PROVIDER>_ALLOW_ACCOUNT_LINKING=true)',
        ]
      : []),
    ...(memberships.length === 0 ? ['it is in no organization, and sees nothing until it has a role'] : []),
    ...signIn.unknown.map((what) => `not known, so neither are default roles and SSO rules: ${what}`),
  ];
}
