import type * as ClientNode from '@kubernetes/client-node';
import { PassThrough, Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployment, deployments, pods, startTestApi, tokens } from './harness.ts';
import { writeKubeconfig } from './kubeconfig.ts';

let vendor: typeof ClientNode;
beforeAll(async () => {
  vendor = await import('@kubernetes/client-node');
});

async function start() {
  const test = await startTestApi();
  test.store.create(pods, {
    metadata: { name: 'one', namespace: 'lf' },
    spec: { nodeName: 'n', containers: [{ name: 'web', image: 'x' }] },
    status: { phase: 'Running' },
  } as never);
  test.store.create(deployments, {
    ...deployment('web'),
    metadata: { name: 'web', namespace: 'lf' },
  });
  const config = new vendor.KubeConfig();
  config.loadFromFile(await writeKubeconfig(test.api, tokens.admin));
  const core = config.makeApiClient(vendor.CoreV1Api);
  const apps = config.makeApiClient(vendor.AppsV1Api);
  return { ...test, config, core, apps };
}

const inNamespace = { namespace: 'lf' };
const web = { name: 'web', ...inNamespace };

describe('@kubernetes/client-node', () => {
  it('lists, reads, creates, replaces and patches', async () => {
    const { core, apps } = await start();
    expect((await core.listNamespacedPod(inNamespace)).items).toHaveLength(1);
    await expect(apps.readNamespacedDeployment({ name: 'x', ...inNamespace })).rejects.toMatchObject({
      code: 404,
    });
    const body = { metadata: { generateName: 'lf-' }, stringData: { a: 'b' } };
    const secret = await core.createNamespacedSecret({ ...inNamespace, body });
    expect(secret).toMatchObject({ metadata: { name: expect.stringMatching(/^lf-/) }, data: { a: 'Yg==' } });
    const scale = await apps.readNamespacedDeploymentScale(web);
    scale.spec = { replicas: 4 };
    expect((await apps.replaceNamespacedDeploymentScale({ ...web, body: scale })).spec?.replicas).toBe(4);
    const patch = [{ op: 'replace', path: '/spec/replicas', value: 5 }];
    expect((await apps.patchNamespacedDeployment({ ...web, body: patch })).spec?.replicas).toBe(5);
  });

  it('watches', async () => {
    const { config, store } = await start();
    const seen: string[] = [];
    const watch = new vendor.Watch(config);
    const request = await watch.watch(
      '/api/v1/namespaces/lf/pods',
      {},
      (type: string, object: { metadata: { name: string } }) => seen.push(`${type} ${object.metadata.name}`),
      () => undefined,
    );
    await expect.poll(() => seen).toEqual(['ADDED one']);
    store.remove(pods, 'lf', 'one', { force: true });
    await expect.poll(() => seen).toEqual(['ADDED one', 'DELETED one']);
    request.abort();
  });

  it('informs after a disconnect and a forgotten version', async () => {
    const { config, core, store } = await start();
    const seen = new Set<string>();
    const informer = vendor.makeInformer(config, '/api/v1/namespaces/lf/pods', () =>
      core.listNamespacedPod(inNamespace),
    );
    informer.on('add', (pod) => seen.add(pod.metadata?.name ?? ''));
    await informer.start();
    await expect.poll(() => [...seen]).toEqual(['one']);
    store.create(pods, { metadata: { name: 'two', namespace: 'lf' } });
    await expect.poll(() => [...seen]).toEqual(['one', 'two']);
    await informer.stop();
  });

  it('reads logs, follows them, runs commands', async () => {
    const { config, core } = await start();
    const asked = { name: 'one', ...inNamespace, tailLines: 1 };
    expect(await core.readNamespacedPodLog(asked)).toBe('line 9 of web\n');
    const log = new PassThrough();
    let text = '';
    log.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const following = await new vendor.Log(config).log('lf', 'one', 'web', log, {
      follow: true,
      tailLines: 1,
    });
    await expect.poll(() => text).toContain('more 1');
    following.abort();
    const out: Buffer[] = [];
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        out.push(chunk);
        done();
      },
    });
    const status = await new Promise<ClientNode.V1Status>((resolve, reject) => {
      new vendor.Exec(config)
        .exec('lf', 'one', 'web', ['sh', '-c', 'echo hi; exit 4'], sink, null, null, false, resolve)
        .catch(reject);
    });
    expect(Buffer.concat(out).toString()).toBe('hi\n');
    expect(status.details?.causes?.[0]?.message).toBe('4');
  });

  it('asks what it may do', async () => {
    const { config } = await start();
    const auth = config.makeApiClient(vendor.AuthorizationV1Api);
    const resourceAttributes = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'lf' };
    const answer = await auth.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    expect(answer.status?.allowed).toBe(true);
  });
});
