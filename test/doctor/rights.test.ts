/** What a missing right hides is unknown: neither a finding nor healthy, and never "not set". */
import { describe, expect, it } from 'vitest';
import { discover } from '../../src/deployment/discovery/discover.ts';
import { envView } from '../../src/deployment/env-view.ts';
import { toView } from '../../src/deployment/to-view.ts';
import { litellmConfigFact } from '../../src/doctor/facts/litellm/config.ts';
import { litellmKeysFact } from '../../src/doctor/facts/litellm/keys.ts';
import { kubeEndpointsFact } from '../../src/doctor/facts/kube/endpoints.ts';
import { kubePodsFact } from '../../src/doctor/facts/kube/pods.ts';
import type { FactContext, Outcome } from '../../src/doctor/fact.ts';
import { noTarget } from '../../src/doctor/no-target.ts';
import { Skipped } from '../../src/doctor/fact.ts';
import type { FakeCluster } from '../deployment/fake-kube.ts';
import { fakeKube, pod } from '../deployment/fake-kube.ts';
import { canary, official, runbook, settings } from '../deployment/installations.ts';
import { outcomesWith } from './facts.ts';
import { judge } from './judge.ts';

const home = 'hyperplane-langfuse';

/** The recorded facts with discovery and variables as this cluster gives them. */
async function factsOf(cluster: FakeCluster): Promise<Map<string, Outcome<unknown>>> {
  const deployment = await discover(fakeKube(cluster), settings());
  const envs = deployment.components.map((one) => ({
    role: one.role,
    ...envView(one, (value) => `f${value.length}`),
  }));
  const known = (value: unknown): Outcome<unknown> => ({ status: 'known', value, ms: 1 });
  return new Map([
    ...outcomesWith(),
    ['deployment/discovery', known(toView(deployment, 'fake'))],
    ['config/env', known(envs)],
  ]);
}

const context = (cluster: FakeCluster, given: Parameters<typeof settings>[0] = {}): FactContext => {
  const kube = fakeKube({ namespace: home, ...cluster });
  return {
    settings: settings(given),
    ports: { kube: () => Promise.resolve(kube), postgres: () => Promise.resolve({}) },
    deployment: async () => await discover(kube, settings(given)),
    fact: () => ({ status: 'unknown', code: 'BUG', reason: '', ms: 0 }),
    fingerprint: () => 'f00d',
    now: () => new Date(),
    signal: new AbortController().signal,
  } as unknown as FactContext;
};

const onVariables = [
  'config/required-env',
  'config/encryption-key',
  'config/database-url',
  'config/direct-url',
  'config/inert-env',
  'config/web-worker-agree',
  'config/nextauth-url',
  'kube/secret-refs',
  'objects/path-style',
];

describe('Secrets that may not be read', () => {
  it.each(onVariables)('envFrom: %s is unknown', async (id) => {
    const verdict = judge(id, await factsOf({ ...runbook(), forbidden: ['get secrets'] }));
    expect(verdict).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(/forbidden/) as string,
    });
  });

  it.each(['config/required-env', 'config/database-url', 'kube/secret-refs', 'config/web-worker-agree'])(
    'keys of the official chart: %s is unknown',
    async (id) => {
      const verdict = judge(id, await factsOf({ objects: official(), forbidden: ['get secrets'] }));
      expect(verdict).toMatchObject({
        status: 'unknown',
        reason: expect.stringMatching(/forbidden/) as string,
      });
    },
  );

  it('what stands in a closed Secret is no plain text, what stands in a closed ConfigMap may be', async () => {
    expect(
      judge('secrets/plaintext', await factsOf({ ...runbook(), forbidden: ['get secrets'] })).status,
    ).toBe('ok');
    const closed = await factsOf(runbook());
    const facts = closed.get('config/env');
    if (facts?.status !== 'known') throw new Error('no env');
    const [first] = facts.value as { unreadable: object[] }[];
    first?.unreadable.push({ object: 'configmap/env', why: 'forbidden' });
    expect(judge('secrets/plaintext', closed)).toMatchObject({
      status: 'unknown',
      reason: 'forbidden: configmap/env',
    });
  });

  it.each(onVariables.filter((id) => id !== 'config/inert-env'))('with the right %s is well', async (id) => {
    const cluster = await factsOf({ objects: official() });
    expect(['ok', 'skipped']).toContain(judge(id, cluster).status);
  });

  it('a URL composed with a Secret is no plain text', async () => {
    const facts = await factsOf({ objects: official() });
    expect(judge('secrets/plaintext', facts).status).toBe('ok');
  });

  it('a right that lacks elsewhere does not blind checks of this deployment', async () => {
    const facts = await factsOf({
      ...runbook(),
      namespace: home,
      forbidden: ['list deployments in all namespaces'],
    });
    for (const id of ['versions/consistent', 'worker/running', 'config/nextauth-url', 'web/keep-alive'])
      expect([id, judge(id, facts).status]).toEqual([id, 'ok']);
  });
});

describe('stores that have no target', () => {
  const store = (why: string) =>
    ({ target: null, why, placement: { kind: 'external' }, variables: [] }) as const;
  it.each([
    ['not configured', 'skipped'],
    ['not supported yet (Azure Blob Storage, container b)', 'STORE_NOT_SUPPORTED'],
    ['secret/env forbidden', 'KUBE_FORBIDDEN'],
    ['DATABASE_URL: it is not a URL', 'CONFIG_INVALID'],
  ])('%s: %s', (why, outcome) => {
    const reason = noTarget(store(why), 'the bucket');
    expect(reason instanceof Skipped ? 'skipped' : reason.code).toBe(outcome);
  });
});

describe('LiteLLM', () => {
  it('that could not be looked for is skipped with the reason and the way to name it', async () => {
    const collect = litellmConfigFact.collect(
      context({ ...runbook(), forbidden: ['list deployments in all namespaces'] }),
    );
    await expect(collect).rejects.toThrow(Skipped);
    await expect(collect).rejects.toThrow(
      'not configured: LiteLLM could not be looked for outside hyperplane-langfuse (forbidden: list deployments.apps in all namespaces); name its namespace with litellm.namespace in the configuration file or LFCTL_LITELLM_NAMESPACE',
    );
  });

  it('that is not there at all is skipped plainly', async () => {
    const none = runbook((objects) => objects['deployments']?.pop());
    await expect(litellmConfigFact.collect(context(none))).rejects.toThrow(
      'not configured: no LiteLLM found',
    );
  });

  it.each([
    ['not there', {}, 'DEPLOYMENT_NOT_FOUND'],
    ['closed', { forbidden: ['list deployments in else'] }, 'KUBE_FORBIDDEN'],
  ])('whose namespace is named and %s is asked for, and unknown', async (_title, more, code) => {
    const collect = litellmConfigFact.collect(
      context({ ...runbook(), ...more }, { liteLlmNamespace: 'else' }),
    );
    await expect(collect).rejects.toMatchObject({ code });
  });

  it('whose key may not be read has no wrong key', async () => {
    const forbidden = ['get secrets in hyperplane-litellm'];
    await expect(litellmKeysFact.collect(context({ ...runbook(), forbidden }))).rejects.toMatchObject({
      code: 'KUBE_FORBIDDEN',
    });
  });

  it('shows no secret in its facts', async () => {
    const facts = await litellmConfigFact.collect(context(runbook()));
    expect(facts).toMatchObject([
      {
        host: 'http://langfuse.hyperplane-langfuse:3000',
        secretKeySet: true,
        successCallbacks: ['langfuse'],
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain(canary);
  });
});

describe("a store's namespace that may not be read", () => {
  const cluster = runbook((objects) => objects['pods']?.push(pod('minio-1', 'hyperplane-minio', 'minio')));
  const forbidden = ['list pods in hyperplane-minio'];

  it('takes nothing from what is seen of the others', async () => {
    const pods = await kubePodsFact.collect(context({ ...cluster, forbidden }));
    expect(new Set(pods.map((one) => one.part))).toEqual(new Set(['web', 'worker']));
    const endpoints = await kubeEndpointsFact.collect(context({ ...cluster, forbidden }));
    expect(endpoints.map((one) => one.part)).toEqual(['postgres', 'clickhouse', 'redis', 'web']);
  });

  it('pods of web itself must be seen', async () => {
    const blind = context({ ...cluster, forbidden: [`list pods in ${home}`] });
    await expect(kubePodsFact.collect(blind)).rejects.toMatchObject({ code: 'KUBE_FORBIDDEN' });
  });
});
