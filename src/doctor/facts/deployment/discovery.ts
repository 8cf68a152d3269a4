import { toView } from '../../../deployment/to-view.ts';
import { defineFact } from '../../fact.ts';

/** What was found: components, stores, routes, owner, neighbours. All later facts stand on it. */
export const deploymentDiscoveryFact = defineFact({
  id: 'deployment/discovery',
  needs: ['kube'],
  after: [],
  cost: 'read',
  collect: async (context) => {
    const deployment = await context.deployment();
    const kube = await context.ports.kube();
    return toView(deployment, kube.context.name);
  },
});
