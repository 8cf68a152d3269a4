import type { Fields } from '../fields.ts';
import { asFields, isFields, numberOf, textOf } from '../fields.ts';
import type { StoredObject } from '../objects.ts';
import { parseObject } from './body.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import type { Access } from './rbac.ts';
import { mayAccess, mayAccessPath, rulesFor } from './rbac.ts';
import { invalid, methodNotAllowed } from './status.ts';

const typed = (apiVersion: string, kind: string, spec: unknown, status: Fields): Reply => ({
  code: 201,
  json: { kind, apiVersion, metadata: { creationTimestamp: null }, spec, status },
});

function accessReview(context: ApiContext, request: ApiRequest, spec: Fields): Reply {
  const { resourceAttributes: object, nonResourceAttributes: path } = spec;
  if (!isFields(object) && !isFields(path))
    throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', [
      {
        reason: 'FieldValueInvalid',
        message:
          'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        field: 'spec.resourceAttributes',
      },
    ]);
  const at = asFields(object);
  const access: Access = {
    verb: textOf(at['verb']),
    group: textOf(at['group']),
    resource: textOf(at['resource']),
    subresource: textOf(at['subresource']),
    namespace: textOf(at['namespace']),
    name: textOf(at['name']),
  };
  const allowed = isFields(path)
    ? mayAccessPath(context.store, request.identity, {
        verb: textOf(path['verb']),
        path: textOf(path['path']),
      })
    : mayAccess(context.store, request.identity, access);
  return typed('authorization.k8s.io/v1', 'SelfSubjectAccessReview', spec, { allowed });
}

function rulesReview(context: ApiContext, request: ApiRequest, spec: Fields): Reply {
  const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] };
  const master = request.identity.groups.includes('system:masters');
  const paths = { ...all, apiGroups: [], resources: [], nonResourceURLs: ['*'] };
  const rules = master ? [all, paths] : rulesFor(context.store, request.identity, textOf(spec['namespace']));
  const resourceRules = rules
    .filter((rule) => rule.resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames.length === 0 ? {} : { resourceNames }),
    }));
  const nonResourceRules = rules
    .filter((rule) => rule.nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const status = { resourceRules, nonResourceRules, incomplete: false };
  return typed('authorization.k8s.io/v1', 'SelfSubjectRulesReview', {}, status);
}

function subjectReview({ identity }: ApiRequest): Reply {
  const userInfo = { username: identity.name, groups: identity.groups };
  const metadata = { creationTimestamp: null };
  const apiVersion = 'authentication.k8s.io/v1';
  return { code: 201, json: { kind: 'SelfSubjectReview', apiVersion, metadata, status: { userInfo } } };
}

/** POST of a question that is answered and not stored. */
export async function answerReview(context: ApiContext, request: ApiRequest): Promise<Reply> {
  if (request.method !== 'POST' || request.route.name !== null) throw methodNotAllowed();
  const spec = asFields((await parseObject(request.body))['spec']);
  switch (request.route.resource.plural) {
    case 'selfsubjectaccessreviews':
      return accessReview(context, request, spec);
    case 'selfsubjectrulesreviews':
      return rulesReview(context, request, spec);
    default:
      return subjectReview(request);
  }
}

/** POST serviceaccounts/NAME/token: a token that this server accepts. */
export async function requestToken(
  context: ApiContext,
  request: ApiRequest,
  account: StoredObject,
): Promise<Reply> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const spec = request.body.length === 0 ? {} : asFields((await parseObject(request.body))['spec']);
  const lifeSeconds = numberOf(spec['expirationSeconds'], 3600);
  const { namespace = '', name } = account.metadata;
  const token = context.authenticator.issue(namespace, name, lifeSeconds);
  const expirationTimestamp = new Date(context.now().getTime() + lifeSeconds * 1000).toISOString();
  return typed(
    'authentication.k8s.io/v1',
    'TokenRequest',
    { audiences: ['https://kubernetes.default.svc'], ...spec, expirationSeconds: lifeSeconds },
    { token, expirationTimestamp },
  );
}
