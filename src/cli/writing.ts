/** The common way of commands that change a deployment's tenants: open it, plan, change. */
import type { Settings } from '../deployment/settings.ts';
import type { RunSummary } from '../plan/journal.ts';
import type { Plan } from '../plan/plan.ts';
import type { Tenancy } from '../tenancy/access.ts';
import type { ChangeContext, ChangePlace, Presenting } from './change.ts';
import type { CommandResult, EnvelopeDeployment } from './command.ts';
import type { Services } from './services.ts';

/** The part of a run's context that reading a deployment's tenants needs. */
export interface TenancyContext {
  readonly settings: Settings;
  readonly services: Services;
  readonly signal: AbortSignal;
}

/** What a command came to after looking. */
export interface Planned {
  readonly plan: Plan;
  readonly presenting: Presenting;
  /** A run that was killed or stopped, to go on with. */
  readonly continues?: RunSummary;
  /** A finished run, to be taken back: `plan` is then its plan. */
  readonly undoes?: RunSummary;
}

/** Opens the deployment for reading. */
export async function reading<Value>(
  { settings, services, signal }: TenancyContext,
  work: (tenancy: Tenancy) => Promise<Value>,
): Promise<Value> {
  const { withTenancy } = await import('../tenancy/access.ts');
  const { env, now } = services;
  return await withTenancy({ settings, openers: services, env, now, signal }, work);
}

/**
 * Opens the deployment, plans, and shows, confirms and applies the plan. What lfctl has done itself is taken back on any
 * version. @throws LfctlError VERSION_UNVERIFIED
 */
export async function writing(
  context: ChangeContext & TenancyContext,
  plan: (tenancy: Tenancy, place: ChangePlace) => Promise<Planned>,
): Promise<CommandResult> {
  const [{ change, undo }, { requireVerified }] = await Promise.all([
    import('./change.ts'),
    import('../tenancy/access.ts'),
  ]);
  return await reading(context, async (tenancy) => {
    const place = await placeOf(tenancy, context.services);
    const planned = await plan(tenancy, place);
    if (planned.undoes === undefined) requireVerified(tenancy, context.options.unverifiedVersion);
    return planned.undoes === undefined
      ? await change(context, place, planned.plan, planned.presenting, planned.continues)
      : await undo(context, place, planned.plan, planned.undoes, planned.presenting);
  });
}

/** Where the deployment's changes are locked and journalled. */
export async function placeOf(tenancy: Tenancy, services: Services): Promise<ChangePlace> {
  const { journalOf, lockPlaces } = await import('../tenancy/place.ts');
  const { journalFolder } = await import('./change.ts');
  const { placeId, deployment, settings } = tenancy;
  return {
    id: placeId,
    name: settings.deployment ?? deployment?.release ?? deployment?.namespace ?? 'langfuse',
    journal: await journalOf(tenancy, await journalFolder(services, placeId)),
    locks: lockPlaces(tenancy),
    deployment: envelopeOf(tenancy),
  };
}

/** `deployment` of the JSON envelope. */
export function envelopeOf({ deployment, kube, version, settings }: Tenancy): EnvelopeDeployment {
  return {
    name: settings.deployment,
    context: kube.state === 'open' ? kube.port.context.name : null,
    namespace: deployment?.namespace ?? null,
    release: deployment?.release ?? null,
    langfuse: { version, mode: deployment?.mode ?? null },
  };
}
