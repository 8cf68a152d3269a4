import { envUnknown } from '../../deployment/resolve-env.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import type { Project } from '../project.ts';
import type { Estate } from './estate.ts';
import { amountText } from './holding.ts';

/** Counts belong here and not to the steps: they change while the project lives, and the token must not. */
export async function notesOf(
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
