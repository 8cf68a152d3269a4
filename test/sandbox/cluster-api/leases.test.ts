import { describe, expect, it } from 'vitest';
import { startTestApi, tokens } from './harness.ts';

const leases = '/apis/coordination.k8s.io/v1/namespaces/lf/leases';
const role = { group: 'rbac.authorization.k8s.io', version: 'v1' };
const lease = (metadata: object = {}) => ({
  metadata: { name: 'lock', ...metadata },
  spec: { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: '2026-11-21T17:00:00.000000Z' },
});

describe('a Lease', () => {
  it('is taken by the first, and by a PUT only from the version that was read', async () => {
    const { ask } = await startTestApi();
    const made = await ask('POST', leases, { body: lease() });
    expect(made.code).toBe(201);
    expect((await ask('POST', leases, { body: lease() })).json).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'leases.coordination.k8s.io "lock" already exists',
    });
    expect((await ask('PUT', `${leases}/lock`, { body: lease() })).json).toMatchObject({
      code: 422,
      message:
        'leases.coordination.k8s.io "lock" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    });
    const { resourceVersion } = made.json['metadata'] as { readonly resourceVersion: string };
    const again = { ...lease({ resourceVersion }), spec: { holderIdentity: 'two' } };
    expect((await ask('PUT', `${leases}/lock`, { body: again })).code).toBe(200);
    expect((await ask('PUT', `${leases}/lock`, { body: again })).json).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
  });

  it('is made by a PUT too, for who may create it', async () => {
    const { ask, store } = await startTestApi();
    const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['update'] }];
    store.create({ ...role, plural: 'roles' }, { metadata: { name: 'r', namespace: 'lf' }, rules } as never);
    store.create({ ...role, plural: 'rolebindings' }, {
      metadata: { name: 'r', namespace: 'lf' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'User', name: 'viewer' }],
    } as never);
    const refused = await ask('PUT', `${leases}/lock`, { token: tokens.viewer, body: lease() });
    expect(refused.json).toMatchObject({
      code: 403,
      message:
        'leases.coordination.k8s.io "lock" is forbidden: User "viewer" cannot create resource "leases" in API group "coordination.k8s.io" in the namespace "lf"',
    });
    expect((await ask('PUT', `${leases}/lock`, { body: lease() })).code).toBe(201);
  });

  it('goes only in the version that its holder knows, when that is asked for', async () => {
    const { ask } = await startTestApi();
    await ask('POST', leases, { body: lease() });
    const refused = await ask('DELETE', `${leases}/lock`, {
      body: { preconditions: { resourceVersion: '1' } },
    });
    expect(refused.code).toBe(409);
    expect(refused.json['message']).toMatch(
      /^Operation cannot be fulfilled on Lease\.coordination\.k8s\.io "lock": the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
    );
  });

  it('has times of six digits and a positive duration', async () => {
    const { ask } = await startTestApi();
    const spec = { renewTime: '2026-11-21T17:00:00.123Z' };
    expect((await ask('POST', leases, { body: { ...lease(), spec } })).json).toMatchObject({
      code: 400,
      message: expect.stringContaining('cannot parse ".123Z" as ".000000"'),
    });
    const short = await ask('POST', leases, { body: { ...lease(), spec: { leaseDurationSeconds: 0 } } });
    expect(short.json).toMatchObject({
      code: 422,
      message:
        'Lease.coordination.k8s.io "lock" is invalid: spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    });
  });
});
