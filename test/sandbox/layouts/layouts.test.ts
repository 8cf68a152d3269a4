import { describe, expect, it } from 'vitest';
import type { LfctlError } from '../../../src/errors/error.ts';
import type { Service, Workload } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import { matchesLabels } from '../../../src/ports/label-selector.ts';
import { validate } from '../../../src/sandbox/cluster/api/validate.ts';
import { asFields, fieldsList, textOf, valueAt } from '../../../src/sandbox/cluster/fields.ts';
import { found, kinds } from '../../../src/sandbox/cluster/kinds.ts';
import { resourceEntry } from '../../../src/sandbox/cluster/resources.ts';
import type { StoreNames } from '../../../src/sandbox/fault.ts';
import { findImage } from '../../../src/sandbox/images.ts';
import { layoutNames, requireLayout } from '../../../src/sandbox/layouts/index.ts';
import type { Applied } from './applied.ts';
import { applied, combinations, variablesOf, workloads } from './applied.ts';

const deployment = ({ store, layout }: Applied, name: string): Workload | null =>
  found<Workload>(store, resources.deployments, layout.names.namespace, name);

function serves({ store }: Applied, namespace: string, service: string, workload: Workload | null): boolean {
  const selector = found<Service>(store, resources.services, namespace, service)?.spec.selector;
  const labels = workload?.spec.template.metadata?.labels;
  return selector !== undefined && matchesLabels({ matchLabels: selector }, labels);
}

/** Volumes of a pod template that name what is not there. */
function danglingVolumes({ store }: Applied, { metadata, spec }: Workload): string[] {
  const { namespace = '' } = metadata;
  return fieldsList(valueAt(spec.template.spec, 'volumes')).flatMap((volume) => {
    const named = [
      [kinds.secrets, textOf(valueAt(volume, 'secret', 'secretName'))],
      [kinds.configMaps, textOf(valueAt(volume, 'configMap', 'name'))],
      [kinds.claims, textOf(valueAt(volume, 'persistentVolumeClaim', 'claimName'))],
    ] as const;
    return named.flatMap(([kind, name]) =>
      name === '' || store.get(kind, namespace, name) !== null ? [] : [`${kind.plural}/${name}`],
    );
  });
}

describe.each(combinations)('layout $name with Langfuse $generation, owner $owner', (combination) => {
  it('is made of objects that the API takes', async () => {
    const { layout } = await applied(combination);
    const all = layout.stages.flatMap(({ objects }) => objects);
    expect(all.length).toBeGreaterThan(15);
    for (const { resource, object } of all) {
      const entry = resourceEntry(resource);
      if (entry === undefined) throw new Error(`${resource.plural} is not served`);
      expect(() => validate(entry, asFields(object))).not.toThrow();
      expect(object.metadata.namespace === undefined, object.metadata.name).toBe(!entry.namespaced);
    }
    expect(JSON.stringify(all)).not.toContain('${');
  });

  it('refers to nothing that is not there, and to images that exist', async () => {
    const cluster = await applied(combination);
    for (const workload of workloads(cluster)) {
      expect(Object.keys(variablesOf(cluster, workload))).not.toEqual([]);
      expect(danglingVolumes(cluster, workload), workload.metadata.name).toEqual([]);
      for (const { image = '' } of workload.spec.template.spec.containers)
        expect(findImage(image), image).not.toBeNull();
    }
    const owned = cluster.layout.stages.flatMap(({ objects }) => objects);
    for (const { resource, object } of owned) {
      const { namespace = null, name } = object.metadata;
      const references = cluster.store.get(resource, namespace, name)?.metadata.ownerReferences ?? [];
      for (const { uid, name: owner } of references) expect(uid, `owner ${owner} of ${name}`).not.toBe('');
    }
  });

  it('has what its names say, behind Services that lead to it', async () => {
    const cluster = await applied(combination);
    const { names } = cluster.layout;
    expect(serves(cluster, names.namespace, names.webService, deployment(cluster, names.web))).toBe(true);
    expect(names.webs[0]).toBe(names.web);
    expect(layoutNames(combination.name, combination.generation, combination.owner)).toEqual(names);
    for (const web of [...names.webs, ...(names.worker === null ? [] : [names.worker])])
      expect(deployment(cluster, web), web).not.toBeNull();
    const stores: (StoreNames | null)[] = [names.postgres, names.clickhouse, names.redis, names.objects];
    for (const part of stores.filter((each) => each !== null)) {
      const kind = part.kind === 'deployments' ? resources.deployments : resources.statefulSets;
      const workload = found<Workload>(cluster.store, kind, part.namespace, part.workload);
      expect(serves(cluster, part.namespace, part.service, workload), part.service).toBe(true);
    }
    const { liteLlm } = names;
    expect(found(cluster.store, resources.deployments, liteLlm.namespace, liteLlm.workload)).not.toBeNull();
    expect(found(cluster.store, resources.configMaps, liteLlm.namespace, liteLlm.configMap)).not.toBeNull();
    expect(found(cluster.store, resources.secrets, liteLlm.namespace, liteLlm.secret)).not.toBeNull();
    if (combination.generation === 2)
      expect([names.worker, names.clickhouse, names.redis]).toEqual([null, null, null]);
  });

  it('lets web be scaled and evicted with care, and has a way in', async () => {
    const { names, stages } = (await applied(combination)).layout;
    const own = stages
      .flatMap(({ objects }) => objects.map(({ object }) => object))
      .filter(({ metadata }) => metadata.namespace === names.namespace);
    const of = (...wanted: readonly string[]) => own.filter(({ kind = '' }) => wanted.includes(kind));
    const scaled = of('HorizontalPodAutoscaler', 'ScaledObject').map((scaler) =>
      textOf(valueAt(scaler, 'spec', 'scaleTargetRef', 'name')),
    );
    expect(names.webs.filter((web) => scaled.includes(web))).not.toEqual([]);
    expect(of('PodDisruptionBudget')).not.toEqual([]);
    expect(of('Ingress', 'VirtualService', 'HTTPRoute')).not.toEqual([]);
  });

  it('gives web, worker and stores the same credentials', async () => {
    const cluster = await applied(combination);
    const { names } = cluster.layout;
    for (const name of [...names.webs, ...(names.worker === null ? [] : [names.worker])]) {
      const workload = deployment(cluster, name);
      if (workload === null) throw new Error(`${name} is not there`);
      const container = workload.spec.template.spec.containers.find(({ image = '' }) =>
        /langfuse/.test(image),
      );
      const env = variablesOf(cluster, workload)[container?.name ?? ''] ?? {};
      expect(env['SALT']).toBe(cluster.secrets.SALT);
      expect(env['ENCRYPTION_KEY']).toBe(cluster.secrets.ENCRYPTION_KEY);
      const text = JSON.stringify(env);
      expect(text).toContain(cluster.secrets.POSTGRES_PASSWORD);
      expect(text).not.toContain('$(');
      if (combination.generation !== 2) {
        expect(env['CLICKHOUSE_PASSWORD']).toBe(cluster.secrets.CLICKHOUSE_PASSWORD);
        expect(env['REDIS_AUTH'] ?? env['REDIS_CONNECTION_STRING']).toContain(cluster.secrets.REDIS_PASSWORD);
        expect(env['LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY']).toBe(cluster.secrets.MINIO_SECRET_KEY);
      }
    }
  });
});

describe('what does not go together', () => {
  it.each([
    ['chart-1', 2],
    ['chart-2', 2],
  ] as const)('%s with Langfuse %i is refused, and says what is possible', (name, generation) => {
    let refusal: unknown;
    try {
      requireLayout(name, generation);
    } catch (error) {
      refusal = error;
    }
    expect((refusal as LfctlError).code).toBe('USAGE');
    expect((refusal as LfctlError).message).toBe(
      `layout ${name} has Langfuse 3 and 4, not 2; Langfuse 2 has layouts runbook, plain`,
    );
  });
});

describe('the write mode of Langfuse 4', () => {
  it.each(['chart-1', 'chart-2', 'plain'] as const)(
    'is left out of %s where it is not asked for',
    async (name) => {
      const mode = async (writeMode: 'dual' | null): Promise<string | undefined> => {
        const cluster = await applied({ name, generation: 4, owner: null }, writeMode);
        const web = deployment(cluster, cluster.layout.names.web);
        if (web === null) throw new Error('no web');
        const all = Object.assign({}, ...Object.values(variablesOf(cluster, web))) as Record<string, string>;
        return all['LANGFUSE_MIGRATION_V4_WRITE_MODE'];
      };
      expect(await mode('dual')).toBe('dual');
      expect(await mode(null)).toBeUndefined();
    },
  );
});
