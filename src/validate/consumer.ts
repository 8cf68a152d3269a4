import { successCallbacks } from '../doctor/facts/litellm/config.ts';
import { formsOf, proxyVersionOf } from '../doctor/litellm-forms.ts';
import type { LiteLlm } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import type { Workload } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { KubePort } from '../ports/kube.ts';
import type { Way } from './canary.ts';
import { waysOf } from './session.ts';
import type { Run } from './start.ts';

/**
 * The ways of this Langfuse's SDKs, and that of an older one where LiteLLM sends by it: a Langfuse 4 in events_only
 * takes the one and refuses the other, so that the first alone would prove nothing for those who use LiteLLM.
 */
export async function waysFor(run: Run): Promise<readonly Way[]> {
  const { era, deployment } = run;
  const ways = waysOf(era);
  if (era.mode !== 'events_only' || ways.includes('json') || deployment === null) return ways;
  const old = await Promise.all(deployment.liteLlm.map(async (one) => await sendsJson(run.kube, one)));
  return old.includes(true) ? [...ways, 'json'] : ways;
}

/** Only where its version and its settings both say so. */
async function sendsJson(kube: () => Promise<KubePort>, neighbour: LiteLlm): Promise<boolean> {
  const { parseYaml } = await import('../deployment/yaml.ts');
  const callbacks = successCallbacks(neighbour, parseYaml);
  if (!callbacks.includes('langfuse')) return false;
  const { namespace, name } = neighbour.workload;
  try {
    const found = await (await kube()).get<Workload>(resources.deployments, namespace, name);
    const containers = found?.spec.template.spec.containers ?? [];
    const image = containers.find((one) => one.name === neighbour.container)?.image ?? '';
    const forms = formsOf(callbacks, proxyVersionOf(image));
    return forms.length > 0 && forms.every((form) => form === 'json');
  } catch (error) {
    if (error instanceof LfctlError) return false;
    throw error;
  }
}
