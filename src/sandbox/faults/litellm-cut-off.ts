import { resources } from '../../ports/kube-resources.ts';
import { defineFault } from '../fault.ts';
import { everywhere } from './_applies.ts';
import { readyAll, restartAll } from './_places.ts';

const policy = 'default-deny-egress';

export const litellmCutOffFault = defineFault({
  name: 'litellm-cut-off',
  area: 'clients',
  summary: 'a NetworkPolicy keeps LiteLLM from Langfuse: calls go on, traces are lost',
  firstVerdict: 'litellm/reachable',
  expects: 'findings',
  ...everywhere,
  break: async (context) => {
    const { namespace } = context.names.liteLlm;
    if ((await context.kube.get(resources.networkPolicies, namespace, policy)) === null)
      await context.kube.create(resources.networkPolicies, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: policy, namespace },
        spec: {
          podSelector: {},
          policyTypes: ['Egress'],
          egress: [{ ports: [{ protocol: 'UDP', port: 53 }] }],
        },
      });
    await restartAll(context, ['litellm']);
  },
  mend: async (context) => {
    const { namespace } = context.names.liteLlm;
    await context.kube.remove(resources.networkPolicies, namespace, policy);
    await restartAll(context, ['litellm']);
    await readyAll(context, ['litellm']);
  },
});
