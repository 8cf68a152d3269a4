import { LfctlError } from '../../errors/error.ts';
import type { Journal } from '../../plan/journal.ts';
import type { Step } from '../../plan/plan.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { verifiedGeneration } from '../../tenancy/access.ts';
import type { PlannedRun } from '../plan-create.ts';
import type { Project } from '../project.ts';
import { provisionedBy } from '../show.ts';
import type { Way } from '../way.ts';
import { projectsLock, routeTo } from '../way.ts';
import { planByApi } from './by-api.ts';
import { closeIntent, closeStep } from './close.ts';
import type { Estate, Pause } from './estate.ts';
import { estateOf, pauseFor } from './estate.ts';
import { deleteOperation, meant } from './meant.ts';
import { notesOf } from './notes.ts';
import { purgeStep, verifyStep } from './steps.ts';

/** What `project delete` was asked for. */
export interface DeleteWish {
  readonly project: string;
  /** What stores hold that the settings do not offer stays, and is said. */
  readonly leaves: boolean;
  readonly unverifiedVersion: boolean;
}

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
    operation: deleteOperation,
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
