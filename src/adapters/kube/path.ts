import type { KubeResource } from '../../ports/kube.ts';

/** `/apis/apps/v1/namespaces/ns/deployments` */
export function pathOf(resource: KubeResource, namespace: string | null | undefined): string {
  const base = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const where =
    namespace === null || namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${base}/${resource.version}${where}/${resource.plural}`;
}
