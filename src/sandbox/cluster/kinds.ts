import type { KubeObject, Pod, PodSpec, Workload } from '../../ports/kube-objects.ts';
import type { KubeResource } from '../../ports/kube.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { ObjectStore } from './objects.ts';

/** The kinds that controllers, kubelet and network work on: what lfctl reads, and what only a cluster's parts do. */
export const kinds = {
  ...resources,
  claims: { group: '', version: 'v1', plural: 'persistentvolumeclaims' },
  volumes: { group: '', version: 'v1', plural: 'persistentvolumes' },
  serviceAccounts: { group: '', version: 'v1', plural: 'serviceaccounts' },
  revisions: { group: 'apps', version: 'v1', plural: 'controllerrevisions' },
  jobs: { group: 'batch', version: 'v1', plural: 'jobs' },
  slices: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' },
} as const satisfies Record<string, KubeResource>;

/** A pod with the fields that scheduling and names need. */
export interface ScheduledPod extends Pod {
  readonly spec: PodSpec & {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly {
      readonly key?: string;
      readonly operator?: string;
      readonly value?: string;
    }[];
  };
}

/** A Deployment, ReplicaSet, StatefulSet or Job with what its controller reads. */
export interface ControlledWorkload extends Workload {
  readonly spec: Workload['spec'] & {
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
      };
    };
  };
}

/** A resource whose objects are read as this type. */
export interface KindOf<Kind> extends KubeResource {
  /** Never there: it only carries the type. */
  readonly sample?: Kind;
}

/** All objects of a kind, typed. */
export function listed<Kind extends KubeObject>(
  store: ObjectStore,
  resource: KindOf<Kind>,
  namespace?: string,
): readonly Kind[] {
  return store.list(resource, namespace) as unknown as readonly Kind[];
}

/** One object, typed. */
export function found<Kind extends KubeObject>(
  store: ObjectStore,
  resource: KindOf<Kind>,
  namespace: string | null,
  name: string,
): Kind | null {
  return store.get(resource, namespace, name) as unknown as Kind | null;
}

/** Objects of a kind that this one controls. */
export function owned<Kind extends KubeObject>(
  store: ObjectStore,
  resource: KindOf<Kind>,
  owner: KubeObject,
): readonly Kind[] {
  return listed<Kind>(store, resource, owner.metadata.namespace).filter((object) =>
    object.metadata.ownerReferences?.some(
      (reference) => reference.controller === true && reference.uid === owner.metadata.uid,
    ),
  );
}

/** Whether two resources are one kind, whatever version each names. */
export function sameKind(left: KubeResource, right: KubeResource): boolean {
  return left.plural === right.plural && left.group === right.group;
}

/** JSON with sorted keys: equal text means equal content. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

/** True when the pod's Ready condition holds. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** True when the pod has ended for good and is not started again. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
