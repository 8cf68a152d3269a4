import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployment, deployments, pods, startTestApi, tokens } from './harness.ts';
import { isOnPath, run, writeKubeconfig } from './kubeconfig.ts';

const here = await isOnPath('kubectl');

async function start() {
  const test = await startTestApi();
  test.store.create(pods, {
    metadata: { name: 'one', namespace: 'lf', labels: { app: 'web' } },
    spec: { nodeName: 'n', containers: [{ name: 'web', image: 'x' }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'web', ready: true, restartCount: 0 }] },
  } as never);
  const kubeconfig = await writeKubeconfig(test.api, tokens.admin);
  const kubectl = (args: string, input = '') => run('kubectl', args.split(' '), kubeconfig, input);
  const ok = async (args: string, input = ''): Promise<string> => {
    const { code, out, error } = await kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args}: ${error}`);
    return out;
  };
  return { ...test, kubectl, ok };
}

const manifest = (image = 'langfuse/langfuse:3.199.0'): string => JSON.stringify(deployment('web', image));

describe.skipIf(!here)('kubectl (skipped where it is not on PATH)', () => {
  it('shows objects in every format', async () => {
    const { ok } = await start();
    expect(await ok('get pods')).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\none +1\/1 +Running +0 /);
    expect(await ok('get pods -A -o wide')).toMatch(/NAMESPACE .* NODE/);
    expect(await ok('get pods -l app=web -o name')).toBe('pod/one\n');
    expect(await ok('get pods --sort-by=.metadata.name -o jsonpath={.items[*].metadata.name}')).toBe('one');
    expect(await ok('get all')).toContain('pod/one');
    expect(await ok('describe pod one')).toMatch(/QoS Class: +BestEffort/);
    expect(await ok('api-resources --namespaced=false')).toMatch(/namespaces +ns +v1 +false +Namespace/);
    expect(await ok('version')).toContain('Server Version: v1.32');
    expect(await ok('explain deployment')).toContain('KIND:       Deployment');
  });

  it('applies, diffs and applies on the server', async () => {
    const { ok, kubectl } = await start();
    expect(await ok('apply -f -', manifest())).toBe('deployment.apps/web created\n');
    expect(await ok('apply -f -', manifest())).toBe('deployment.apps/web unchanged\n');
    expect((await kubectl('diff -f -', manifest())).code).toBe(0);
    const diff = await kubectl('diff -f -', manifest('langfuse/langfuse:4'));
    expect(diff.code).toBe(1);
    expect(diff.out).toMatch(/^\+.*image: langfuse\/langfuse:4$/m);
    expect(await ok('apply --dry-run=server -f -', manifest('x:1'))).toContain('(server dry run)');
    expect(await ok('apply --server-side -f -', manifest())).toContain('serverside-applied');
    await ok('set image deploy/web web=other:1');
    const conflict = await kubectl('apply --server-side -f -', manifest());
    expect(conflict.error).toContain(
      'conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers',
    );
  });

  it('changes workloads in all its ways', async () => {
    const { ok, store, kubectl } = await start();
    await ok('apply -f -', manifest());
    await ok('scale deploy/web --replicas 5');
    await ok('set env deploy/web SALT=x A-');
    await ok('rollout restart deploy/web');
    await ok('label deploy web tier=front');
    await ok('annotate deploy web note=x');
    await ok('patch deploy web -p {"spec":{"paused":true}}');
    await ok('patch deploy web --type=merge -p {"spec":{"minReadySeconds":3}}');
    await ok('patch deploy web --type=json -p [{"op":"remove","path":"/spec/paused"}]');
    expect(store.get(deployments, 'lf', 'web')).toMatchObject({
      metadata: { labels: { tier: 'front' }, annotations: { note: 'x' } },
      spec: {
        replicas: 5,
        minReadySeconds: 3,
        template: {
          metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) } },
          spec: { containers: [{ env: [{ name: 'SALT', value: 'x' }] }] },
        },
      },
    });
    const wrong = await kubectl('patch deploy web --type=json -p [{"op":"remove","path":"/spec/nope"}]');
    expect(wrong.error).toContain('the server rejected our request due to an error in our request');
  });

  it('creates with its typed clients', async () => {
    const { ok } = await start();
    await ok('create namespace other');
    await ok('create configmap cm --from-literal=a=b');
    await ok('create secret generic s --from-literal=a=b');
    await ok('create deployment d --image=x --replicas=2');
    await ok('create job j --image=x -- sh -c true');
    await ok('create cronjob c --image=x --schedule=@daily');
    await ok('create job j2 --from=cronjob/c');
    await ok('create serviceaccount doctor');
    await ok('create role reader --verb=get,list --resource=pods,pods/log');
    await ok('create rolebinding reader --role=reader --serviceaccount=lf:doctor');
    expect(await ok('get secret s -o jsonpath={.data.a}')).toBe('Yg==');
    expect(await ok('get deploy d -o jsonpath={.spec.replicas}')).toBe('2');
    expect(await ok('get job j2 -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('x');
    expect(await ok('auth can-i list pods --as=system:serviceaccount:lf:doctor')).toBe('yes\n');
    expect((await ok('create token doctor')).split('.')).toHaveLength(3);
  });

  it('reads logs and runs commands', async () => {
    const { ok, kubectl } = await start();
    expect(await ok('logs one --tail=1')).toBe('line 9 of web\n');
    expect(await ok('logs -l app=web --prefix --tail=1')).toBe('[pod/one/web] line 9 of web\n');
    expect(await ok('logs one --previous --tail=1')).toBe('before 9 of web\n');
    expect(await ok('exec -i one -- cat', 'from stdin')).toBe('from stdin');
    expect(await kubectl('exec one -- false')).toMatchObject({ code: 1 });
    expect((await kubectl('exec one -- nope')).error).toContain('not found in $PATH');
  });

  it.each([
    ['over WebSocket', 'true'],
    ['over plain SPDY, as before 1.30', 'false'],
  ])('forwards ports %s', async (_how, webSockets) => {
    const { api } = await start();
    const kubeconfig = await writeKubeconfig(api, tokens.admin);
    const big = randomBytes(3_000_000);
    const server = createServer((_request, response) => response.end(big));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const env = {
      KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets,
      PATH: process.env['PATH'],
      HOME: dirname(kubeconfig),
      KUBECONFIG: kubeconfig,
    };
    const forward = spawn('kubectl', ['port-forward', 'pod/one', `:${port}`], { env });
    try {
      const local = await new Promise<string>((resolve) => {
        forward.stdout.on('data', (text: Buffer) => {
          const [, found] = /127\.0\.0\.1:(\d+)/.exec(text.toString()) ?? [];
          if (found !== undefined) resolve(found);
        });
      });
      const answers = await Promise.all([1, 2, 3].map(() => fetch(`http://127.0.0.1:${local}/`)));
      for (const answer of answers) expect(Buffer.from(await answer.arrayBuffer()).equals(big)).toBe(true);
      server.close();
      server.closeAllConnections();
      let told = '';
      forward.stderr.on('data', (text: Buffer) => (told += text.toString()));
      const tryAgain = async (): Promise<string> => {
        await fetch(`http://127.0.0.1:${local}/`).catch(() => undefined);
        return told;
      };
      await expect.poll(tryAgain, { timeout: 10_000 }).toContain('an error occurred forwarding');
    } finally {
      forward.kill();
      server.close();
    }
  });

  it('waits and deletes', async () => {
    const { ok, kubectl, store } = await start();
    await ok('delete pod one --wait=false');
    expect(await ok('get pod one')).toMatch(/Terminating/);
    const waiting = ok('wait --for=delete pod/one --timeout=20s');
    store.remove(pods, 'lf', 'one', { force: true });
    expect(await waiting).toMatch(/^$|condition met/);
    expect((await kubectl('get pod one')).error).toBe('Error from server (NotFound): pods "one" not found\n');
  });

  it('is told what it may not do', async () => {
    const { api } = await start();
    const stranger = await writeKubeconfig(api, tokens.nobody);
    expect(await run('kubectl', ['get', 'pods'], stranger)).toMatchObject({
      code: 1,
      error:
        'Error from server (Forbidden): pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "lf"\n',
    });
    expect((await run('kubectl', ['auth', 'can-i', 'list', 'pods'], stranger)).out).toBe('no\n');
    const wrong = await writeKubeconfig(api, 'wrong');
    expect((await run('kubectl', ['get', 'pods'], wrong)).error).toContain(
      'You must be logged in to the server',
    );
  });
});
