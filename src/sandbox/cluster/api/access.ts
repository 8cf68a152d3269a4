import type { Access } from './rbac.ts';
import type { ResourceRoute } from './route.ts';

/** What RBAC is asked for a request. */
export function accessTo(verb: string, route: ResourceRoute): Access {
  return {
    verb,
    group: route.resource.group,
    resource: route.resource.plural,
    subresource: route.subresource ?? '',
    namespace: route.namespace ?? (route.resource.plural === 'namespaces' ? (route.name ?? '') : ''),
    name: route.name ?? '',
  };
}
