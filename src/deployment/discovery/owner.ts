import type { KubeObject } from '../../ports/kube-objects.ts';
import type { Owner, Reason, WorkloadRef } from '../model.ts';

/** An owner, and the mark on the workload that tells it. */
export interface Owned {
  readonly owner: Owner;
  readonly reason: Reason;
}

/** Who writes this workload, or another object, by the marks each tool leaves on its objects. */
export function ownerOf(workload: KubeObject, kind?: WorkloadRef['kind']): Owned {
  const { labels = {} } = workload.metadata;
  const chart = labels['helm.sh/chart'] ?? null;
  const unseen = kind === 'ReplicaSet' || kind === 'Pod';
  const mark = [byOperator, byArgo, byFlux, byHelm].map((read) => read(workload)).find((one) => one !== null);
  if (mark == null)
    return {
      owner: { kind: 'none', name: null, namespace: null, chart },
      reason: {
        about: 'owner',
        finding: 'plain manifests',
        confidence: unseen ? 'guess' : 'likely',
        because: `no mark of an operator, Argo CD, Flux or Helm${unseen ? ' on its pods, and what is above them is not seen' : ''}`,
      },
    };
  const { because, ...owner } = mark;
  const finding = `${owner.kind} ${owner.name ?? ''}`;
  return { owner: { ...owner, chart }, reason: { about: 'owner', finding, confidence: 'certain', because } };
}

type Mark = Omit<Owner, 'chart'> & { readonly because: string };

/** https://github.com/PalenaAI/langfuse-operator: its objects belong to a LangfuseInstance. */
function byOperator({ metadata }: KubeObject): Mark | null {
  const owner = (metadata.ownerReferences ?? []).find((reference) => reference.kind === 'LangfuseInstance');
  if (owner === undefined) return null;
  const because = `owner reference to LangfuseInstance ${owner.name}`;
  return { kind: 'operator', name: owner.name, namespace: metadata.namespace ?? null, because };
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/ */
function byArgo({ metadata: { labels = {}, annotations = {} } }: KubeObject): Mark | null {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const mark =
    tracked === undefined ? 'label argocd.argoproj.io/instance' : 'annotation argocd.argoproj.io/tracking-id';
  const name = tracked ?? labels['argocd.argoproj.io/instance'];
  return name === undefined ? null : { kind: 'argocd', name, namespace: null, because: mark };
}

function byFlux({ metadata: { labels = {} } }: KubeObject): Mark | null {
  const tool = ['helm', 'kustomize'].find((one) => labels[`${one}.toolkit.fluxcd.io/name`] !== undefined);
  if (tool === undefined) return null;
  const label = `${tool}.toolkit.fluxcd.io`;
  const namespace = labels[`${label}/namespace`] ?? null;
  return { kind: 'flux', name: labels[`${label}/name`] ?? null, namespace, because: `label ${label}/name` };
}

/** Nobody else writes its annotations: https://helm.sh/docs/chart_best_practices/labels/ */
function byHelm(workload: KubeObject): Mark | null {
  const { labels = {}, annotations = {} } = workload.metadata;
  const name = releaseOf(workload);
  const annotated = annotations['meta.helm.sh/release-name'] !== undefined;
  if (name === null || (!annotated && labels['app.kubernetes.io/managed-by'] !== 'Helm')) return null;
  const namespace = annotations['meta.helm.sh/release-namespace'] ?? null;
  const mark = annotated ? 'annotation meta.helm.sh/release-name' : 'label app.kubernetes.io/managed-by=Helm';
  return { kind: 'helm', name, namespace, because: `${mark}, release ${name}` };
}

/** Helm release that the workload belongs to. */
export function releaseOf(workload: KubeObject): string | null {
  const { labels = {}, annotations = {} } = workload.metadata;
  return (
    annotations['meta.helm.sh/release-name'] ??
    labels['app.kubernetes.io/instance'] ??
    labels['release'] ??
    null
  );
}
