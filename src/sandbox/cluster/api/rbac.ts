import type { KubeResource } from '../../../ports/kube.ts';
import { asFields, fieldsList, textOf } from '../fields.ts';
import type { ObjectStore, StoredObject } from '../objects.ts';
import { forbidden, StatusError } from './status.ts';

/** Who asks. */
export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** What is asked for: an object right, or a path outside the objects. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Access to a path that is no resource, such as /healthz. */
export interface PathAccess {
  readonly verb: string;
  readonly path: string;
}

/** A rule of a Role or ClusterRole; absent lists are empty. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const rbac = (plural: string): KubeResource => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural,
});

const rule = (fields: Partial<Rule>): Rule => ({
  verbs: [],
  apiGroups: [],
  resources: [],
  resourceNames: [],
  nonResourceURLs: [],
  ...fields,
});

const publicPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const discoveryPaths = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];

/** system:public-info-viewer, system:discovery and system:basic-user, which every cluster has bound. */
const everyone: readonly Rule[] = [rule({ verbs: ['get'], nonResourceURLs: publicPaths })];
const authenticated: readonly Rule[] = [
  rule({ verbs: ['get'], nonResourceURLs: discoveryPaths }),
  rule({
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  }),
  rule({ verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] }),
];

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const rulesOf = (role: StoredObject | null): Rule[] =>
  fieldsList(role?.['rules']).map((fields) => ({
    verbs: texts(fields['verbs']),
    apiGroups: texts(fields['apiGroups']),
    resources: texts(fields['resources']),
    resourceNames: texts(fields['resourceNames']),
    nonResourceURLs: texts(fields['nonResourceURLs']),
  }));

function isSubject(identity: Identity, binding: StoredObject): boolean {
  return fieldsList(binding['subjects']).some((subject) => {
    const name = textOf(subject['name']);
    const namespace = textOf(subject['namespace']) || (binding.metadata.namespace ?? '');
    switch (subject['kind']) {
      case 'User':
        return name === identity.name;
      case 'Group':
        return identity.groups.includes(name);
      case 'ServiceAccount':
        return identity.name === `system:serviceaccount:${namespace}:${name}`;
      default:
        return false;
    }
  });
}

function boundRules(store: ObjectStore, binding: StoredObject): Rule[] {
  const { kind, name } = asFields(binding['roleRef']);
  const namespace = kind === 'Role' ? (binding.metadata.namespace ?? null) : null;
  return rulesOf(store.get(rbac(kind === 'Role' ? 'roles' : 'clusterroles'), namespace, textOf(name)));
}

/** Every rule that holds for the identity in a namespace; '' for the cluster alone. */
export function rulesFor(store: ObjectStore, identity: Identity, namespace: string): Rule[] {
  const bindings = [
    ...store.list(rbac('clusterrolebindings')),
    ...(namespace === '' ? [] : store.list(rbac('rolebindings'), namespace)),
  ].filter((binding) => isSubject(identity, binding));
  const own = identity.groups.includes('system:authenticated') ? authenticated : [];
  return [...everyone, ...own, ...bindings.flatMap((binding) => boundRules(store, binding))];
}

const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

function resourceRuleAllows(rule: Rule, access: Access): boolean {
  const full = access.subresource === '' ? access.resource : `${access.resource}/${access.subresource}`;
  const resource =
    has(rule.resources, full) ||
    (access.subresource !== '' && rule.resources.includes(`*/${access.subresource}`));
  return (
    has(rule.verbs, access.verb) &&
    has(rule.apiGroups, access.group) &&
    resource &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(access.name))
  );
}

const pathAllows = (pattern: string, path: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));

/** May the identity do this to objects? */
export function mayAccess(store: ObjectStore, identity: Identity, access: Access): boolean {
  if (identity.groups.includes('system:masters')) return true;
  return rulesFor(store, identity, access.namespace).some((each) => resourceRuleAllows(each, access));
}

/** May the identity ask for this path, such as /version? */
export function mayAccessPath(store: ObjectStore, identity: Identity, access: PathAccess): boolean {
  if (identity.groups.includes('system:masters')) return true;
  return rulesFor(store, identity, '').some(
    (each) =>
      has(each.verbs, access.verb) && each.nonResourceURLs.some((url) => pathAllows(url, access.path)),
  );
}

/** @throws StatusError 403 in the real authoriser's words */
export function requireAccess(store: ObjectStore, identity: Identity, access: Access): void {
  if (mayAccess(store, identity, access)) return;
  const full = access.subresource === '' ? access.resource : `${access.resource}/${access.subresource}`;
  const where = access.namespace === '' ? 'at the cluster scope' : `in the namespace "${access.namespace}"`;
  const message = `User "${identity.name}" cannot ${access.verb} resource "${full}" in API group "${access.group}" ${where}`;
  throw forbidden({ group: access.group, version: '', plural: access.resource }, access.name, message);
}

/** @throws StatusError 403 */
export function requirePath(store: ObjectStore, identity: Identity, access: PathAccess): void {
  if (mayAccessPath(store, identity, access)) return;
  const message = `forbidden: User "${identity.name}" cannot ${access.verb} path "${access.path}"`;
  throw new StatusError(403, 'Forbidden', message, {});
}
