import { LfctlError } from '../../errors/error.ts';
import type { Deployment, Store } from '../../deployment/model.ts';
import type { Sourced } from '../../deployment/settings.ts';
import type { Secret } from '../../deployment/secret.ts';
import type { FactContext } from '../fact.ts';
import { noTarget } from '../no-target.ts';
import type { LoginView } from '../views.ts';

interface Attempt<Target> {
  readonly title: string;
  /** Address that needs no cluster. */
  readonly url: Sourced<Secret> | null;
  /** Opens the port that stands for that address. */
  readonly byUrl: () => Promise<string | null>;
  readonly store: (deployment: Deployment) => Store<Target>;
  readonly host: (target: Target) => string;
  /** Logs in with the deployment's own credentials and gives the server's version. */
  readonly login: (target: Target) => Promise<string | null>;
}

/**
 * Tries the deployment's own credentials; a refusal is a finding, not a failure of the fact.
 * Without a cluster the given URL is what there is to try.
 */
export async function tryLogin<Target>(context: FactContext, attempt: Attempt<Target>): Promise<LoginView> {
  if (attempt.url !== null && context.fact('deployment/discovery').status !== 'known')
    return await timed(context, () => 'direct', attempt.byUrl);
  const store = attempt.store(await context.deployment());
  const { target } = store;
  if (target === null) throw noTarget(store, attempt.title);
  const route = (): LoginView['route'] => context.access.dialer.route(attempt.host(target));
  return await timed(context, route, () => attempt.login(target));
}

async function timed(
  context: FactContext,
  route: () => LoginView['route'],
  attempt: () => Promise<string | null>,
): Promise<LoginView> {
  const startedMs = context.now().getTime();
  try {
    const server = await attempt();
    return { ok: true, route: route(), ms: context.now().getTime() - startedMs, server };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { ok: false, route: route(), code: error.code, message: error.message };
  }
}
