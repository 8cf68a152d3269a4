import type { ConfigMap, Container, Workload } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { LiteLlm } from '../model.ts';
import { resolveEnv } from '../resolve-env.ts';
import { podsOf } from './pods.ts';
import type { Inventory } from './inventory.ts';

/** LiteLLM proxies by their image: in the named namespace, else in the whole cluster, else beside Langfuse. */
export async function findLiteLlm(
  inventory: Inventory,
  named: string | null,
  home: string,
): Promise<LiteLlm[]> {
  const wide = await inventory.list<Workload>(resources.deployments, named);
  const narrow = named === null && inventory.forbidden(resources.deployments, null);
  const workloads = narrow ? await inventory.list<Workload>(resources.deployments, home) : wide;
  const found: LiteLlm[] = [];
  for (const workload of workloads) {
    const container = workload.spec.template.spec.containers.find((one) =>
      /(^|\/)litellm[^/]*$/.test(repository(one)),
    );
    if (container !== undefined) found.push(await describe(inventory, workload, container));
  }
  return found;
}

function repository(container: Container): string {
  return (container.image ?? '').replace(/@.*$/, '').replace(/:[^/]*$/, '');
}

async function describe(inventory: Inventory, workload: Workload, container: Container): Promise<LiteLlm> {
  const namespace = workload.metadata.namespace ?? 'default';
  const pods = await podsOf(inventory, workload);
  return {
    workload: { kind: 'Deployment', namespace, name: workload.metadata.name },
    container: container.name,
    pods: pods.map((pod) => pod.metadata.name),
    port: container.ports?.[0]?.containerPort ?? 4000,
    env: await resolveEnv(container, inventory.lookups(namespace)),
    config: await findConfig(inventory, namespace, workload),
  };
}

/** The mounted ConfigMap with LiteLLM's settings; it has a key that holds `litellm_settings` or `model_list`. */
async function findConfig(
  inventory: Inventory,
  namespace: string,
  workload: Workload,
): Promise<LiteLlm['config']> {
  for (const volume of workload.spec.template.spec.volumes ?? []) {
    const name = volume.configMap?.name;
    if (name === undefined) continue;
    const object = await inventory.get<ConfigMap>(resources.configMaps, namespace, name);
    if (object === null || object === 'forbidden') continue;
    const entry = Object.entries(object.data ?? {}).find(([, value]) =>
      /^(litellm_settings|model_list):/m.test(value),
    );
    if (entry !== undefined) return { object: `${namespace}/${name}`, key: entry[0], text: entry[1] };
  }
  return null;
}
