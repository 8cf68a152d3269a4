import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import type { FakeCluster } from '../fake-kube.ts';
import { envOf, fakeKube, secret, workload } from '../fake-kube.ts';
import { canary, official, runbook, runbookSecret, settings, together, web } from '../installations.ts';

type Given = Parameters<typeof settings>[0];

async function refusal(cluster: FakeCluster, given: Given = {}): Promise<LfctlError> {
  const error: unknown = await discover(fakeKube(cluster), settings(given)).then(
    () => new Error('found'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LfctlError)) throw error;
  return error;
}

describe('more than one', () => {
  const two = { objects: together(official('blue', 'lf'), official('green', 'lf')) };

  it('lists both of one namespace and how to choose', async () => {
    const error = await refusal(two, { namespace: 'lf' });
    expect(error.code).toBe('DEPLOYMENT_AMBIGUOUS');
    expect(error.message).toMatch(/release blue: blue-langfuse-web .*\n.*release green: green-langfuse-web/);
    expect(error.fixes.map((fix) => fix.command)).toEqual(
      expect.arrayContaining([
        'lfctl status --namespace lf --release blue',
        'lfctl status --namespace lf --release green',
      ]),
    );
    expect(error.message).not.toContain(canary);
  });

  it('--release chooses', async () => {
    const found = await discover(fakeKube(two), settings({ namespace: 'lf', release: 'green' }));
    expect(found.components.map((one) => one.workload.name)).toEqual([
      'green-langfuse-web',
      'green-langfuse-worker',
    ]);
  });

  it('--release that names none says which there are', async () => {
    const error = await refusal(two, { namespace: 'lf', release: 'red' });
    expect(error).toMatchObject({
      code: 'DEPLOYMENT_NAME',
      message: expect.stringContaining('blue, green') as string,
    });
  });

  const plain = (name: string, database: string) =>
    workload(name, 'lf', [
      { ...web('w'), env: envOf({ DATABASE_URL: `postgresql://l:${canary}@db/${database}` }) },
    ]);

  it('plain manifests are chosen by the name of their web', async () => {
    const objects = { deployments: [plain('one', 'a'), plain('two', 'b')] };
    const error = await refusal({ objects }, { namespace: 'lf' });
    expect(error.fixes[1]?.command).toBe('lfctl status --namespace lf --release two');
    const found = await discover(fakeKube({ objects }), settings({ namespace: 'lf', release: 'two' }));
    expect(found).toMatchObject({ release: null, components: [{ workload: { name: 'two' } }] });
  });

  it('two namespaces: the namespace chooses', async () => {
    const objects = together(official('blue', 'a'), official('blue', 'b'));
    const error = await refusal({ objects });
    expect(error.fixes.map((fix) => fix.command)).toContain('lfctl status --namespace b');
    expect((await discover(fakeKube({ objects }), settings({ namespace: 'b' }))).namespace).toBe('b');
  });

  it("the context's own namespace wins, and --release looks beyond it", async () => {
    const objects = together(official('blue', 'a'), official('green', 'b'));
    const near = fakeKube({ objects, namespace: 'a' });
    expect((await discover(near, settings())).namespace).toBe('a');
    expect((await discover(near, settings({ release: 'green' }))).namespace).toBe('b');
  });
});

describe('nothing found', () => {
  it('says what was looked at', async () => {
    expect(await refusal({})).toMatchObject({
      code: 'DEPLOYMENT_NOT_FOUND',
      message: expect.stringContaining(
        'looked at Deployments, StatefulSets and DaemonSets in namespace default and the rest of the cluster of context fake',
      ) as string,
    });
  });

  it('says that a namespace does not exist', async () => {
    expect(await refusal(runbook(), { namespace: 'typo' })).toMatchObject({
      code: 'DEPLOYMENT_NAME',
      message: 'namespace typo does not exist in the cluster of context fake',
    });
  });

  it('names the right that was missing', async () => {
    const error = await refusal(
      { ...runbook(), forbidden: ['list deployments'] },
      { namespace: 'hyperplane-langfuse' },
    );
    expect(error.code).toBe('KUBE_FORBIDDEN');
    expect(error.message).toContain('forbidden: list deployments.apps in hyperplane-langfuse');
  });
});

describe('with few rights', () => {
  const forbidden = (...rights: string[]) =>
    discover(fakeKube({ ...runbook(), forbidden: rights, namespace: 'hyperplane-langfuse' }), settings());

  it('finds Langfuse by its image when Secrets are closed, and says why stores are unknown', async () => {
    const found = await forbidden('get secrets');
    expect(found.components).toHaveLength(2);
    expect(found.unknown).toContain('forbidden: get secrets in hyperplane-langfuse');
    for (const name of ['postgres', 'postgresDirect', 'clickhouse', 'redis', 'eventBucket'] as const)
      expect(found.stores[name]).toMatchObject({ target: null, why: 'secret/langfuse-env forbidden' });
  });

  it.each(['postgres', 'clickhouse', 'redis'] as const)(
    'official chart, Secrets closed: %s is unknown and its Service is known',
    async (store) => {
      const kube = fakeKube({ objects: official(), forbidden: ['get secrets'] });
      const { stores } = await discover(kube, settings());
      expect(stores[store]).toMatchObject({
        target: null,
        why: expect.stringMatching(/^secret\/prod-\w+ forbidden$/) as string,
      });
      if (store !== 'redis')
        expect(stores[store].placement).toMatchObject({ kind: 'service', namespace: 'langfuse' });
    },
  );

  it('looks for LiteLLM at home when the cluster may not be listed', async () => {
    const found = await forbidden('list deployments in all namespaces');
    expect(found.liteLlm).toEqual([]);
    expect(found.unknown).toEqual(['forbidden: list deployments.apps in all namespaces']);
    const named = await discover(
      fakeKube({
        ...runbook(),
        forbidden: ['list deployments in all namespaces'],
        namespace: 'hyperplane-langfuse',
      }),
      settings({ liteLlmNamespace: 'hyperplane-litellm' }),
    );
    expect(named.liteLlm).toHaveLength(1);
  });

  it('finds a LiteLLM beside Langfuse without any right elsewhere', async () => {
    const cluster = runbook((objects) => {
      const container = { name: 'proxy', image: 'ghcr.io/berriai/litellm:main' };
      objects['deployments']?.push(workload('proxy', 'hyperplane-langfuse', [container]));
    });
    const forbidden = ['list deployments in all namespaces'];
    const kube = fakeKube({ ...cluster, forbidden, namespace: 'hyperplane-langfuse' });
    const { liteLlm } = await discover(kube, settings());
    expect(liteLlm.map((one) => one.workload.name)).toEqual(['proxy']);
  });

  it('any other failure of the API ends the search', async () => {
    const kube = fakeKube(runbook());
    const broken = {
      ...kube,
      list: () => Promise.reject(new LfctlError('KUBE_TIMEOUT', { message: 'no answer' })),
    };
    await expect(discover(broken, settings())).rejects.toMatchObject({ code: 'KUBE_TIMEOUT' });
  });

  it('a Secret that is not there is missing, not forbidden', async () => {
    const cluster = runbook((objects) => {
      objects['secrets'] = [secret('other', 'hyperplane-langfuse', runbookSecret)];
    });
    const found = await discover(fakeKube(cluster), settings());
    expect(found.stores.postgres).toMatchObject({ target: null, why: 'secret/langfuse-env no-object' });
  });
});
