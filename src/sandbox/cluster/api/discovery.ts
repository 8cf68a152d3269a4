import type { ResourceEntry } from '../resources.ts';
import { groupVersion, resources } from '../resources.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Kind and verbs of a subresource, as the real server's discovery lists them (captures of 1.20). */
interface Subresource {
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const readWrite = ['get', 'patch', 'update'];

function subresource(resource: ResourceEntry, name: string): Subresource {
  switch (name) {
    case 'scale':
      return { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: readWrite };
    case 'log':
      return { kind: 'Pod', verbs: ['get'] };
    case 'exec':
      return { kind: 'PodExecOptions', verbs: ['create', 'get'] };
    case 'portforward':
      return { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] };
    case 'token':
      return { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] };
    case 'eviction':
      return { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] };
    default:
      return { kind: resource.kind, verbs: readWrite };
  }
}

function verbsOf(resource: ResourceEntry): readonly string[] {
  if (!resource.stored) return ['create'];
  return resource.plural === 'namespaces' ? allVerbs.filter((verb) => verb !== 'deletecollection') : allVerbs;
}

const unlessEmpty = (key: string, list: readonly string[]): object =>
  list.length === 0 ? {} : { [key]: list };

const listed = (resource: ResourceEntry): object[] => [
  {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: verbsOf(resource),
    ...unlessEmpty('shortNames', resource.shortNames),
    ...unlessEmpty('categories', resource.categories),
  },
  ...resource.subresources.map((name) => ({
    name: `${resource.plural}/${name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...subresource(resource, name),
  })),
];

const groupNames = (): string[] => [...new Set(resources.map((each) => each.group))].filter((g) => g !== '');
const versionsOf = (group: string): string[] => [
  ...new Set(resources.filter((each) => each.group === group).map((each) => each.version)),
];

function groupEntry(name: string) {
  const versions = versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

/** Body of GET /apis. */
export function groupList(): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames().map(groupEntry) };
}

/** Body of GET /apis/GROUP; null when it is not served. */
export function group(name: string): object | null {
  return groupNames().includes(name) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(name) } : null;
}

/** Body of GET /api. */
export function coreVersions(serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** Body of GET /api/v1 and /apis/GROUP/VERSION; null when it is not served. */
export function resourceList(served: string): object | null {
  const own = resources.filter((each) => groupVersion(each) === served);
  if (own.length === 0) return null;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: served,
    resources: own.flatMap(listed),
  };
}

const aggregatedResource = (resource: ResourceEntry): object => ({
  resource: resource.plural,
  responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
  scope: resource.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: resource.singular,
  verbs: verbsOf(resource),
  ...unlessEmpty('shortNames', resource.shortNames),
  ...unlessEmpty('categories', resource.categories),
  ...unlessEmptyObjects(
    resource.subresources.map((name) => {
      const { kind, verbs, group: of, version } = subresource(resource, name);
      const responseKind = { group: of ?? resource.group, version: version ?? resource.version, kind };
      return { subresource: name, responseKind, verbs };
    }),
  ),
});

const unlessEmptyObjects = (list: readonly object[]): object =>
  list.length === 0 ? {} : { subresources: list };

/** Aggregated discovery v2 of the core group or of all others; kubectl ≥ 1.27 asks for it first. */
export function aggregated(core: boolean): object {
  const names = core ? [''] : groupNames();
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: name === '' ? {} : { name },
      versions: versionsOf(name).map((version) => ({
        version,
        freshness: 'Current',
        resources: resources
          .filter((each) => each.group === name && each.version === version)
          .map(aggregatedResource),
      })),
    })),
  };
}

/** Content type of the aggregated answer; clients fall back to the plain lists on any other. */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
