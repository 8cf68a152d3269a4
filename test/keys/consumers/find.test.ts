import { describe, expect, it } from 'vitest';
import type { KubeObject, KubeSecret, PodSpec } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import type { KubePort, KubeResource } from '../../../src/ports/kube.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import { Secret } from '../../../src/deployment/secret.ts';
import { consumersOf, findConsumers } from '../../../src/keys/consumers/find.ts';
import type { KnownKeys } from '../../../src/keys/consumers/marks.ts';
import { marksOf, replacePair } from '../../../src/keys/consumers/marks.ts';
import { memoryKube } from '../../support/memory-kube.ts';

const publicKey = 'pk-lf-11111111-1111-4111-8111-111111111111';
const secretKey = 'sk-lf-22222222-2222-4222-8222-222222222222';
const other = 'pk-lf-33333333-3333-4333-8333-333333333333';
const login = Buffer.from(`${publicKey}:${secretKey}`).toString('base64');
const known: KnownKeys = {
  publicKeys: new Set([publicKey, other]),
  ofSecret: (text) => Promise.resolve(text === secretKey ? publicKey : null),
};
const pair = { publicKey, secretKey: new Secret(secretKey) };
const next = { publicKey: 'pk-lf-new', secretKey: new Secret('sk-lf-new') };

const secret = (
  namespace: string,
  name: string,
  values: Readonly<Record<string, string>>,
  more: Partial<KubeSecret> & { readonly meta?: object } = {},
): readonly [KubeResource, KubeObject] => {
  const { meta, ...rest } = more;
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return [resources.secrets, { metadata: { name, namespace, ...meta }, data, ...rest }];
};
const workload = (
  namespace: string,
  name: string,
  spec: PodSpec,
  resource: KubeResource = resources.deployments,
): readonly [KubeResource, KubeObject] => [
  resource,
  { metadata: { name, namespace }, spec: { template: { spec } } } as KubeObject,
];
const pairKeys = { LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };

describe('what a text holds of a pair', () => {
  it.each([
    ['the public key', publicKey, ['public-key']],
    ['the secret key with a line end', `${secretKey}\n`, ['secret-key']],
    ['both in a file', `a: ${publicKey}\nb: "${secretKey}"\n`, ['public-key', 'secret-key']],
    ['a login in a header', `Authorization=Basic ${login},x=y`, ['basic-auth']],
    ['another text', 'sk-lf-44444444-4444-4444-8444-444444444444', []],
    ['a longer key that begins alike', `${publicKey}0`, []],
  ])('%s', async (_name, text, parts) => {
    expect((await marksOf(text, known)).map(({ part }) => part)).toEqual(parts);
  });

  it('is replaced in place, and nothing else', () => {
    const text = `A=${publicKey}\nB=${secretKey}\nC=Basic ${login}\n# $& stays\n`;
    const basic = Buffer.from('pk-lf-new:sk-lf-new').toString('base64');
    expect(replacePair(text, pair, next)).toBe(`A=pk-lf-new\nB=sk-lf-new\nC=Basic ${basic}\n# $& stays\n`);
  });
});

describe('consumers', () => {
  const spec = (container: object, more: object = {}): PodSpec => ({
    containers: [{ name: 'app', ...container }],
    ...more,
  });
  const seed = [
    secret('litellm', 'env', pairKeys),
    secret('litellm', 'release', pairKeys, { type: 'helm.sh/release.v1' }),
    secret('litellm', 'unrelated', { PASSWORD: 'x' }),
    secret('jobs', 'file', { 'config.yaml': `key: ${secretKey}` }),
    workload('litellm', 'all', spec({ envFrom: [{ prefix: 'X_', secretRef: { name: 'env' } }] })),
    workload(
      'litellm',
      'one',
      spec({
        env: [{ name: 'SK', valueFrom: { secretKeyRef: { name: 'env', key: 'LANGFUSE_SECRET_KEY' } } }],
      }),
    ),
    workload(
      'litellm',
      'elsewhere',
      spec({
        env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'env', key: 'OTHER' } } }],
      }),
    ),
    workload('jobs', 'env', spec({ envFrom: [{ secretRef: { name: 'env' } }] })),
    workload(
      'jobs',
      'mounted',
      spec(
        { volumeMounts: [{ name: 'v', mountPath: '/etc/x' }] },
        { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'file' } }] } }] },
      ),
      resources.statefulSets,
    ),
    workload('jobs', 'literal', spec({ env: [{ name: 'PK', value: publicKey }] })),
  ];

  it('are those that reference a key of the pair, in the namespace of the Secret', async () => {
    const { holders, workloads, unknown } = await findConsumers(memoryKube(seed), [], known);
    expect(holders.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'litellm/env',
      'jobs/file',
    ]);
    expect(
      workloads.map(({ kind, name, uses, literals }) => [
        kind,
        name,
        uses.flatMap(({ variables, mounts }) => [...variables.map((each) => each.name), ...mounts]),
        literals.map(({ variable }) => variable),
      ]),
    ).toEqual([
      ['Deployment', 'all', ['X_LANGFUSE_PUBLIC_KEY', 'X_LANGFUSE_SECRET_KEY'], []],
      ['Deployment', 'one', ['SK'], []],
      ['Deployment', 'literal', [], ['PK']],
      ['StatefulSet', 'mounted', ['/etc/x'], []],
    ]);
    expect(unknown).toEqual([]);
  });

  it('are pods that nobody makes again, as long as they run', async () => {
    const pod = (name: string, phase: string): readonly [KubeResource, KubeObject] => [
      resources.pods,
      {
        metadata: { name, namespace: 'litellm' },
        spec: spec({ envFrom: [{ secretRef: { name: 'env' } }] }),
        status: { phase },
      } as KubeObject,
    ];
    const pods = [pod('lives', 'Running'), pod('ended', 'Succeeded')];
    const found = await findConsumers(memoryKube([secret('litellm', 'env', pairKeys), ...pods]), [], known);
    expect(found.workloads.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Pod lives']);
  });

  it('of another key are none', async () => {
    const found = consumersOf(await findConsumers(memoryKube(seed), [], known), other);
    expect([found.holders, found.workloads]).toEqual([[], []]);
  });

  it('outside of the namespaces that may be read are unknown, by name where those are known', async () => {
    const cluster = memoryKube([
      ...seed,
      [resources.namespaces, { metadata: { name: 'litellm' } }],
      [resources.namespaces, { metadata: { name: 'jobs' } }],
    ]);
    const kube: KubePort = {
      ...cluster,
      list: async (resource, options) => {
        if (resource !== resources.secrets || options?.namespace !== undefined)
          return await cluster.list(resource, options);
        throw new LfctlError('KUBE_FORBIDDEN', { message: 'forbidden: list secrets' });
      },
    };
    const { holders, unknown } = await findConsumers(kube, ['litellm'], known);
    expect(holders.map(({ name }) => name)).toEqual(['env']);
    expect(unknown).toEqual(['Secrets of namespaces jobs: may not be read']);
  });

  it.each([
    [
      'ExternalSecret litellm/x',
      { ownerReferences: [{ apiVersion: 'a', kind: 'ExternalSecret', name: 'x', uid: 'u' }] },
    ],
    [
      'SealedSecret litellm/x',
      { ownerReferences: [{ apiVersion: 'a', kind: 'SealedSecret', name: 'x', uid: 'u' }] },
    ],
    ['Argo CD application a', { annotations: { 'argocd.argoproj.io/tracking-id': 'a:/Secret:n/x' } }],
    ['Helm release r', { annotations: { 'meta.helm.sh/release-name': 'r' } }],
    ['Flux k', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'k' } }],
    ['an ExternalSecret', { labels: { 'reconcile.external-secrets.io/managed': 'true' } }],
  ])('say who else writes their Secret: %s', async (name, meta) => {
    const { holders } = await findConsumers(
      memoryKube([secret('litellm', 'env', pairKeys, { meta })]),
      [],
      known,
    );
    expect(holders[0]?.writer?.name).toBe(name);
  });
});
