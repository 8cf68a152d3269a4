import type { KubeResource } from '../../ports/kube.ts';

/** A row of the API: how a kind is named in paths, tables and discovery. */
export interface ResourceEntry extends KubeResource {
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
  readonly categories: readonly string[];
  /** False for questions such as SelfSubjectAccessReview, which are answered and not stored. */
  readonly stored: boolean;
  /** True where the real API serves a custom resource: no strategic merge patch. */
  readonly custom: boolean;
}

interface Traits {
  readonly short?: string;
  readonly sub?: string;
  readonly cluster?: boolean;
  readonly all?: boolean;
  readonly transient?: boolean;
  readonly custom?: boolean;
}

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter((word) => word !== '');

const entry = (
  group: string,
  version: string,
  plural: string,
  kind: string,
  traits: Traits,
): ResourceEntry => ({
  group,
  version,
  plural,
  kind,
  singular: kind.toLowerCase(),
  namespaced: traits.cluster !== true,
  shortNames: words(traits.short),
  subresources: words(traits.sub),
  categories: traits.all === true ? ['all'] : [],
  stored: traits.transient !== true,
  custom: traits.custom === true,
});

const core = (plural: string, kind: string, traits: Traits = {}): ResourceEntry =>
  entry('', 'v1', plural, kind, traits);

const grouped =
  (group: string, version: string, common: Traits = {}) =>
  (plural: string, kind: string, traits: Traits = {}): ResourceEntry =>
    entry(group, version, plural, kind, { ...common, ...traits });

const apps = grouped('apps', 'v1');
const batch = grouped('batch', 'v1');
const net = grouped('networking.k8s.io', 'v1');
const rbac = grouped('rbac.authorization.k8s.io', 'v1');
const authorization = grouped('authorization.k8s.io', 'v1', { cluster: true, transient: true });
const authentication = grouped('authentication.k8s.io', 'v1', { cluster: true, transient: true });

/** Custom resources of one group: plural, kind, short names. */
function custom(
  group: string,
  version: string,
  rows: readonly (readonly [plural: string, kind: string, short?: string])[],
): ResourceEntry[] {
  return rows.map(([plural, kind, short = '']) =>
    entry(group, version, plural, kind, { custom: true, short, sub: 'status' }),
  );
}

/** What the sandbox's API serves. Names, short names and categories as Kubernetes 1.32 has them. */
export const resources: readonly ResourceEntry[] = [
  core('namespaces', 'Namespace', { short: 'ns', sub: 'status', cluster: true }),
  core('nodes', 'Node', { short: 'no', sub: 'status', cluster: true }),
  core('pods', 'Pod', { short: 'po', sub: 'log exec portforward status eviction', all: true }),
  core('services', 'Service', { short: 'svc', sub: 'status', all: true }),
  core('endpoints', 'Endpoints', { short: 'ep' }),
  core('configmaps', 'ConfigMap', { short: 'cm' }),
  core('secrets', 'Secret'),
  core('events', 'Event', { short: 'ev' }),
  core('persistentvolumeclaims', 'PersistentVolumeClaim', { short: 'pvc', sub: 'status' }),
  core('persistentvolumes', 'PersistentVolume', { short: 'pv', sub: 'status', cluster: true }),
  core('serviceaccounts', 'ServiceAccount', { short: 'sa', sub: 'token' }),
  apps('deployments', 'Deployment', { short: 'deploy', sub: 'scale status', all: true }),
  apps('statefulsets', 'StatefulSet', { short: 'sts', sub: 'scale status', all: true }),
  apps('replicasets', 'ReplicaSet', { short: 'rs', sub: 'scale status', all: true }),
  apps('daemonsets', 'DaemonSet', { short: 'ds', sub: 'status', all: true }),
  apps('controllerrevisions', 'ControllerRevision'),
  batch('jobs', 'Job', { sub: 'status', all: true }),
  batch('cronjobs', 'CronJob', { short: 'cj', sub: 'status', all: true }),
  net('ingresses', 'Ingress', { short: 'ing', sub: 'status' }),
  net('networkpolicies', 'NetworkPolicy', { short: 'netpol' }),
  grouped('autoscaling', 'v2')('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    short: 'hpa',
    sub: 'status',
    all: true,
  }),
  grouped('policy', 'v1')('poddisruptionbudgets', 'PodDisruptionBudget', { short: 'pdb', sub: 'status' }),
  grouped('coordination.k8s.io', 'v1')('leases', 'Lease'),
  grouped('discovery.k8s.io', 'v1')('endpointslices', 'EndpointSlice'),
  grouped('storage.k8s.io', 'v1')('storageclasses', 'StorageClass', { short: 'sc', cluster: true }),
  rbac('roles', 'Role'),
  rbac('rolebindings', 'RoleBinding'),
  rbac('clusterroles', 'ClusterRole', { cluster: true }),
  rbac('clusterrolebindings', 'ClusterRoleBinding', { cluster: true }),
  authorization('selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
  authorization('selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
  authentication('selfsubjectreviews', 'SelfSubjectReview'),
  grouped('apiextensions.k8s.io', 'v1')('customresourcedefinitions', 'CustomResourceDefinition', {
    short: 'crd crds',
    sub: 'status',
    cluster: true,
  }),
  grouped('networking.istio.io', 'v1', { custom: true })('virtualservices', 'VirtualService', {
    short: 'vs',
  }),
  grouped('security.istio.io', 'v1', { custom: true })('authorizationpolicies', 'AuthorizationPolicy', {
    short: 'ap',
  }),
  ...custom('gateway.networking.k8s.io', 'v1', [
    ['gateways', 'Gateway', 'gtw'],
    ['httproutes', 'HTTPRoute'],
  ]),
  ...custom('keda.sh', 'v1alpha1', [['scaledobjects', 'ScaledObject', 'so']]),
  ...custom('argoproj.io', 'v1alpha1', [['applications', 'Application', 'app apps']]),
  ...custom('clickhouse.com', 'v1alpha1', [
    ['clickhouseclusters', 'ClickHouseCluster', 'chc'],
    ['keeperclusters', 'KeeperCluster', 'chk'],
  ]),
  ...custom('langfuse.palena.ai', 'v1alpha1', [['langfuseinstances', 'LangfuseInstance']]),
];

const byPath = new Map(resources.map((each) => [`${each.group}/${each.version}/${each.plural}`, each]));
const byName = new Map(resources.map((each) => [resourceKey(each), each]));

/** Group and plural: what tells stored kinds apart, whatever the version. */
export function resourceKey(resource: KubeResource): string {
  return `${resource.group}/${resource.plural}`;
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersion(resource: KubeResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The row for exactly this group, version and plural. */
export function findResource(group: string, version: string, plural: string): ResourceEntry | undefined {
  return byPath.get(`${group}/${version}/${plural}`);
}

/** The row of a resource, whatever version the caller named. */
export function resourceEntry(resource: KubeResource): ResourceEntry | undefined {
  return byName.get(resourceKey(resource));
}

/** `pods`, `deployments.apps`: how messages name a resource. */
export function qualifiedName(resource: KubeResource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
