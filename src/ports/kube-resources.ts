import type { KubeResource } from './kube.ts';

const core = (plural: string): KubeResource => ({ group: '', version: 'v1', plural });
const of = (group: string, version: string, plural: string): KubeResource => ({ group, version, plural });

/** The kinds of objects that lfctl knows. */
export const resources = {
  namespaces: core('namespaces'),
  nodes: core('nodes'),
  pods: core('pods'),
  services: core('services'),
  endpoints: core('endpoints'),
  configMaps: core('configmaps'),
  secrets: core('secrets'),
  events: core('events'),
  deployments: of('apps', 'v1', 'deployments'),
  statefulSets: of('apps', 'v1', 'statefulsets'),
  replicaSets: of('apps', 'v1', 'replicasets'),
  cronJobs: of('batch', 'v1', 'cronjobs'),
  leases: of('coordination.k8s.io', 'v1', 'leases'),
  daemonSets: of('apps', 'v1', 'daemonsets'),
  rollouts: of('argoproj.io', 'v1alpha1', 'rollouts'),
  ingresses: of('networking.k8s.io', 'v1', 'ingresses'),
  networkPolicies: of('networking.k8s.io', 'v1', 'networkpolicies'),
  virtualServices: of('networking.istio.io', 'v1', 'virtualservices'),
  authorizationPolicies: of('security.istio.io', 'v1', 'authorizationpolicies'),
  httpRoutes: of('gateway.networking.k8s.io', 'v1', 'httproutes'),
} as const;

/** `deployments.apps`, as kubectl and forbidden messages name a resource. */
export function resourceText(resource: KubeResource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
