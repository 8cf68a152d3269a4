import type { Journal, RunSummary } from '../plan/journal.ts';
import { unfinishedRun } from '../plan/pick-run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { verifiedGeneration } from '../tenancy/access.ts';
import { newCuid } from '../tenancy/cuid.ts';
import { requireFreeByApi } from './api.ts';
import { createProjectStep, projectIdOf, requireFree } from './create.ts';
import { requireName } from './name.ts';
import { requireRetention } from './retention.ts';
import type { Route } from './way.ts';
import { projectsLock, routeTo } from './way.ts';

/** A plan, and the run of it that was killed or stopped. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly continues?: RunSummary;
}

/** What `project create` was asked for. */
export interface CreateWish {
  readonly name: string;
  readonly organization: string | undefined;
  readonly retentionDays: number | undefined;
  readonly unverifiedVersion: boolean;
}

const operation = 'project create';

/** @throws LfctlError PROJECT_NAME, PROJECT_TAKEN, RETENTION*, ORGANIZATION_*, VERSION_UNVERIFIED, POSTGRES_*, LANGFUSE_* */
export async function planCreate(tenancy: Tenancy, journal: Journal, wish: CreateWish): Promise<PlannedRun> {
  requireName(wish.name, verifiedGeneration(tenancy, wish.unverifiedVersion));
  const route = await routeTo(tenancy, wish.organization);
  if (wish.retentionDays !== undefined && route.way.by === 'sql')
    requireRetention(tenancy, wish.retentionDays);
  const subject = `project ${route.organization?.name ?? ''}/${wish.name}`;
  const open = unfinishedRun(await journal.runs(), operation, (run) => run.subject === subject);
  const begun = projectIdOf(open?.steps[0]?.record ?? open?.steps[0]?.intent);
  // What an unfinished run has made is not somebody else's.
  await refuseTaken(route, wish.name, begun);
  const plan = planOf(tenancy, route, wish, subject, begun ?? newCuid(tenancy.now()));
  return open === null ? { plan } : { plan, continues: open };
}

async function refuseTaken({ way, organization }: Route, name: string, begun: string | null): Promise<void> {
  if (way.by === 'sql') await requireFree(way.postgres, organization?.id ?? '', name, begun ?? '');
  else if (begun === null) await requireFreeByApi(way.api, name);
}

function planOf(
  tenancy: Tenancy,
  { way, organization, note }: Route,
  { name, retentionDays }: CreateWish,
  subject: string,
  id: string,
): Plan {
  const kept = retentionDays === undefined ? {} : { retentionDays };
  return {
    operation,
    subject,
    lock: projectsLock(tenancy),
    tier: 'small',
    input: { name, organization: organization?.id ?? null, ...kept },
    basis: { organization: organization?.id ?? null, by: way.by },
    steps: [createProjectStep(tenancy, way, { id, name, organization, ...kept })],
    onFailure: 'undo',
    notes: [note],
  };
}
