import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/ports/kube-objects.ts';
import type { TestApi } from './harness.ts';
import { configMaps, pods, resource, startTestApi, tokens } from './harness.ts';

const rbac = 'rbac.authorization.k8s.io';
const inNamespace = '/api/v1/namespaces/lf';

function grant(
  { store }: TestApi,
  rules: readonly object[],
  subject: object = { kind: 'Group', name: 'viewers' },
): void {
  const metadata = { name: `r${store.resourceVersion()}`, namespace: 'lf' };
  store.create(resource(rbac, 'v1', 'roles'), { metadata, rules } as KubeObject);
  store.create(resource(rbac, 'v1', 'rolebindings'), {
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name },
    subjects: [subject],
  } as KubeObject);
}

function grantCluster({ store }: TestApi, rules: readonly object[]): void {
  const metadata = { name: `c${store.resourceVersion()}` };
  store.create(resource(rbac, 'v1', 'clusterroles'), { metadata, rules } as KubeObject);
  store.create(resource(rbac, 'v1', 'clusterrolebindings'), {
    metadata,
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'User', name: 'viewer' }],
  } as KubeObject);
}

const asViewer = { token: tokens.viewer };
const read = ['get', 'list', 'watch'];

describe('access', () => {
  it('answers 401 to a token nobody has', async () => {
    const { ask } = await startTestApi();
    for (const token of ['wrong', `${tokens.admin}x`, 'a.b.c']) {
      const answer = await ask('GET', '/api/v1/pods', { token });
      expect(answer).toMatchObject({
        code: 401,
        json: {
          kind: 'Status',
          status: 'Failure',
          reason: 'Unauthorized',
          message: 'Unauthorized',
          code: 401,
        },
      });
      expect(answer.text).not.toContain(token);
    }
  });

  it('lets the anonymous see the version and no more', async () => {
    const { ask } = await startTestApi();
    expect((await ask('GET', '/version', { token: null })).code).toBe(200);
    expect((await ask('GET', '/healthz', { token: null })).text).toBe('ok');
    expect(await ask('GET', '/apis', { token: null })).toMatchObject({
      code: 403,
      json: { message: 'forbidden: User "system:anonymous" cannot get path "/apis"' },
    });
  });

  it('refuses in the real words', async () => {
    const { ask } = await startTestApi();
    expect(await ask('GET', `${inNamespace}/pods`, asViewer)).toMatchObject({
      code: 403,
      json: {
        kind: 'Status',
        reason: 'Forbidden',
        message:
          'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" in the namespace "lf"',
        details: { kind: 'pods' },
      },
    });
    expect((await ask('GET', '/apis/apps/v1/deployments', asViewer)).json['message']).toBe(
      'deployments.apps is forbidden: User "viewer" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
    expect((await ask('GET', `${inNamespace}/pods/p/log`, asViewer)).json).toMatchObject({
      message:
        'pods "p" is forbidden: User "viewer" cannot get resource "pods/log" in API group "" in the namespace "lf"',
      details: { name: 'p', kind: 'pods' },
    });
  });

  it('holds each verb, subresource and name apart', async () => {
    const api = await startTestApi();
    api.store.create(configMaps, { metadata: { name: 'one', namespace: 'lf' } });
    api.store.create(configMaps, { metadata: { name: 'two', namespace: 'lf' } });
    api.store.create(pods, { metadata: { name: 'p', namespace: 'lf' } });
    grant(api, [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['one'] },
      { apiGroups: [''], resources: ['pods'], verbs: read },
    ]);
    const code = async (method: string, path: string): Promise<number> =>
      (await api.ask(method, `${inNamespace}/${path}`, asViewer)).code;
    expect(await code('GET', 'configmaps/one')).toBe(200);
    expect(await code('GET', 'configmaps/two')).toBe(403);
    expect(await code('GET', 'configmaps')).toBe(403);
    expect(await code('DELETE', 'configmaps/one')).toBe(403);
    expect(await code('GET', 'pods')).toBe(200);
    expect(await code('GET', 'pods/p/log')).toBe(403);
    expect((await api.ask('GET', '/api/v1/namespaces/default/pods', asViewer)).code).toBe(403);
  });

  it('understands wildcards and cluster roles', async () => {
    const api = await startTestApi();
    grantCluster(api, [{ apiGroups: ['*'], resources: ['*'], verbs: read }]);
    expect((await api.ask('GET', '/apis/apps/v1/deployments', asViewer)).code).toBe(200);
    expect((await api.ask('POST', `${inNamespace}/configmaps`, { ...asViewer, body: {} })).code).toBe(403);
    expect((await api.ask('GET', '/api/v1/pods', { token: tokens.nobody })).code).toBe(403);
  });

  it('answers access reviews as it would answer the request', async () => {
    const api = await startTestApi();
    grant(api, [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }]);
    const may = async (attributes: object): Promise<unknown> => {
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const body = { spec: { resourceAttributes: attributes } };
      const { code, json } = await api.ask('POST', path, { ...asViewer, body });
      expect(code).toBe(201);
      return json['status'];
    };
    const log = { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'lf' };
    expect(await may(log)).toEqual({ allowed: true });
    expect(await may({ ...log, namespace: 'default' })).toEqual({ allowed: false });
    expect(await may({ ...log, subresource: '' })).toEqual({ allowed: false });
  });

  it('makes tokens for service accounts that it then accepts until they expire', async () => {
    let time = Date.now();
    const api = await startTestApi({ now: () => new Date(time) });
    api.store.create(resource('', 'v1', 'serviceaccounts'), {
      metadata: { name: 'doctor', namespace: 'lf' },
    });
    grant(api, [{ apiGroups: [''], resources: ['pods'], verbs: read }], {
      kind: 'ServiceAccount',
      name: 'doctor',
    });
    const asked = await api.ask('POST', `${inNamespace}/serviceaccounts/doctor/token`, {
      body: { spec: { expirationSeconds: 600 } },
    });
    expect(asked.code).toBe(201);
    const { token } = asked.json['status'] as { readonly token: string };
    expect((await api.ask('GET', `${inNamespace}/pods`, { token })).code).toBe(200);
    expect((await api.ask('GET', `${inNamespace}/secrets`, { token })).json['message']).toContain(
      'User "system:serviceaccount:lf:doctor" cannot list resource "secrets"',
    );
    const [head = '', claims = '', signature = ''] = token.split('.');
    const forged = Buffer.from(claims, 'base64url').toString().replaceAll('doctor', 'admin');
    const other = `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`;
    expect((await api.ask('GET', `${inNamespace}/pods`, { token: other })).code).toBe(401);
    time += 601_000;
    expect((await api.ask('GET', `${inNamespace}/pods`, { token })).code).toBe(401);
  });

  it('lets only those impersonate who may', async () => {
    const api = await startTestApi();
    const headers = { 'impersonate-user': 'viewer', 'impersonate-group': 'viewers' };
    expect((await api.ask('GET', `${inNamespace}/pods`, { headers })).json['message']).toContain(
      'User "viewer"',
    );
    const refused = await api.ask('GET', `${inNamespace}/pods`, { ...asViewer, headers });
    expect(refused.json['message']).toContain('cannot impersonate resource "users"');
  });
});
