import { describe, expect, it } from 'vitest';
import type { KubeObject, Workload } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { found } from '../../../src/sandbox/cluster/kinds.ts';
import type { Applied } from './applied.ts';
import { applied, combinations } from './applied.ts';

function workload({ store, layout }: Applied, name: string): Workload {
  const web = found<Workload>(store, resources.deployments, layout.names.namespace, name);
  if (web === null) throw new Error(`${name} is not there`);
  return web;
}

const objectsOf = ({ layout }: Applied): KubeObject[] =>
  layout.stages.flatMap(({ objects }) => objects.map(({ object }) => object));

describe.each(combinations)('owner $owner of $name with Langfuse $generation', (combination) => {
  it('is told by the marks on web and worker', async () => {
    const cluster = await applied(combination);
    const { names } = cluster.layout;
    for (const name of [...names.webs, ...(names.worker === null ? [] : [names.worker])]) {
      const { annotations = {}, ownerReferences = [] } = workload(cluster, name).metadata;
      const operator = ownerReferences.some(({ kind }) => kind === 'LangfuseInstance');
      expect(operator, name).toBe(combination.owner === 'operator');
      const tracked = 'argocd.argoproj.io/tracking-id' in annotations;
      expect(tracked, name).toBe(combination.owner === 'argo-cd');
    }
  });

  it('keeps Helm out where it is not used', async () => {
    const cluster = await applied(combination);
    const text = JSON.stringify(objectsOf(cluster));
    const helm = combination.owner === null && combination.name !== 'plain';
    expect(text.includes('meta.helm.sh/release-name')).toBe(helm);
    expect(text.includes('helm.sh/release.v1')).toBe(helm);
    expect(cluster.layout.names.release !== null).toBe(helm);
  });
});

describe('the marks', () => {
  it('of Argo CD are those of its tracking and its server-side apply', async () => {
    const cluster = await applied({ name: 'chart-2', generation: 3, owner: 'argo-cd' });
    const web = workload(cluster, 'prod-langfuse-web');
    expect(web.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id': 'prod:apps/Deployment:observability/prod-langfuse-web',
    });
    expect(web.metadata).toMatchObject({
      managedFields: [{ manager: 'argocd-controller', operation: 'Apply' }],
    });
    const application = { group: 'argoproj.io', version: 'v1alpha1', plural: 'applications' };
    expect(found(cluster.store, application, 'argocd', 'prod')).not.toBeNull();
  });

  it('of an operator are on what is Langfuse, not on the stores', async () => {
    const cluster = await applied({ name: 'chart-1', generation: 3, owner: 'operator' });
    const instance = { group: 'langfuse.palena.ai', version: 'v1alpha1', plural: 'langfuseinstances' };
    const owner = found(cluster.store, instance, 'langfuse', 'langfuse-prod');
    expect(workload(cluster, 'langfuse-prod-worker').metadata.ownerReferences).toMatchObject([
      { kind: 'LangfuseInstance', name: 'langfuse-prod', uid: owner?.metadata.uid, controller: true },
    ]);
    expect(workload(cluster, 'langfuse-prod-s3').metadata.ownerReferences).toBeUndefined();
  });
});
