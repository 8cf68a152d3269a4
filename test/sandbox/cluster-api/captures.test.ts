import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestApi } from './harness.ts';
import { startTestApi } from './harness.ts';

/** [code, kind, reason, message, details as JSON cut at 200 characters] of a real kube-apiserver 1.20.2. */
type Recorded = readonly [number, string | null, string | null, string | null, string | null];

const folder = 'test/fixtures/captures/kubernetes';
const core = '/api/v1/namespaces/langfuse';
const apps = '/apis/apps/v1/namespaces/langfuse';
const apply = 'application/apply-patch+yaml';
const configMap = (fields: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'd1' },
  ...fields,
});

interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
}

const step = (name: string, method: string, path: string, body?: unknown, type?: string): Step => ({
  name,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(type === undefined ? {} : { type }),
});

/** The same requests in the same order as they were sent to the real server. */
const steps: readonly Step[] = [
  step('get missing pod', 'GET', `${core}/pods/zzz`),
  step('get missing deploy', 'GET', `${apps}/deployments/zzz`),
  step('unknown resource', 'GET', `${core}/foos`),
  step('create in missing ns', 'POST', '/api/v1/namespaces/nope/configmaps', { metadata: { name: 'a' } }),
  step('create cm', 'POST', `${core}/configmaps`, { metadata: { name: 'd1' }, data: { a: '1' } }),
  step('create dup', 'POST', `${core}/configmaps`, { metadata: { name: 'd1' } }),
  step('invalid name', 'POST', `${core}/configmaps`, { metadata: { name: 'Bad_Name' } }),
  step('no name', 'POST', `${core}/configmaps`, { metadata: {} }),
  step('put conflict', 'PUT', `${core}/configmaps/d1`, {
    metadata: { name: 'd1', resourceVersion: '1' },
    data: {},
  }),
  step(
    'json patch test fail',
    'PATCH',
    `${core}/configmaps/d1`,
    [{ op: 'test', path: '/data/a', value: '9' }],
    'application/json-patch+json',
  ),
  step(
    'json patch bad path',
    'PATCH',
    `${core}/configmaps/d1`,
    [{ op: 'remove', path: '/data/zz' }],
    'application/json-patch+json',
  ),
  step('merge patch', 'PATCH', `${core}/configmaps/d1`, { data: { b: '2' } }, 'application/merge-patch+json'),
  step('bad patch ct', 'PATCH', `${core}/configmaps/d1`, { data: { b: '2' } }, 'application/json'),
  step('ssa no fm', 'PATCH', `${core}/configmaps/d1`, configMap({}), apply),
  step(
    'ssa conflict a',
    'PATCH',
    `${core}/configmaps/d1?fieldManager=m1&force=true`,
    configMap({ data: { k: '1' } }),
    apply,
  ),
  step(
    'ssa conflict b',
    'PATCH',
    `${core}/configmaps/d1?fieldManager=m2`,
    configMap({ data: { k: '2' } }),
    apply,
  ),
  step('deploy invalid (no selector)', 'POST', `${apps}/deployments`, {
    metadata: { name: 'bad' },
    spec: { template: { metadata: {}, spec: { containers: [{ name: 'a', image: 'b' }] } } },
  }),
  step('log of missing pod', 'GET', `${core}/pods/zzz/log`),
  step('delete cm', 'DELETE', `${core}/configmaps/d1`),
  step('delete missing', 'DELETE', `${core}/configmaps/d1`),
  step('method not allowed', 'POST', `${core}/pods/zzz`),
];

async function replay({ ask }: TestApi): Promise<Map<string, Recorded>> {
  const seen = new Map<string, Recorded>();
  for (const { name, method, path, body, type } of steps) {
    const { code, json } = await ask(method, path, {
      ...(body === undefined ? {} : { body }),
      ...(type === undefined ? {} : { type }),
    });
    const text = (field: string): string | null => (typeof json[field] === 'string' ? json[field] : null);
    const details = json['details'] === undefined ? null : JSON.stringify(json['details']).slice(0, 200);
    seen.set(name, [code, text('kind'), text('reason'), text('message'), details]);
  }
  return seen;
}

const withoutUid = ([code, kind, reason, message, details]: Recorded): Recorded => [
  code,
  kind,
  reason,
  message,
  details?.replaceAll(/"uid":"[^"]+"/g, '"uid":"…"') ?? null,
];

describe('answers of a real API server', () => {
  let real: Readonly<Record<string, Recorded>> = {};
  beforeAll(async () => {
    const recorded = JSON.parse(await readFile(`${folder}/error-bodies.json`, 'utf8')) as {
      readonly real_v1_20_2: Readonly<Record<string, Recorded>>;
    };
    real = recorded.real_v1_20_2;
  });

  it('are given word for word', async () => {
    const api = await startTestApi();
    await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'langfuse' } } });
    const seen = await replay(api);
    for (const [name, answer] of seen) {
      const recorded = real[name];
      expect(recorded, name).toBeDefined();
      if (recorded !== undefined)
        expect([name, ...withoutUid(answer)]).toEqual([name, ...withoutUid(recorded)]);
    }
    expect(seen.size).toBe(steps.length);
  });

  it('lists in discovery what an old server lists, for the kinds that are served', async () => {
    const { ask } = await startTestApi();
    for (const path of ['/api/v1', '/apis/apps/v1', '/apis/batch/v1']) {
      const recorded = listed(await recordedAt(folder, path));
      for (const [name, own] of listed((await ask('GET', path)).json)) {
        const other = recorded.get(name);
        if (other !== undefined) expect([name, comparable(own)]).toEqual([name, comparable(other)]);
      }
    }
  });

  it.each([
    '/api/v1',
    '/apis/apps/v1',
    '/apis/autoscaling/v2',
    '/apis/batch/v1',
    '/apis/discovery.k8s.io/v1',
    '/apis/networking.k8s.io/v1',
    '/apis/policy/v1',
    '/apis/rbac.authorization.k8s.io/v1',
    '/apis/storage.k8s.io/v1',
  ])('lists in discovery of %s what a server of 1.36 lists, for the kinds that are served', async (path) => {
    const { ask } = await startTestApi();
    const recorded = listed(await recordedAt('test/fixtures/captures/kubernetes-1.36', path));
    const own = listed((await ask('GET', path)).json);
    expect(own.size).toBeGreaterThan(0);
    for (const [name, row] of own) expect([name, row]).toEqual([name, recorded.get(name)]);
  });
});

async function recordedAt(from: string, path: string): Promise<unknown> {
  return JSON.parse(await readFile(`${from}/${path.replaceAll('/', '_')}.json`, 'utf8')) as unknown;
}

type Row = Readonly<Record<string, unknown>>;

/** Resource rows by name, without the hash of their storage. */
function listed(body: unknown): Map<string, Row> {
  const { resources } = body as { readonly resources: readonly Row[] };
  return new Map(
    resources.map(({ storageVersionHash: _hash, ...row }) => [String(row['name']), row] as const),
  );
}

/** Left out is what later versions changed: singular names, policy/v1, and deletecollection of services. */
function comparable({ singularName: _singular, ...row }: Row): Row | null {
  return ['pods/eviction', 'services'].includes(String(row['name'])) ? null : row;
}
