import { envView } from '../../../deployment/env-view.ts';
import type { ComponentEnvView } from '../../../deployment/view.ts';
import { defineFact } from '../../fact.ts';

/** The effective variables of web and worker: names, provenance, fingerprints, shapes; values only of harmless ones. */
export const configEnvFact = defineFact({
  id: 'config/env',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly ComponentEnvView[]> => {
    const deployment = await context.deployment();
    return deployment.components.map((component) => ({
      role: component.role,
      ...envView(component, context.fingerprint),
    }));
  },
});
