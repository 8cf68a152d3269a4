import type { Container, KubeObject, Service } from '../../../../src/ports/kube-objects.ts';
import type { EnvEntries, FakeCluster } from '../../fake-kube.ts';
import { envOf, pod, secret, service, workload } from '../../fake-kube.ts';
import type { settings } from '../../installations.ts';
import { runbookSecret, web, worker } from '../../installations.ts';

/** The objects of a cluster as discovery meets them; what it must say of them is in `expected/<name>.txt`. */
export interface ObjectSet {
  readonly name: string;
  readonly cluster: FakeCluster;
  readonly given?: Parameters<typeof settings>[0];
}

/** Objects by plural. */
export type Objects = Record<string, KubeObject[]>;

export const home = 'lf';

/** What a small installation differs in. */
export interface Plain {
  /** Added to the runbook's variables; null takes one away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Variables of the container itself, beside envFrom. */
  readonly own?: EnvEntries;
  readonly image?: string;
  readonly workerImage?: string | null;
  readonly web?: Partial<Container>;
  readonly worker?: Partial<Container>;
  readonly namespace?: string;
}

/** Plain manifests: web `langfuse` and worker `langfuse-worker`, all variables from the Secret `env`. */
export function plain(differs: Plain = {}): Objects {
  const { namespace = home, image = 'langfuse/langfuse:3.199.0' } = differs;
  const { workerImage = 'langfuse/langfuse-worker:3.199.0' } = differs;
  const values = Object.entries({ ...runbookSecret, ...differs.env }).filter(([, value]) => value !== null);
  const from = [{ secretRef: { name: 'env' } }];
  const own = differs.own === undefined ? {} : { env: envOf(differs.own) };
  const ui = { ...web('langfuse', from, image), ...own, ...differs.web };
  const background =
    workerImage === null ? null : { ...worker('worker', from, workerImage), ...own, ...differs.worker };
  return {
    namespaces: [{ metadata: { name: namespace } }],
    deployments: [
      workload('langfuse', namespace, [ui]),
      ...(background === null ? [] : [workload('langfuse-worker', namespace, [background])]),
    ],
    pods: [
      pod('langfuse-7d4b9c6f5-x2x9q', namespace, 'langfuse'),
      ...(background === null ? [] : [pod('langfuse-worker-6f9d8b7c4-k8s2z', namespace, 'langfuse-worker')]),
    ],
    services: [
      service('langfuse', namespace, 3000),
      service('langfuse-postgresql', namespace, 5432),
      service('langfuse-clickhouse', namespace, 8123),
      service('langfuse-redis', namespace, 6379),
      service('minio', 'hyperplane-minio', 9000),
    ],
    secrets: [secret('env', namespace, Object.fromEntries(values) as Record<string, string>)],
  };
}

/** The same with a change to its objects. */
export function changed(objects: Objects, change: (objects: Objects) => void): Objects {
  change(objects);
  return objects;
}

export function add(objects: Objects, plural: string, ...more: KubeObject[]): void {
  objects[plural] = [...(objects[plural] ?? []), ...more];
}

/** A set of plain manifests under a name. */
export const set = (name: string, objects: Objects, more: Omit<FakeCluster, 'objects'> = {}): ObjectSet => ({
  name,
  cluster: { objects, namespace: home, ...more },
});

/** A Service with a spec of its own. */
export const custom = (name: string, spec: Service['spec'], namespace = home): Service => ({
  metadata: { name, namespace },
  spec,
});
