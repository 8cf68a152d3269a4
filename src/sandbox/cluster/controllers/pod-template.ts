import { createHash, randomInt } from 'node:crypto';
import type { KubeObject, OwnerReference, Pod, PodTemplate } from '../../../ports/kube-objects.ts';
import { canonical } from '../kinds.ts';

/** The letters Kubernetes uses in generated names: no vowels, so no words. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A suffix for a generated name. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Equal templates have equal hashes; the pod-template-hash label itself does not count. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256')
    .update(canonical(withoutHash(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** The template without the label that a ReplicaSet adds. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** What makes an object owned and controlled by another. */
export function controllerReference(owner: KubeObject, apiVersion: string, kind: string): OwnerReference {
  const reference = {
    apiVersion,
    kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
  return reference;
}

/** What a controller decides about a pod beside its template. */
export interface NewPod {
  readonly name: string;
  readonly generateName?: string;
  readonly owner: OwnerReference;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<Pod['spec']> & Readonly<Record<string, unknown>>;
}

/** A pod as a controller creates it: the template plus its owner. */
export function podFrom(template: PodTemplate, pod: NewPod): Pod {
  const metadata = {
    name: pod.name,
    namespace: pod.namespace,
    ...(pod.generateName === undefined ? {} : { generateName: pod.generateName }),
    labels: { ...template.metadata?.labels, ...pod.labels },
    ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
    ownerReferences: [pod.owner],
  };
  const spec = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    ...structuredClone(template.spec),
    ...pod.spec,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { phase: 'Pending' } };
}
