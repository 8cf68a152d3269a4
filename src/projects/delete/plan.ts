import { envUnknown } from '../../deployment/resolve-env.ts';
import { LfctlError } from '../../errors/error.ts';
import type { Json } from '../../plan/json.ts';
import type { Journal, JournalRun, RunSummary } from '../../plan/journal.ts';
import { unfinishedRun } from '../../plan/pick-run.ts';
import type { Step } from '../../plan/plan.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { verifiedGeneration } from '../../tenancy/access.ts';
import { recordOf } from '../../tenancy/org-api.ts';
import { findProject } from '../find.ts';
import type { PlannedRun } from '../plan-create.ts';
import type { Project } from '../project.ts';
import { provisionedBy } from '../show.ts';
import type { Way } from '../way.ts';
import { projectsLock, routeTo } from '../way.ts';
import { planByApi } from './by-api.ts';
import { closeIntent, closeStep } from './close.ts';
import type { Estate, Pause } from './estate.ts';
import { estateOf, pauseFor } from './estate.ts';
import { amountText } from './holding.ts';
import { purgeStep, verifyStep } from './steps.ts';

/** What `project delete` was asked for. */
export interface DeleteWish {
  readonly project: string;
  /** What stores hold that the settings do not offer stays, and is said. */
  readonly leaves: boolean;
  readonly unverifiedVersion: boolean;
}

const operation = 'project delete';

/** @throws LfctlError PROJECT_*, NOT_CONFIGURED, POSTGRES_*, and those of the stores */
export async function planDelete(
  tenancy: Tenancy,
  journal: Journal,
  wish: DeleteWish,
  pause: Pause = pauseFor,
): Promise<PlannedRun> {
  verifiedGeneration(tenancy, wish.unverifiedVersion);
  const { open, project } = await meant(tenancy, await journal.runs(), wish.project);
  refuseProvisioned(tenancy, project);
  if (tenancy.postgres.state !== 'open') return await planByApi(tenancy, project);
  const postgres = tenancy.postgres.port;
  await requireRights(postgres);
  const { way } =
    open === null ? await routeTo(tenancy, project.organization?.id) : { way: sqlWay(postgres) };
  const estate = await estateOf(tenancy, postgres, project.id, { leaves: wish.leaves, pause });
  const plan = {
    operation,
    subject: `project ${project.id}`,
    lock: projectsLock(tenancy),
    tier: 'large',
    input: {
      id: project.id,
      name: project.name,
      organization: project.organization,
      createdAt: project.createdAt,
    },
    basis: { id: project.id, name: project.name, organization: project.organization?.id ?? null },
    steps: await stepsOf(tenancy, postgres, way, project, estate, pause),
    onFailure: 'stop',
    notes: await notesOf(tenancy, project, estate),
  } as const;
  return open === null ? { plan } : { plan, continues: open };
}

const sqlWay = (postgres: PostgresPort): Way => ({ by: 'sql', postgres });

interface Meant {
  readonly project: Project;
  /** The run that deletes it and did not come to an end. */
  readonly open: RunSummary | null;
}

/** A project whose deletion has begun is known by the journal alone; a living one goes before it where names are alike. */
async function meant(tenancy: Tenancy, runs: readonly JournalRun[], wanted: string): Promise<Meant> {
  const openBy = (field: 'id' | 'name', value: string): RunSummary | null =>
    unfinishedRun(runs, operation, ({ input }) => recordOf(input)[field] === value);
  const byId = openBy('id', wanted);
  if (byId !== null) return { open: byId, project: projectOf(byId.input) };
  try {
    const project = await findProject(tenancy, wanted);
    const open = openBy('id', project.id);
    return { open, project: open === null ? project : projectOf(open.input) };
  } catch (error) {
    const byName = openBy('name', wanted);
    if (byName === null || !(error instanceof LfctlError) || error.code !== 'PROJECT_UNKNOWN') throw error;
    return { open: byName, project: projectOf(byName.input) };
  }
}

/** The project as the unfinished run began with it. */
function projectOf(input: Json): Project {
  const { id, name, organization, createdAt } = recordOf(input);
  const { id: orgId, name: orgName } = recordOf(organization);
  return {
    id: String(id),
    name: String(name),
    organization: typeof orgId === 'string' ? { id: orgId, name: String(orgName) } : null,
    createdAt: String(createdAt),
    retentionDays: null,
    deletionPendingSince: null,
    keys: null,
    tracesLastDay: null,
  };
}

/** @throws LfctlError PROJECT_PROVISIONED */
function refuseProvisioned(tenancy: Tenancy, { id, name }: Project): void {
  const variable = provisionedBy(tenancy, id);
  if (variable === null) return;
  throw new LfctlError('PROJECT_PROVISIONED', {
    message: `${variable} of web names ${name} (${id}): the next start of web would make it again; nothing was changed`,
  });
}

/** A role that may only read is told before anything is touched. @throws LfctlError POSTGRES_FORBIDDEN */
async function requireRights(postgres: PostgresPort): Promise<void> {
  const [row] = await postgres.query<{ role: string; may: boolean }>(
    `SELECT current_user::text AS role, NOT pg_is_in_recovery()
       AND has_table_privilege('projects', 'UPDATE') AND has_table_privilege('projects', 'DELETE')
       AND has_table_privilege('api_keys', 'DELETE') AS may`,
  );
  if (row?.may === true) return;
  throw new LfctlError('POSTGRES_FORBIDDEN', {
    message: `the role ${row?.role ?? ''} may not delete from projects and api_keys here; nothing was changed`,
  });
}

async function stepsOf(
  tenancy: Tenancy,
  postgres: PostgresPort,
  way: Way,
  project: Project,
  { holdings }: Estate,
  pause: Pause,
): Promise<Step[]> {
  const close = closeStep(tenancy, postgres, way, project);
  return [
    { ...close, intent: await closeIntent(postgres, project.id) },
    ...holdings.map(purgeStep),
    verifyStep(project.id, holdings, pause),
  ];
}

/** Counts belong here and not to the steps: they change while the project lives, and the token must not. */
async function notesOf(
  tenancy: Tenancy,
  { name, organization }: Project,
  { holdings, left }: Estate,
): Promise<string[]> {
  const counts = await Promise.all(
    holdings.map(async (holding) => ({ holding, amount: await holding.count() })),
  );
  const there = counts.filter(({ amount }) => amount.count > 0);
  return [
    `${name} in ${organization?.name ?? 'its organisation'} has now: ${there.map(({ holding, amount }) => `${amountText(amount)} ${holding.title}`).join(', ') || 'nothing'}`,
    'its lines in audit_logs stay, as they do when Langfuse deletes a project',
    ...Object.entries(left).map(([store, why]) => `${store} stays: ${why}`),
    ...provisioningNotes(tenancy),
  ];
}

/** Whether web would make it again is not known everywhere. */
function provisioningNotes({ deployment }: Tenancy): string[] {
  const variable = 'LANGFUSE_INIT_PROJECT_ID';
  const webs = deployment?.components.filter(({ role }) => role === 'web') ?? [];
  const why = webs.map(({ env }) => envUnknown(env, variable)).find((one) => one !== null);
  if (webs.length > 0 && why === undefined) return [];
  return [`whether ${variable} of web would make it again is not known: ${why ?? 'web was not looked at'}`];
}
