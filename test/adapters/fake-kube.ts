import { readOnlyKube } from '../support/memory-kube.ts';
import { PassThrough } from 'node:stream';
import { LfctlError } from '../../src/errors/error.ts';
import type { KubeObject, Pod, Service } from '../../src/ports/kube-objects.ts';
import type { KubePort, KubeResource } from '../../src/ports/kube.ts';

/** What a fake cluster holds, and what is refused. */
export interface FakeCluster {
  readonly pods?: readonly Pod[];
  readonly services?: readonly Service[];
  readonly secrets?: readonly KubeObject[];
  readonly endpoints?: readonly KubeObject[];
  /** Namespaces whose objects may not be read. */
  readonly forbidden?: readonly string[];
  readonly inCluster?: boolean;
}

/** A cluster in memory that remembers where connections were forwarded. */
export function fakeKube(cluster: FakeCluster): KubePort & { readonly forwarded: string[] } {
  const forwarded: string[] = [];
  const objectsOf = ({ plural }: KubeResource): readonly KubeObject[] =>
    (cluster as Readonly<Record<string, readonly KubeObject[] | undefined>>)[plural] ?? [];
  const refuse = (plural: string, namespace: string | null | undefined): void => {
    if (cluster.forbidden?.includes(namespace ?? '*') === true)
      throw new LfctlError('KUBE_FORBIDDEN', {
        message: `forbidden: ${plural} in ${namespace ?? 'all namespaces'}`,
      });
  };
  return {
    forwarded,
    context: {
      name: 'fake',
      server: 'https://fake',
      namespace: 'default',
      inCluster: cluster.inCluster ?? false,
    },
    version: async () => await Promise.resolve('v1.31.0'),
    async list<Kind extends KubeObject>(
      resource: KubeResource,
      options: Parameters<KubePort['list']>[1] = {},
    ) {
      refuse(resource.plural, options.namespace);
      const wanted = (options.labelSelector ?? '').split(',').filter((one) => one !== '');
      return await Promise.resolve(
        objectsOf(resource).filter(
          ({ metadata }) =>
            (options.namespace === undefined || metadata.namespace === options.namespace) &&
            wanted.every((one) => metadata.labels?.[one.split('=')[0] ?? ''] === one.split('=')[1]),
        ) as Kind[],
      );
    },
    async get<Kind extends KubeObject>(resource: KubeResource, namespace: string | null, name: string) {
      refuse(resource.plural, namespace);
      const found = objectsOf(resource).find(
        ({ metadata }) => metadata.name === name && (metadata.namespace ?? null) === namespace,
      );
      return await Promise.resolve((found ?? null) as Kind | null);
    },
    ...readOnlyKube,
    logs: async () => await Promise.resolve(''),
    can: async () => await Promise.resolve(true),
    async forward(namespace, pod, port) {
      forwarded.push(`${namespace}/${pod}:${port}`);
      return await Promise.resolve(new PassThrough());
    },
    exec: async () => await Promise.resolve({ exitCode: 0, stdout: '', stderr: '' }),
    close: () => undefined,
  };
}

/** A pod that is ready unless told otherwise. */
export function fakePod(
  name: string,
  namespace: string,
  more: Partial<Pod> & { ready?: boolean; ip?: string } = {},
): Pod {
  const { ready = true, ip, ...rest } = more;
  return {
    metadata: { name, namespace, labels: { app: name.replace(/-\w+$/, '') } },
    spec: { containers: [{ name: 'main', ports: [{ name: 'sql', containerPort: 15_432 }] }] },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      ...(ip === undefined ? {} : { podIP: ip }),
    },
    ...rest,
  };
}

export function fakeService(name: string, namespace: string, spec: Service['spec']): Service {
  return { metadata: { name, namespace }, spec };
}
