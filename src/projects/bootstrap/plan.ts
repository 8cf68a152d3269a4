import { LfctlError } from '../../errors/error.ts';
import type { PlannedKey } from '../../keys/create-plan.ts';
import { identityOf } from '../../keys/create.ts';
import { checkPlace } from '../../keys/deliver.ts';
import type { PlaceOptions } from '../../keys/places.ts';
import { keysOfProject } from '../../keys/row.ts';
import type { Journal, RunSummary } from '../../plan/journal.ts';
import { unfinishedRun } from '../../plan/pick-run.ts';
import type { Plan, Step } from '../../plan/plan.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { need, verifiedGeneration } from '../../tenancy/access.ts';
import { newCuid } from '../../tenancy/cuid.ts';
import { createProjectStep, projectIdOf } from '../create.ts';
import { readProjects } from '../list.ts';
import { requireName } from '../name.ts';
import type { PlannedRun } from '../plan-create.ts';
import type { Project } from '../project.ts';
import { requireRetention } from '../retention.ts';
import type { Route } from '../way.ts';
import { projectsLock, routeTo } from '../way.ts';
import type { Blueprint, WantedProject } from './blueprint.ts';
import { placeOf, refuseShared } from './places.ts';
import { teamKeyStep, teamKeyStepId } from './team-key.ts';

/** What `project bootstrap` was asked for. */
export interface BootstrapWish {
  readonly blueprint: Blueprint;
  readonly places: PlaceOptions;
  readonly unverifiedVersion: boolean;
  /** Shows a secret to the person at the terminal. */
  readonly show: (text: string) => void;
}

/** The plan, and the keys that it makes. */
export interface BootstrapPlan extends PlannedRun {
  readonly keys: readonly PlannedKey[];
}

const operation = 'project bootstrap';

/** @throws LfctlError PROJECT_NAME, ORGANIZATION_*, RETENTION*, KEY_NOWHERE, KEY_TARGET_TAKEN, USAGE */
export async function planBootstrap(
  tenancy: Tenancy,
  journal: Journal,
  wish: BootstrapWish,
): Promise<BootstrapPlan> {
  const { blueprint, unverifiedVersion } = wish;
  const generation = verifiedGeneration(tenancy, unverifiedVersion);
  for (const { name } of blueprint.projects) requireName(name, generation);
  const route = await routeTo(tenancy, blueprint.organization ?? undefined);
  const subject = `organisation ${route.organization?.id ?? ''}`;
  const open = unfinishedRun(await journal.runs(), operation, (run) => run.subject === subject);
  const there = await livingProjects(tenancy, route);
  const world = { tenancy, route, open, there };
  const projects = blueprint.projects.map((wanted) => projectPart(world, wanted));
  const keys = await keysFor(world, projects, wish);
  refuseShared(keys);
  const plan: Plan = {
    operation,
    subject,
    lock: projectsLock(tenancy),
    tier: 'reversible',
    input: { organization: route.organization?.id ?? null },
    basis: { organization: route.organization?.id ?? null, there: there.map(({ id }) => id) },
    steps: [
      ...projects.flatMap(({ step }) => (step === null ? [] : [step])),
      ...keys.map(({ step }) => step),
    ],
    onFailure: 'undo',
    notes: [route.note],
  };
  return { plan, keys, ...(open === null ? {} : { continues: open }) };
}

interface World {
  readonly tenancy: Tenancy;
  readonly route: Route;
  readonly open: RunSummary | null;
  readonly there: readonly Project[];
}

async function livingProjects(tenancy: Tenancy, { organization }: Route): Promise<Project[]> {
  const { projects } = await readProjects(tenancy);
  return projects.filter(
    (one) =>
      one.deletionPendingSince === null &&
      (organization === null || one.organization?.id === organization.id),
  );
}

interface ProjectPart {
  readonly name: string;
  /** Null for one that its step makes. */
  readonly id: string | null;
  /** Null for one that is there. */
  readonly step: Step | null;
  readonly stepId: string;
}

/** @throws LfctlError PROJECT_AMBIGUOUS, RETENTION* */
function projectPart({ tenancy, route, open, there }: World, wanted: WantedProject): ProjectPart {
  const { organization, way } = route;
  const stepId = `create-project:${organization?.name ?? ''}/${wanted.name}`;
  const [found, ...more] = there.filter(({ name }) => name === wanted.name);
  if (more.length > 0)
    throw new LfctlError('PROJECT_AMBIGUOUS', {
      message: `the organisation has ${String(more.length + 1)} projects called '${wanted.name}'`,
    });
  if (found !== undefined) return { name: wanted.name, id: found.id, step: null, stepId };
  if (wanted.retentionDays !== undefined && way.by === 'sql') requireRetention(tenancy, wanted.retentionDays);
  const begun = open?.steps.find(({ id }) => id === stepId);
  const id = projectIdOf(begun?.record ?? begun?.intent) ?? newCuid(tenancy.now());
  const step = createProjectStep(tenancy, way, { ...wanted, id, organization });
  return { name: wanted.name, id: null, step, stepId: step.id };
}

/** A key whose note is the team's name is that team's, unless a killed run left it without handing its secret out. */
async function keysFor(
  { tenancy, route, open }: World,
  projects: readonly ProjectPart[],
  { blueprint, places, show }: BootstrapWish,
): Promise<PlannedKey[]> {
  const keys: PlannedKey[] = [];
  const organization = route.organization?.name ?? '';
  for (const { name, id, stepId } of blueprint.teams.length === 0 ? [] : projects) {
    const postgres = need(tenancy.postgres, 'keys are made in Postgres');
    const rows = id === null ? [] : await keysOfProject(postgres, id);
    for (const { name: team, toSecret } of blueprint.teams) {
      const project = { name, id, madeBy: stepId };
      const begun = open?.steps.find((step) => step.id === teamKeyStepId({ organization, project, team }));
      const orphan = begun?.state === 'done' ? null : identityOf(begun?.intent);
      if (rows.some((row) => row.note === team && row.id !== orphan?.id)) continue;
      const place = placeOf(places, { project: name, team, toSecret });
      const key = teamKeyStep(tenancy, { organization, project, team, place, identity: orphan, show });
      await checkPlace(tenancy, place, key.identity);
      keys.push(key);
    }
  }
  return keys;
}
