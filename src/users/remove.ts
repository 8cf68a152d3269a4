import { LfctlError } from '../errors/error.ts';
import type { Journal } from '../plan/journal.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import type { OrganizationRef } from '../tenancy/organizations.ts';
import { requireRights } from '../tenancy/rights.ts';
import type { Target } from './find.ts';
import { findUser } from './find.ts';
import { leftoverNotes, lossNotes } from './leftovers.ts';
import { organizationMeant } from './organization.ts';
import { refuseLastOwner } from './owners.ts';
import type { PlannedRows } from './plan-rows.ts';
import { planRows, planUndo } from './plan-rows.ts';
import { usersPostgres } from './postgres.ts';
import type { StoredLinks, StoredRows } from './references.ts';
import { keptAtMost, linksThatGo, rowsThatGo, userReferences } from './references.ts';
import type { RemovalKept } from './removal-change.ts';
import { removalChange, removalKept } from './removal-change.ts';
import type { Kept } from './row-step.ts';
import type { KeptRun } from './runs.ts';
import { killedRun, runToUndo, subjectOf } from './runs.ts';
import type { WebSettings } from './web-settings.ts';
import { webSettings } from './web-settings.ts';

const removeOperation = 'user remove';

/** What one asks for: the user as a whole, or its membership alone. */
export interface RemoveWish {
  readonly email: string;
  readonly org: string | undefined;
  readonly unverifiedVersion: boolean;
}

/** A user, or one membership of it, less. @throws LfctlError LAST_OWNER, USER_*, ORGANIZATION_* */
export async function planRemove(tenancy: Tenancy, journal: Journal, wish: RemoveWish): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  verifiedGeneration(tenancy, wish.unverifiedVersion);
  const organization = wish.org === undefined ? null : await organizationMeant(postgres, wish.org);
  const subject = subjectFor(wish.email, organization);
  const killed = await killedRun(journal, removeOperation, subject);
  if (killed !== null && (await isGone(postgres, killed))) return goingOn(postgres, subject, killed);
  const target = await findUser(postgres, wish.email);
  const table = organization === null ? 'users' : 'organization_memberships';
  await requireRights(postgres, [{ table, verb: 'DELETE' }]);
  await refuseLastOwner(postgres, target, organization?.id);
  const { kept, notes } =
    organization === null
      ? await wholeUser(postgres, target, webSettings(tenancy))
      : await oneMembership(postgres, target, organization, webSettings(tenancy));
  const change = removalChange(postgres, kept);
  const basis = { userId: target.id, updatedAt: target.updatedAt.toISOString(), rows: kept.rows.length };
  return planRows(postgres, { operation: removeOperation, subject, change, basis, notes }, killed);
}

/** The user back, with its password, roles and linked accounts. @throws LfctlError USER_NO_UNDO, PLAN_STALE */
export async function planRemoveUndo(
  tenancy: Tenancy,
  journal: Journal,
  { email, org }: Omit<RemoveWish, 'unverifiedVersion'>,
): Promise<PlannedRows> {
  const postgres = usersPostgres(tenancy);
  const organization = org === undefined ? null : await organizationMeant(postgres, org);
  const subject = subjectFor(email, organization);
  const { run, kept } = await runToUndo(journal, removeOperation, subject);
  const change = removalChange(postgres, removalKept(kept));
  return await planUndo(postgres, { operation: removeOperation, subject, change }, run);
}

const subjectFor = (email: string, organization: OrganizationRef | null): string =>
  subjectOf(email, organization === null ? '' : ` in organization ${organization.id}`);

/** A run that was killed after the row had gone: only its lines are missing. */
async function isGone(postgres: PostgresPort, { kept }: KeptRun): Promise<boolean> {
  return (await removalChange(postgres, removalKept(kept)).look()) === 'after';
}

const goingOn = (postgres: PostgresPort, subject: string, killed: KeptRun): PlannedRows =>
  planRows(
    postgres,
    { operation: removeOperation, subject, change: removalChange(postgres, removalKept(killed.kept)) },
    killed,
  );

interface Removal {
  readonly kept: RemovalKept;
  readonly notes: readonly string[];
}

async function wholeUser(postgres: PostgresPort, target: Target, settings: WebSettings): Promise<Removal> {
  const { id: userId, email } = target;
  const references = await userReferences(postgres);
  const rows = await rowsThatGo(postgres, references, userId);
  const links = await linksThatGo(postgres, references, userId);
  const row = await rowOf(postgres, 'users', userId);
  const { notes, ...kept } = keepable(rows, links);
  return {
    kept: { userId, email, where: null, table: 'users', row, owned: ownedIn(rows), ...kept },
    notes: [
      ...lossNotes(rows, links),
      ...notes,
      ...(await leftoverNotes(postgres, userId)),
      ...afterNotes(target, settings),
    ],
  };
}

/** Memberships and linked accounts are always kept: without them nobody is back. */
const core = new Set(['organization_memberships', 'project_memberships', 'Account']);

function keepable(
  rows: readonly StoredRows[],
  links: readonly StoredLinks[],
): Pick<RemovalKept, 'rows' | 'links'> & { readonly notes: readonly string[] } {
  const others = rows.filter(({ table }) => !core.has(table));
  const count = [...others.map((one) => one.rows.length), ...links.map(({ ids }) => ids.length)];
  const all = count.reduce((sum, one) => sum + one, 0) <= keptAtMost;
  const kept = all ? rows : rows.filter(({ table }) => core.has(table));
  return {
    rows: kept.map((one) => ({ ...one })),
    links: all ? links.map((one) => ({ ...one })) : [],
    notes: all
      ? []
      : [
          'an undo puts back the user, its roles and its linked accounts, but not the other rows: they are too many to keep',
        ],
  };
}

const ownedIn = (rows: readonly StoredRows[]): string[] =>
  rows
    .filter(({ table }) => table === 'organization_memberships')
    .flatMap((one) => one.rows)
    .filter((row) => row['role'] === 'OWNER')
    .map((row) => row['org_id'])
    .filter((id) => typeof id === 'string');

async function rowOf(postgres: PostgresPort, table: RemovalKept['table'], id: string): Promise<Kept> {
  const rows = await postgres.query<{ row: Kept }>(
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE t.id = $1`,
    [id],
  );
  return rows[0]?.row ?? {};
}

/** @throws LfctlError USAGE where it is no member */
async function oneMembership(
  postgres: PostgresPort,
  { id: userId, email }: Target,
  organization: OrganizationRef,
  settings: WebSettings,
): Promise<Removal> {
  const found = await postgres.query<{ row: Kept }>(
    'SELECT to_jsonb(m) AS row FROM organization_memberships m WHERE m.user_id = $1 AND m.org_id = $2',
    [userId, organization.id],
  );
  const row = found[0]?.row;
  if (row === undefined)
    throw new LfctlError('USAGE', { message: `${email} is not in organization ${organization.name}` });
  const projects = await postgres.query<{ row: Kept }>(
    'SELECT to_jsonb(p) AS row FROM project_memberships p WHERE p.org_membership_id = $1',
    [row['id']],
  );
  const rows = {
    table: 'project_memberships',
    column: 'org_membership_id',
    rows: projects.map((one) => one.row),
  };
  const owned = row['role'] === 'OWNER' ? [organization.id] : [];
  const base = { userId, email, where: organization.name, table: 'organization_memberships' as const, row };
  const again = settings.initUser?.email === email && settings.initUser.organizationId === organization.id;
  return {
    kept: { ...base, owned, rows: projects.length === 0 ? [] : [rows], links: [] },
    notes: again
      ? [`it will not last: LANGFUSE_INIT_USER_EMAIL makes it OWNER again at every start of web`]
      : [],
  };
}

/** What comes after a removal. */
function afterNotes({ email }: Target, { initUser }: WebSettings): string[] {
  return [
    'its sessions end at once: each page looks the user up by its e-mail',
    initUser?.email === email
      ? 'it will not last: LANGFUSE_INIT_USER_EMAIL makes it again, as OWNER and with LANGFUSE_INIT_USER_PASSWORD, at the next start of web; take it out of its environment first'
      : 'the address may sign up again unless AUTH_DISABLE_SIGNUP=true, without any of its roles',
  ];
}
