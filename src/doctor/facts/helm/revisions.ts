import type { HelmRevision } from '../../../ports/helm.ts';
import { defineFact, Skipped } from '../../fact.ts';

/** Helm's records of the deployment's release, oldest first; no value of any values file is in it. */
export const helmRevisionsFact = defineFact({
  id: 'helm/revisions',
  needs: ['kube'],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly HelmRevision[]> => {
    const deployment = await context.deployment();
    const helm = await context.ports.helm();
    const release = deployment.owner.kind === 'helm' ? deployment.owner.name : deployment.release;
    const all = await helm.revisions(deployment.owner.namespace ?? deployment.namespace);
    const own = all.filter((revision) => revision.release === release);
    if (own.length === 0) throw new Skipped('not owned by Helm');
    return own;
  },
});
