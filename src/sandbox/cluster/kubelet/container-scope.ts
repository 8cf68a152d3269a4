import type { Container, ContainerState, Pod } from '../../../ports/kube-objects.ts';
import { type ContainerRecord, saveRecord } from './container-record.ts';
import type { KubeletContext } from './context.ts';
import type { ContainerFiles } from './pod-folder.ts';

/** One container of one pod, and what its loop works with. */
export interface ContainerScope {
  readonly context: KubeletContext;
  readonly pod: Pod;
  readonly container: Container;
  readonly isInit: boolean;
  readonly address: string;
  readonly mounts: Readonly<Record<string, string>>;
  readonly files: ContainerFiles;
  readonly record: ContainerRecord;
  /** The pod is to end. */
  readonly ending: AbortSignal;
  /** The pod is to end, or this kubelet leaves it to the next one. */
  readonly halted: AbortSignal;
  /** Seconds between SIGTERM and SIGKILL, as the pod or its deletion says. */
  readonly graceSeconds: () => number;
  /** Writes the pod's status. */
  readonly publish: () => void;
}

/** Changes the record, keeps it on disk, and shows it in the pod's status. */
export function change(scope: ContainerScope, fields: Partial<ContainerRecord>): void {
  Object.assign(scope.record, fields);
  saveRecord(scope.files, scope.record);
  scope.publish();
}

/** The state of a container that does not run yet, or not now. */
export function waiting(reason: string, message?: string): ContainerState {
  return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
}

/** Records an event about the container, on its pod. */
export function event(
  { context, pod, container, isInit }: ContainerScope,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const fieldPath = `spec.${isInit ? 'initContainers' : 'containers'}{${container.name}}`;
  context.record(pod, { kind: 'Pod', type, reason, message, fieldPath });
}

/** `web in pod langfuse-5d4_default(uid)` as the kubelet's messages name it. */
export function longName({ pod }: ContainerScope): string {
  const { name, namespace = 'default', uid = '' } = pod.metadata;
  return `${name}_${namespace}(${uid})`;
}
