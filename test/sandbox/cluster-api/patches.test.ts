import { describe, expect, it } from 'vitest';
import { jsonPatch } from '../../../src/sandbox/cluster/api/json-patch.ts';
import { mergePatch } from '../../../src/sandbox/cluster/api/merge-patch.ts';
import { strategicPatch } from '../../../src/sandbox/cluster/api/strategic-patch.ts';
import { deployment, startTestApi } from './harness.ts';

describe('JSON patch', () => {
  const target = { a: { b: [1, 2] }, 'x/y': 1 };
  it.each([
    [[{ op: 'add', path: '/a/b/-', value: 3 }], { a: { b: [1, 2, 3] }, 'x/y': 1 }],
    [[{ op: 'add', path: '/a/b/0', value: 0 }], { a: { b: [0, 1, 2] }, 'x/y': 1 }],
    [[{ op: 'remove', path: '/x~1y' }], { a: { b: [1, 2] } }],
    [[{ op: 'replace', path: '/a/b/1', value: 9 }], { a: { b: [1, 9] }, 'x/y': 1 }],
    [[{ op: 'move', from: '/a', path: '/c' }], { c: { b: [1, 2] }, 'x/y': 1 }],
    [[{ op: 'copy', from: '/x~1y', path: '/z' }], { a: { b: [1, 2] }, 'x/y': 1, z: 1 }],
    [[{ op: 'test', path: '/a/b', value: [1, 2] }], target],
  ])('%j', (patch, expected) => {
    expect(jsonPatch(target, patch)).toEqual(expected);
    expect(target).toEqual({ a: { b: [1, 2] }, 'x/y': 1 });
  });

  it.each([
    [[{ op: 'remove', path: '/nope' }]],
    [[{ op: 'replace', path: '/nope/deep', value: 1 }]],
    [[{ op: 'add', path: '/a/b/7', value: 1 }]],
    [[{ op: 'test', path: '/x~1y', value: 2 }]],
    [[{ op: 'whatever', path: '/a' }]],
    [{ op: 'add' }],
    ['text'],
  ])('refuses %j', (patch) => {
    expect(() => jsonPatch(target, patch)).toThrow();
  });
});

describe('merge patch', () => {
  it('removes with null and replaces lists', () => {
    expect(mergePatch({ a: { b: 1, c: 2 }, l: [1, 2] }, { a: { b: null }, l: [3] })).toEqual({
      a: { c: 2 },
      l: [3],
    });
  });
});

describe('strategic merge patch', () => {
  const spec = {
    containers: [
      { name: 'web', image: 'a', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
      { name: 'proxy', image: 'b' },
    ],
    tolerations: [{ key: 'a' }],
  };

  it('merges lists by their keys', () => {
    const patch = {
      containers: [{ name: 'web', env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 81 }] }],
    };
    expect(strategicPatch(spec, patch)).toMatchObject({
      containers: [
        {
          name: 'web',
          image: 'a',
          env: [{ name: 'A' }, { name: 'B' }],
          ports: [{ containerPort: 80 }, { containerPort: 81 }],
        },
        { name: 'proxy' },
      ],
    });
  });

  it('removes items, and replaces what has no key', () => {
    const patch = {
      containers: [{ name: 'proxy', $patch: 'delete' }],
      tolerations: [{ key: 'b' }],
    };
    expect(strategicPatch(spec, patch)).toMatchObject({
      containers: [{ name: 'web' }],
      tolerations: [{ key: 'b' }],
    });
    expect((strategicPatch(spec, patch) as typeof spec).containers).toHaveLength(1);
  });

  it('obeys $patch: replace, $retainKeys, $setElementOrder and $deleteFromPrimitiveList', () => {
    expect(strategicPatch({ a: { b: 1, c: 2 } }, { a: { $patch: 'replace', d: 3 } })).toEqual({
      a: { d: 3 },
    });
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
    expect(strategicPatch({ strategy }, { strategy: { $retainKeys: ['type'], type: 'Recreate' } })).toEqual({
      strategy: { type: 'Recreate' },
    });
    const order = {
      $setElementOrder: undefined,
      '$setElementOrder/containers': [{ name: 'proxy' }, { name: 'web' }],
    };
    expect(
      (strategicPatch(spec, order) as typeof spec).containers.map((container) => container.name),
    ).toEqual(['proxy', 'web']);
    expect(
      strategicPatch(
        { finalizers: ['a', 'b'] },
        { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] },
      ),
    ).toEqual({ finalizers: ['b', 'c'] });
  });

  it('is not for custom resources', async () => {
    const { ask } = await startTestApi();
    const path = '/apis/networking.istio.io/v1/namespaces/lf/virtualservices';
    await ask('POST', path, { body: { metadata: { name: 'vs' }, spec: { hosts: ['a'] } } });
    const type = 'application/strategic-merge-patch+json';
    expect((await ask('PATCH', `${path}/vs`, { type, body: {} })).code).toBe(415);
  });
});

describe('server-side apply', () => {
  const path = '/apis/apps/v1/namespaces/lf/deployments/web';
  const type = 'application/apply-patch+yaml';
  const apply = (manager: string, body: object, force = false) =>
    [
      'PATCH' as const,
      `${path}?fieldManager=${manager}&force=${String(force)}`,
      { type, body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, ...body } },
    ] as const;
  const env = (...names: readonly string[]) => ({
    spec: {
      template: { spec: { containers: [{ name: 'web', env: names.map((name) => ({ name, value: '1' })) }] } },
    },
  });
  const names = (json: Record<string, unknown>): unknown =>
    (
      json as { spec: { template: { spec: { containers: { env: { name: string }[] }[] } } } }
    ).spec.template.spec.containers[0]?.env.map((variable) => variable.name);

  it('creates, merges, and removes what its manager no longer sets', async () => {
    const { ask } = await startTestApi();
    const { metadata: _metadata, ...rest } = deployment('web');
    expect((await ask(...apply('owner', rest))).code).toBe(201);
    expect(names((await ask(...apply('extra', env('X', 'Y')))).json)).toEqual(['A', 'X', 'Y']);
    expect(names((await ask(...apply('extra', env('Y')))).json)).toEqual(['A', 'Y']);
    const { json } = await ask(...apply('owner', rest));
    expect(names(json)).toEqual(['A', 'Y']);
    expect(json['metadata']).toMatchObject({
      managedFields: [
        { manager: 'extra', operation: 'Apply', fieldsType: 'FieldsV1' },
        { manager: 'owner', operation: 'Apply' },
      ],
    });
  });

  it('names every conflict, and takes the fields over by force', async () => {
    const { ask } = await startTestApi();
    const { metadata: _metadata, ...rest } = deployment('web');
    await ask(...apply('owner', rest));
    const other = {
      spec: { replicas: 9, template: { spec: { containers: [{ name: 'web', image: 'other' }] } } },
    };
    const refused = await ask(...apply('thief', other));
    expect(refused).toMatchObject({
      code: 409,
      json: {
        message:
          'Apply failed with 2 conflicts: conflicts with "owner":\n- .spec.replicas\n- .spec.template.spec.containers[name="web"].image',
        details: { causes: [{ field: '.spec.replicas' }, { reason: 'FieldManagerConflict' }] },
      },
    });
    expect((await ask(...apply('thief', other, true))).json).toMatchObject({ spec: { replicas: 9 } });
    expect((await ask(...apply('owner', rest))).json['message']).toContain('conflicts with "thief"'.slice(9));
  });

  it('conflicts with those who patched or scaled', async () => {
    const { ask } = await startTestApi();
    const { metadata: _metadata, ...rest } = deployment('web');
    await ask(...apply('owner', rest));
    const body = { spec: { replicas: 4 } };
    await ask('PATCH', `${path}?fieldManager=kubectl-patch`, { type: 'application/merge-patch+json', body });
    expect((await ask(...apply('owner', rest))).json['message']).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-patch" using apps/v1: .spec.replicas',
    );
  });

  it('reads YAML', async () => {
    const { ask } = await startTestApi();
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n';
    const target = '/api/v1/namespaces/lf/configmaps/a?fieldManager=m';
    expect((await ask('PATCH', target, { type, body })).json['data']).toEqual({ k: 'v' });
  });
});
