/** A cluster in memory: plain object sets by plural, and rights that are missing. */
import { readOnlyKube } from '../support/memory-kube.ts';
import { PassThrough } from 'node:stream';
import { LfctlError } from '../../src/errors/error.ts';
import type { Container, KubeObject, Pod, Service, Workload } from '../../src/ports/kube-objects.ts';
import { resourceText } from '../../src/ports/kube-resources.ts';
import type { KubePort, KubeResource, LogOptions } from '../../src/ports/kube.ts';

export interface FakeCluster {
  /** By plural: `deployments`, `secrets` … */
  readonly objects?: Readonly<Record<string, readonly KubeObject[]>>;
  /** Rights that are refused, as `list deployments in all namespaces`, `get secrets`; the place may be left out. */
  readonly forbidden?: readonly string[];
  /** Namespace of the context. */
  readonly namespace?: string;
  readonly logs?: (options: LogOptions) => string;
}

export interface FakeKube extends KubePort {
  /** Every read, as `get secrets/langfuse-env in ns`. */
  readonly reads: string[];
}

export function fakeKube(cluster: FakeCluster): FakeKube {
  const reads: string[] = [];
  const all = ({ plural }: KubeResource): readonly KubeObject[] => cluster.objects?.[plural] ?? [];
  const refuse = (verb: string, resource: KubeResource, place: string): void => {
    const asked = [`${verb} ${resource.plural}`, `${verb} ${resource.plural} in ${place}`];
    if (cluster.forbidden?.some((right) => asked.includes(right)) === true)
      throw new LfctlError('KUBE_FORBIDDEN', {
        message: `forbidden: ${verb} ${resourceText(resource)} in ${place}`,
      });
  };
  return {
    reads,
    context: {
      name: 'fake',
      server: 'https://fake',
      namespace: cluster.namespace ?? 'default',
      inCluster: false,
    },
    version: () => Promise.resolve('v1.34.0'),
    async list<Kind extends KubeObject>(resource: KubeResource, { namespace }: { namespace?: string } = {}) {
      const place = namespace ?? 'all namespaces';
      reads.push(`list ${resource.plural} in ${place}`);
      refuse('list', resource, place);
      const found = all(resource).filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      );
      return await Promise.resolve(found.toSorted(byKey) as Kind[]);
    },
    async get<Kind extends KubeObject>(resource: KubeResource, namespace: string | null, name: string) {
      const place = namespace ?? 'the cluster';
      reads.push(`get ${resource.plural}/${name} in ${place}`);
      refuse('get', resource, place);
      const found = all(resource).find(
        ({ metadata }) => metadata.name === name && (metadata.namespace ?? null) === namespace,
      );
      return await Promise.resolve((found ?? null) as Kind | null);
    },
    ...readOnlyKube,
    logs: (options) => Promise.resolve(cluster.logs?.(options) ?? ''),
    can: () => Promise.resolve(true),
    forward: () => Promise.resolve(new PassThrough()),
    exec: () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' }),
    close: () => undefined,
  };
}

/** The API's own order: that of the keys in its database. */
function byKey({ metadata: left }: KubeObject, { metadata: right }: KubeObject): number {
  const key = ({ namespace = '', name }: KubeObject['metadata']): string => `${namespace}/${name}`;
  return key(left) < key(right) ? -1 : 1;
}

export type EnvEntries = Readonly<Record<string, string | { readonly secret: string; readonly key: string }>>;

/** Variables as a manifest has them. */
export function envOf(entries: EnvEntries): NonNullable<Container['env']> {
  return Object.entries(entries).map(([name, value]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
  );
}

export function workload(
  name: string,
  namespace: string,
  containers: readonly Container[],
  more: Partial<Workload['metadata']> & {
    readonly volumes?: Workload['spec']['template']['spec']['volumes'];
  } = {},
): Workload {
  const { volumes, ...meta } = more;
  const labels = { app: name, ...meta.labels };
  return {
    metadata: { name, namespace, ...meta, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: { containers, ...(volumes === undefined ? {} : { volumes }) },
      },
    },
    status: { replicas: 1, readyReplicas: 1 },
  };
}

export function pod(name: string, namespace: string, app: string, createdAt = '2026-11-21T00:00:00Z'): Pod {
  return {
    metadata: { name, namespace, labels: { app }, creationTimestamp: createdAt },
    spec: { containers: [{ name: app }] },
    status: { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

export function service(
  name: string,
  namespace: string,
  port: number,
  spec: Partial<Service['spec']> = {},
): Service {
  return {
    metadata: { name, namespace },
    spec: { selector: { app: name }, clusterIP: '10.96.0.1', ports: [{ port, targetPort: port }], ...spec },
  };
}

export function secret(name: string, namespace: string, values: Readonly<Record<string, string | Buffer>>) {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value as string).toString('base64')]),
  );
  return { metadata: { name, namespace }, data };
}
