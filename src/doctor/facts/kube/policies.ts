import { LfctlError } from '../../../errors/error.ts';
import type { FreeFormObject, KubeObject, Pod } from '../../../ports/kube-objects.ts';
import type { KubePort } from '../../../ports/kube.ts';
import { resources } from '../../../ports/kube-resources.ts';
import { defineFact, Skipped } from '../../fact.ts';
import type { Policies, PolicyDenial } from '../../policies.ts';
import { noLiteLlm } from '../../hidden.ts';
import { evaluatePath } from '../../policies.ts';

export interface PathView {
  /** `hyperplane-litellm/litellm → hyperplane-langfuse/langfuse:3000`. */
  readonly path: string;
  readonly from: string;
  readonly denials: readonly PolicyDenial[];
}

/** Whether NetworkPolicies and AuthorizationPolicies let each LiteLLM pod reach web. */
export const kubePoliciesFact = defineFact({
  id: 'kube/policies',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly PathView[]> => {
    const deployment = await context.deployment();
    const web = deployment.components.find((one) => one.role === 'web');
    if (deployment.liteLlm.length === 0) throw noLiteLlm(deployment, context.settings);
    if (web === undefined) throw new Skipped('no web component was found');
    const kube = await context.ports.kube();
    const target = await readPod(kube, web.workload.namespace, web.pods[0]);
    return await Promise.all(
      deployment.liteLlm.map(async (one): Promise<PathView> => {
        const from = `${one.workload.namespace}/${one.workload.name}`;
        const source = await readPod(kube, one.workload.namespace, one.pods[0]);
        const path = `${from} → ${web.workload.namespace}/${web.workload.name}:${web.port}`;
        if (source === null || target === null) return { path, from, denials: [] };
        const policies = {
          network: await bothNamespaces(kube, 'networkPolicies', source, target),
          authorization: await bothNamespaces(kube, 'authorizationPolicies', source, target),
          namespaceLabels: await namespaceLabels(kube, [source, target]),
        };
        return { path, from, denials: evaluatePath(source, target, web.port, policies) };
      }),
    );
  },
});

async function readPod(kube: KubePort, namespace: string, name: string | undefined): Promise<Pod | null> {
  return name === undefined ? null : await kube.get<Pod>(resources.pods, namespace, name);
}

async function bothNamespaces(
  kube: KubePort,
  kind: 'networkPolicies' | 'authorizationPolicies',
  source: Pod,
  target: Pod,
): Promise<FreeFormObject[]> {
  const namespaces = new Set([source, target].map((pod) => pod.metadata.namespace ?? ''));
  const lists = [...namespaces].map(
    async (namespace) => await kube.list<FreeFormObject>(resources[kind], { namespace }),
  );
  return (await Promise.all(lists)).flat();
}

/** Labels that namespaceSelectors refer to; null where namespaces may not be read. */
async function namespaceLabels(kube: KubePort, pods: readonly Pod[]): Promise<Policies['namespaceLabels']> {
  const labels: Record<string, Readonly<Record<string, string>> | null> = {};
  for (const namespace of new Set(pods.map((pod) => pod.metadata.namespace ?? '')))
    labels[namespace] = await labelsOf(kube, namespace);
  return labels;
}

async function labelsOf(kube: KubePort, namespace: string): Promise<Readonly<Record<string, string>> | null> {
  try {
    const object = await kube.get<KubeObject>(resources.namespaces, null, namespace);
    return { 'kubernetes.io/metadata.name': namespace, ...object?.metadata.labels };
  } catch (error) {
    if (error instanceof LfctlError && error.code === 'KUBE_FORBIDDEN') return null;
    throw error;
  }
}
