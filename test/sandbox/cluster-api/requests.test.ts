import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { configMaps, deployment, deployments, pods, startTestApi, tokens } from './harness.ts';

const maps = '/api/v1/namespaces/lf/configmaps';
const works = '/apis/apps/v1/namespaces/lf/deployments';

describe('bad input', () => {
  it('answers 400 to a broken body, without quoting it', async () => {
    const { ask } = await startTestApi();
    for (const body of ['{"data":{"k":"canary-91c2"', 'a: [canary-91c2', '"canary-91c2"', '[1]', '']) {
      const answer = await ask('POST', maps, { body });
      expect(answer).toMatchObject({ code: 400, json: { kind: 'Status', reason: 'BadRequest' } });
      expect(answer.text).not.toContain('canary-91c2');
    }
  });

  it('answers 413 to a body over 3 MiB, announced or not', async () => {
    const { ask, api, store } = await startTestApi();
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { k: 'x'.repeat(4_000_000) } });
    expect(await ask('POST', maps, { body })).toMatchObject({
      code: 413,
      json: { reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
    });
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(body));
        controller.close();
      },
    });
    const chunked = await fetch(`${api.url}${maps}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.admin}` },
      body: stream,
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect(store.list(configMaps)).toEqual([]);
  });

  it('answers 422 to a Secret or ConfigMap over 1 MiB', async () => {
    const { ask } = await startTestApi();
    const body = { metadata: { name: 'big' }, data: { k: 'x'.repeat(2_000_000) } };
    expect((await ask('POST', maps, { body })).json['message']).toBe(
      'ConfigMap "big" is invalid: data: Too long: may not be more than 1048576 bytes',
    );
  });

  it('names typing mistakes in manifests as the real API does', async () => {
    const { ask } = await startTestApi();
    const number = deployment('web');
    Object.assign(number['spec'] as object, { replicas: 'two' });
    expect(await ask('POST', works, { body: number })).toMatchObject({
      code: 400,
      json: {
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      },
    });
    const secret = { metadata: { name: 's' }, data: { k: 'not base64!' } };
    expect((await ask('POST', '/api/v1/namespaces/lf/secrets', { body: secret })).json['message']).toContain(
      'illegal base64 data at input byte 3',
    );
    const other = { ...deployment('web'), kind: 'StatefulSet' };
    expect((await ask('POST', works, { body: other })).code).toBe(400);
    expect((await ask('POST', works, { body: { ...deployment('web'), apiVersion: 'v1' } })).code).toBe(400);
    const elsewhere = { metadata: { name: 'a', namespace: 'default' } };
    expect((await ask('POST', maps, { body: elsewhere })).code).toBe(400);
  });

  it('refuses selectors it does not understand', async () => {
    const { ask } = await startTestApi();
    for (const query of [
      'labelSelector=a%20b',
      'fieldSelector=spec.foo%3D1',
      'fieldSelector=x',
      'continue=zz',
    ])
      expect([query, (await ask('GET', `${maps}?${query}`)).code]).toEqual([query, 400]);
  });

  it('keeps serving after garbage on the wire', async () => {
    const { api, ask } = await startTestApi();
    for (const garbage of ['\x16\x03\x01garbage\r\n\r\n', 'NOT HTTP\r\n\r\n', '\0\0\0']) {
      const socket = connect(api.port, '127.0.0.1');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      socket.end(garbage);
      socket.resume();
      await closed;
    }
    expect((await ask('GET', '/healthz')).code).toBe(200);
  });

  it('says which port is taken', async () => {
    const { api } = await startTestApi();
    await expect(startTestApi({ port: api.port })).rejects.toMatchObject({ code: 'SANDBOX_PORT' });
  });
});

describe('writing', () => {
  it('fills in defaults', async () => {
    const { ask } = await startTestApi();
    const { code, json } = await ask('POST', works, { body: deployment('web') });
    expect(code).toBe(201);
    expect(json).toMatchObject({
      metadata: { namespace: 'lf', generation: 1 },
      spec: {
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        progressDeadlineSeconds: 600,
        template: {
          spec: { restartPolicy: 'Always', containers: [{ imagePullPolicy: 'IfNotPresent', resources: {} }] },
        },
      },
    });
  });

  it('writes nothing in a dry run', async () => {
    const { ask, store } = await startTestApi();
    const made = await ask('POST', `${works}?dryRun=All`, { body: deployment('web') });
    expect(made).toMatchObject({ code: 201, json: { spec: { replicas: 2 } } });
    expect(store.list(deployments)).toEqual([]);
    await ask('POST', works, { body: deployment('web') });
    const before = store.resourceVersion();
    const type = 'application/merge-patch+json';
    const patched = await ask('PATCH', `${works}/web?dryRun=All`, { type, body: { spec: { replicas: 9 } } });
    expect(patched.json).toMatchObject({
      spec: { replicas: 9 },
      metadata: { resourceVersion: String(before) },
    });
    await ask('DELETE', `${works}/web?dryRun=All`);
    expect(store.resourceVersion()).toBe(before);
  });

  it('takes a PUT without name and namespace, as helm sends it', async () => {
    const { ask } = await startTestApi();
    await ask('POST', works, { body: deployment('web') });
    const body = { ...deployment('web', 'langfuse/langfuse:4'), metadata: {} };
    expect(await ask('PUT', `${works}/web`, { body })).toMatchObject({
      code: 200,
      json: { metadata: { name: 'web', namespace: 'lf', generation: 2 } },
    });
  });

  it('refuses to change what may not change', async () => {
    const { ask } = await startTestApi();
    await ask('POST', works, { body: deployment('web') });
    const selector = { matchLabels: { app: 'web', x: 'y' } };
    const labels = { app: 'web', x: 'y' };
    const type = 'application/merge-patch+json';
    const body = { spec: { selector, template: { metadata: { labels } } } };
    expect((await ask('PATCH', `${works}/web`, { type, body })).json['message']).toBe(
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","x":"y"}}: field is immutable',
    );
  });

  it('scales and keeps the status apart', async () => {
    const { ask } = await startTestApi();
    await ask('POST', works, { body: deployment('web') });
    const type = 'application/merge-patch+json';
    const scaled = await ask('PATCH', `${works}/web/scale`, { type, body: { spec: { replicas: 7 } } });
    expect(scaled.json).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 7 },
      status: { selector: 'app=web' },
    });
    await ask('PATCH', `${works}/web/status`, { type, body: { status: { readyReplicas: 3 } } });
    await ask('PATCH', `${works}/web`, { type, body: { status: { readyReplicas: 9 } } });
    expect((await ask('GET', `${works}/web`)).json).toMatchObject({
      spec: { replicas: 7 },
      status: { readyReplicas: 3 },
    });
  });

  it('gives a deleted pod its grace', async () => {
    const { ask, store } = await startTestApi();
    const spec = { nodeName: 'n', containers: [{ name: 'a', image: 'x' }] };
    store.create(pods, { metadata: { name: 'p', namespace: 'lf' }, spec } as never);
    const path = '/api/v1/namespaces/lf/pods/p';
    const answer = await ask('DELETE', path, { body: { gracePeriodSeconds: 7 } });
    expect(answer).toMatchObject({ code: 200, json: { metadata: { deletionGracePeriodSeconds: 7 } } });
    expect((await ask('DELETE', path, { body: { preconditions: { uid: 'other' } } })).code).toBe(409);
    await ask('DELETE', `${path}?gracePeriodSeconds=0`);
    expect((await ask('GET', path)).code).toBe(404);
  });

  it('pages through a list', async () => {
    const { ask, store } = await startTestApi();
    for (const name of ['c', 'a', 'b']) store.create(configMaps, { metadata: { name, namespace: 'lf' } });
    const page = async (query: string) => {
      const { items, metadata } = (await ask('GET', `${maps}?limit=2${query}`)).json as {
        readonly items: readonly { readonly metadata: { readonly name: string } }[];
        readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
      };
      return { names: items.map((item) => item.metadata.name), metadata };
    };
    const first = await page('');
    expect(first).toMatchObject({ names: ['a', 'b'], metadata: { remainingItemCount: 1 } });
    const second = await page(`&continue=${first.metadata.continue ?? ''}`);
    expect(second.names).toEqual(['c']);
    expect(second.metadata.continue).toBeUndefined();
  });

  it('starts a cluster of 200 objects at once', async () => {
    const { ask, store } = await startTestApi();
    for (let index = 0; index < 200; index += 1)
      store.create(deployments, {
        ...deployment(`d${index}`),
        metadata: { name: `d${index}`, namespace: 'lf' },
      });
    const { json } = await ask('GET', works);
    expect(json['items']).toHaveLength(200);
  });
});
