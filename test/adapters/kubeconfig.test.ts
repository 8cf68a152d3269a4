import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../src/adapters/kube/kubeconfig.ts';
import type { Folder } from './kube-server.ts';
import { kubeAccess, kubeconfig, testFolder } from './kube-server.ts';
import { canary, errorOf, expectNoSecret } from './support.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(async () => {
  await folder.remove();
});

const noPod = '/no/such/folder';

describe('kubeconfig', () => {
  it('takes --kubeconfig before KUBECONFIG before the home folder', async () => {
    const named = await folder.write('named', kubeconfig('https://named', {}, {}, 'named'));
    const listed = await folder.write('listed', kubeconfig('https://listed', {}, {}, 'listed'));
    const env = { KUBECONFIG: listed };
    expect((await loadKubeconfig(kubeAccess(named, { env }))).cluster.server).toBe('https://named');
    expect((await loadKubeconfig(kubeAccess(null, { env }))).cluster.server).toBe('https://listed');
  });

  it('merges the files of KUBECONFIG: what comes first wins, missing files are passed over', async () => {
    const first = await folder.write('first', kubeconfig('https://first', {}, {}, 'same'));
    const second = await folder.write('second', kubeconfig('https://second', {}, {}, 'same'));
    const third = await folder.write('third', kubeconfig('https://third', {}, {}, 'third'));
    const env = { KUBECONFIG: [join(folder.path, 'none'), first, second, third].join(delimiter) };
    expect((await loadKubeconfig(kubeAccess(null, { env }))).cluster.server).toBe('https://first');
    const other = await loadKubeconfig(kubeAccess(null, { env, context: 'third' }));
    expect(other.cluster.server).toBe('https://third');
    expect(other.context.namespace).toBe('ns-of-third');
  });

  it('names the contexts that exist', async () => {
    const file = await folder.write('config', kubeconfig('https://a', {}, {}, 'prod'));
    const error = await errorOf(loadKubeconfig(kubeAccess(file, { context: 'porduction' })));
    expect(error.code).toBe('KUBE_CONTEXT');
    expect(error.message).toContain('no context porduction; it has prod');
  });

  it('says which cluster or user is missing', async () => {
    const config = JSON.parse(kubeconfig('https://a')) as { clusters: unknown[]; users: unknown[] };
    const noCluster = await folder.write('a', JSON.stringify({ ...config, clusters: [] }));
    expect((await errorOf(loadKubeconfig(kubeAccess(noCluster)))).message).toContain('names cluster test');
    const noUser = await folder.write('b', JSON.stringify({ ...config, users: [] }));
    expect((await errorOf(loadKubeconfig(kubeAccess(noUser)))).message).toContain('names user test');
  });

  it.each([
    ['broken YAML', `users:\n- user:\n    token: ${canary}\n  bad: [`],
    ['no mapping', `- ${canary}`],
    ['another file', `${canary}: 1`],
    ['an empty file', ''],
  ])('refuses %s without quoting it', async (_what, text) => {
    const file = await folder.write('config', text);
    const error = await errorOf(loadKubeconfig(kubeAccess(file)));
    expect(error.code).toBe('KUBE_CONFIG');
    expectNoSecret(error);
  });

  it('says that a named file is not there', async () => {
    const error = await errorOf(loadKubeconfig(kubeAccess('/no/such/file')));
    expect(error.code).toBe('KUBE_CONFIG');
    expect(error.message).toContain('/no/such/file');
    const listed = await errorOf(loadKubeconfig(kubeAccess(null, { env: { KUBECONFIG: '/none/either' } })));
    expect(listed.message).toContain('/none/either');
  });

  it('says what was looked at when there is nothing at all', async () => {
    const error = await errorOf(loadKubeconfig(kubeAccess(null), noPod));
    expect(error.code).toBe('KUBE_CONFIG');
    expect(error.message).toContain('~/.kube/config');
  });

  it('uses the service account of a pod', async () => {
    await folder.write('token', canary);
    await folder.write('namespace', 'langfuse\n');
    await folder.write('ca.crt', 'authority');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    const loaded = await loadKubeconfig(kubeAccess(null, { env }), folder.path);
    expect(loaded.inCluster).toBe(true);
    expect(loaded.cluster.server).toBe('https://[fd00::1]:6443');
    expect(loaded.context.namespace).toBe('langfuse');
    const options: { headers?: Record<string, unknown> } = {};
    await loaded.config.applySecurityAuthentication({
      setHeaderParam: (name: string, value: string) =>
        Object.assign((options.headers ??= {}), { [name]: value }),
      setAgent: () => undefined,
    } as never);
    expect(options.headers).toEqual({ Authorization: `Bearer ${canary}` });
  });

  it('prefers a kubeconfig to the service account', async () => {
    await folder.write('token', 'token');
    const file = await folder.write('config', kubeconfig('https://a'));
    expect((await loadKubeconfig(kubeAccess(file), folder.path)).inCluster).toBe(false);
  });
});
