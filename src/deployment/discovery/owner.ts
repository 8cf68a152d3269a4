import type { Workload } from '../../ports/kube-objects.ts';
import type { Owner } from '../model.ts';

/** Who writes this workload, by the marks each tool leaves on its objects. */
export function ownerOf(workload: Workload): Owner {
  const { labels = {}, annotations = {}, ownerReferences = [] } = workload.metadata;
  const chart = labels['helm.sh/chart'] ?? null;
  const operator = ownerReferences.find((reference) => reference.kind === 'LangfuseInstance');
  if (operator !== undefined)
    return { kind: 'operator', name: operator.name, namespace: workload.metadata.namespace ?? null, chart };
  const argo =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (argo !== undefined) return { kind: 'argocd', name: argo, namespace: null, chart };
  const flux = labels['helm.toolkit.fluxcd.io/name'] ?? labels['kustomize.toolkit.fluxcd.io/name'];
  if (flux !== undefined) {
    const namespace =
      labels['helm.toolkit.fluxcd.io/namespace'] ?? labels['kustomize.toolkit.fluxcd.io/namespace'] ?? null;
    return { kind: 'flux', name: flux, namespace, chart };
  }
  const release = releaseOf(workload);
  if (release === null || labels['app.kubernetes.io/managed-by'] !== 'Helm')
    return { kind: 'none', name: null, namespace: null, chart };
  return {
    kind: 'helm',
    name: release,
    namespace: annotations['meta.helm.sh/release-namespace'] ?? null,
    chart,
  };
}

/** Helm release that the workload belongs to. */
export function releaseOf(workload: Workload): string | null {
  const { labels = {}, annotations = {} } = workload.metadata;
  return (
    annotations['meta.helm.sh/release-name'] ??
    labels['app.kubernetes.io/instance'] ??
    labels['release'] ??
    null
  );
}
