/** What a missing right hides: absence is proven only where one may look. */
import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import type { ComponentEnvView } from '../deployment/view.ts';
import { LfctlError } from '../errors/error.ts';
import { Skipped } from './fact.ts';

/**
 * The noted right, for example `forbidden: list services in langfuse`, that hides one of these kinds in a namespace;
 * null where all of it may be seen.
 */
export function hiddenKind(
  unknown: readonly string[],
  kinds: readonly string[],
  namespace: string,
): string | null {
  const here = unknown.filter((text) => text.endsWith(` in ${namespace}`));
  return here.find((text) => kinds.some((kind) => text.includes(` ${kind}`))) ?? null;
}

/** Why the value of a variable is not known for want of a right; null when it is known, or surely not set. */
export function hiddenVariable(env: ComponentEnvView, name: string): string | null {
  const source = env.variables.find((one) => one.name === name)?.source;
  if (source !== undefined)
    return source.from === 'missing' && source.why === 'forbidden' ? `forbidden: ${source.object}` : null;
  const whole = env.unreadable.find((one) => one.why === 'forbidden');
  return whole === undefined ? null : `forbidden: ${whole.object} may hold ${name}`;
}

/** Kinds of objects that run Langfuse: one that may not be listed may hold a second web or the worker. */
export const workloadKinds = ['deployments.', 'statefulsets.', 'daemonsets.'];

/** Kinds of objects that lead from outside to web. */
export const routeKinds = ['services', 'ingresses.', 'virtualservices.', 'httproutes.'];

/** Why there is no LiteLLM to look at: where the settings name its namespace it was asked for, and is unknown. */
export function noLiteLlm(deployment: Deployment, settings: Settings): Skipped | LfctlError {
  const named = settings.liteLlm.namespace?.value ?? null;
  const place = named === null ? 'in all namespaces' : `in ${named}`;
  const hidden = deployment.unknown.find((text) => text.includes('list deployments') && text.endsWith(place));
  if (named === null && hidden === undefined) return new Skipped('not configured: no LiteLLM found');
  if (named === null)
    return new Skipped(
      `not configured: LiteLLM could not be looked for outside ${deployment.namespace} (${hidden ?? ''}); name its namespace with litellm.namespace in the configuration file or LFCTL_LITELLM_NAMESPACE`,
    );
  return hidden === undefined
    ? new LfctlError('DEPLOYMENT_NOT_FOUND', {
        message: `no LiteLLM runs in namespace ${named}, which litellm.namespace of the configuration names`,
      })
    : new LfctlError('KUBE_FORBIDDEN', { message: hidden });
}
