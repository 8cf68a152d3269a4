import { ownerOf } from '../../deployment/discovery/owner.ts';
import type { KubeObject, ObjectMeta } from '../../ports/kube-objects.ts';

/** Who writes an object: what is changed beside it comes back at its next run. */
export interface Writer {
  /** `ExternalSecret litellm/langfuse`, `Argo CD application litellm`. */
  readonly name: string;
  /** Where the value has to be changed instead. */
  readonly instead: string;
}

/**
 * Who else writes this Secret or ConfigMap; null when nobody does. An owner reference names the controller
 * (External Secrets, Sealed Secrets, Vault, 1Password); tools without one leave labels or annotations.
 */
export function writerOf(object: KubeObject): Writer | null {
  return byReference(object.metadata) ?? byMark(object.metadata) ?? byRelease(object);
}

const wheres: Readonly<Record<string, string>> = {
  ExternalSecret: 'in the store that the ExternalSecret reads',
  ClusterExternalSecret: 'in the store that the ExternalSecret reads',
  SealedSecret: 'in the SealedSecret: seal the new pair and apply it',
  VaultStaticSecret: 'in Vault',
  OnePasswordItem: 'in 1Password',
  DopplerSecret: 'in Doppler',
  InfisicalSecret: 'in Infisical',
};

function byReference({ namespace = '', ownerReferences = [] }: ObjectMeta): Writer | null {
  const [owner] = ownerReferences;
  if (owner === undefined) return null;
  const instead = wheres[owner.kind] ?? `where the ${owner.kind} takes it from`;
  return { name: `${owner.kind} ${namespace}/${owner.name}`, instead };
}

/** Marks of tools that need no owner reference, by the label or annotation that they leave. */
const marks: readonly (readonly [mark: string, name: string, instead: string])[] = [
  // https://external-secrets.io/latest/api/externalsecret/ (creationPolicy Orphan and Merge set no owner)
  ['reconcile.external-secrets.io/managed', 'an ExternalSecret', wheres['ExternalSecret'] ?? ''],
  ['reconcile.external-secrets.io/data-hash', 'an ExternalSecret', wheres['ExternalSecret'] ?? ''],
  // https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
  ['secrets-store.csi.k8s.io/managed', 'the Secrets Store CSI driver', 'in the store that it reads'],
  // https://github.com/emberstack/kubernetes-reflector, https://github.com/mittwald/kubernetes-replicator
  ['reflector.v1.k8s.emberstack.com/reflects', 'Reflector', 'in the Secret that it copies'],
  ['replicator.v1.mittwald.de/replicated-from-version', 'Replicator', 'in the Secret that it copies'],
];

function byMark({ labels = {}, annotations = {} }: ObjectMeta): Writer | null {
  const found = marks.find(([mark]) => labels[mark] !== undefined || annotations[mark] !== undefined);
  return found === undefined ? null : { name: found[1], instead: found[2] };
}

function byRelease(object: KubeObject): Writer | null {
  const { kind, name } = ownerOf(object).owner;
  switch (kind) {
    case 'argocd':
      return { name: `Argo CD application ${name ?? ''}`, instead: 'in the repository that it applies' };
    case 'flux':
      return { name: `Flux ${name ?? ''}`, instead: 'in the repository that it applies' };
    case 'helm':
      return { name: `Helm release ${name ?? ''}`, instead: 'in the values of the release' };
    case 'operator':
      return { name: `LangfuseInstance ${name ?? ''}`, instead: 'in the custom resource' };
    case 'none':
      return null;
  }
}
