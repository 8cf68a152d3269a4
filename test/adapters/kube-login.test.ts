import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKube } from '../../src/adapters/kube.ts';
import type { KubePort } from '../../src/ports/kube.ts';
import type { Folder, HttpServer } from './kube-server.ts';
import { httpServer, kubeAccess, kubeconfig, sendJson, testFolder } from './kube-server.ts';
import { canary, errorOf, expectNoSecret } from './support.ts';

let folder: Folder;
let server: HttpServer;
const ports: KubePort[] = [];
beforeEach(async () => {
  folder = await testFolder();
  server = await httpServer((_request, response) => sendJson(response, 200, { gitVersion: 'v1.31.2' }));
});
afterEach(async () => {
  for (const port of ports.splice(0)) port.close();
  await server.close();
  await folder.remove();
});

/** A login program as EKS and GKE have them. */
async function plugin(script: string, exec: object = {}, overrides = {}): Promise<KubePort> {
  const command = await folder.write('login', `#!/bin/sh\n${script}\n`, 0o700);
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, ...exec } };
  const file = await folder.write('config', kubeconfig(server.url, user));
  const port = await openKube(kubeAccess(file, { env: { PATH: '/usr/bin:/bin' }, ...overrides }));
  ports.push(port);
  return port;
}

const credential = (status: object): string =>
  JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status });

describe('a token file', () => {
  it('may end in a newline', async () => {
    const tokenFile = await folder.write('token', `${canary}\n`);
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
    const port = await openKube(kubeAccess(await folder.write('config', kubeconfig(server.url, user))));
    ports.push(port);
    expect(await port.version()).toBe('v1.31.2');
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${canary}`);
  });
});

describe('a login program of the kubeconfig', () => {
  it('gives the token, once for many requests', async () => {
    const kube = await plugin(
      `echo run >> "${folder.path}/runs"; echo "$KUBERNETES_EXEC_INFO" > "${folder.path}/info"; echo '${credential({ token: canary })}'`,
      { env: [{ name: 'REGION', value: 'eu' }], args: ['get-token'], provideClusterInfo: true },
    );
    expect(await Promise.all([kube.version(), kube.version()])).toEqual(['v1.31.2', 'v1.31.2']);
    await kube.version();
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(`${folder.path}/runs`, 'utf8')).toBe('run\n');
    const info = JSON.parse(await readFile(`${folder.path}/info`, 'utf8')) as {
      spec: { cluster: { server: string } };
    };
    expect(info.spec.cluster.server).toBe(server.url);
    expect(server.asked.map((one) => one.headers.authorization)).toEqual(Array(3).fill(`Bearer ${canary}`));
  });

  it('runs again when its token is about to expire', async () => {
    const expirationTimestamp = new Date(Date.now() + 5000).toISOString();
    const kube = await plugin(
      `echo run >> "${folder.path}/runs"; echo '${credential({ token: 't', expirationTimestamp })}'`,
    );
    await kube.version();
    await kube.version();
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(`${folder.path}/runs`, 'utf8')).toBe('run\nrun\n');
  });

  it('says what it said when it failed', async () => {
    const kube = await plugin(`echo ${canary}; echo 'token expired: run gcloud auth login' >&2; exit 3`, {
      args: [`--oidc-client-secret=${canary}`],
    });
    const error = await errorOf(kube.version());
    expect(error.code).toBe('KUBE_UNAUTHORIZED');
    expect(error.message).toContain('exit code 3: token expired: run gcloud auth login');
    expectNoSecret(error);
  });

  it.each([
    ['nonsense', `echo 'not json ${canary}'`],
    ['half a credential', `echo '{"status":{"token":"${canary}"'`],
    ['another thing', `echo '{"kind":"Status","message":"${canary}"}'`],
  ])('says that it gave no credential but %s', async (_what, script) => {
    const error = await errorOf((await plugin(script)).version());
    expect(error.code).toBe('KUBE_UNAUTHORIZED');
    expect(error.message).toContain('gave no credential');
    expectNoSecret(error);
  });

  it('is ended when it hangs', async () => {
    const error = await errorOf((await plugin('exec sleep 30', {}, { requestTimeoutMs: 500 })).version());
    expect(error.code).toBe('KUBE_TIMEOUT');
    expect(error.message).toMatch(/the login program .* did not end within 450 ms/);
  });

  it('is looked for beside its kubeconfig when its name has a slash', async () => {
    await folder.write('login', `#!/bin/sh\necho '${credential({ token: canary })}'\n`, 0o700);
    const file = await folder.write('config', kubeconfig(server.url, { exec: { command: './login' } }));
    const kube = await openKube(kubeAccess(file, { env: { PATH: '/usr/bin:/bin' } }));
    ports.push(kube);
    expect(await kube.version()).toBe('v1.31.2');
  });

  it('says that it is not installed, and how the kubeconfig says to get it', async () => {
    const user = { exec: { command: 'no-such-login-program', installHint: 'install it from example.com' } };
    const file = await folder.write('config', kubeconfig(server.url, user));
    const error = await errorOf((await openKube(kubeAccess(file))).version());
    expect(error.code).toBe('KUBE_UNAUTHORIZED');
    expect(error.message).toContain('no-such-login-program is not on PATH');
    expect(error.fixes[0]?.text).toBe('install it from example.com');
  });
});

describe('a proxy before the API', () => {
  it('is named, without its login, when it cannot be reached', async () => {
    const file = await folder.write(
      'config',
      kubeconfig('https://api.example.org:6443', {}, { 'proxy-url': `http://user:${canary}@127.0.0.1:1` }),
    );
    const error = await errorOf((await openKube(kubeAccess(file))).version());
    expect(error.code).toBe('KUBE_UNREACHABLE');
    expect(error.message).toContain('through the proxy 127.0.0.1:1: connection refused');
    expectNoSecret(error);
  });

  it('is used as proxy-url or HTTPS_PROXY says, except for NO_PROXY', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    const open = new Set<Socket>();
    proxy.on('connect', (request, client: Socket) => {
      tunnels.push(request.url ?? '');
      open.add(client);
      const far = connect(server.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(client).pipe(far);
      });
      for (const socket of [far, client]) socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const at = async (file: string, env = {}): Promise<string> =>
      await (await openKube(kubeAccess(file, { env, requestTimeoutMs: 1000 }))).version().catch(String);

    // The server behind the proxy speaks no TLS, so the outcome is a TLS error; what counts is the tunnel.
    const remote = await folder.write('a', kubeconfig('https://api.example.com:6443'));
    await at(remote, { HTTPS_PROXY: proxyUrl });
    expect(tunnels.splice(0)).toEqual(['api.example.com:6443']);
    await at(remote, { HTTPS_PROXY: proxyUrl, NO_PROXY: '.example.com' });
    expect(tunnels).toEqual([]);
    const named = await folder.write(
      'b',
      kubeconfig('https://api.example.org:6443', {}, { 'proxy-url': proxyUrl }),
    );
    await at(named);
    expect(tunnels).toEqual(['api.example.org:6443']);
    for (const socket of open) socket.destroy();
    proxy.close();
  });
});
