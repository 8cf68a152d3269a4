// Discovery in a namespace with 500 pods and 2000 Secrets, beside kubectl asking for the same objects, in turns.
// The API is the sandbox's own, in a process of its own, over TLS; nothing runs behind it.
//   node bench/discovery.mjs [runs]
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { mustEnd, printMachine, printTimes, run } from './practice.mjs';

const runs = Number(process.argv[2] ?? 25);
const program = resolve(process.env.LFCTL_DIST ?? 'dist', 'main.js');
const times = {
  'node -e 0': [],
  'lfctl config view (start alone)': [],
  'lfctl env (start, discovery, report)': [],
  'kubectl get, the same lists and objects': [],
  'kubectl get pods,secrets -n …': [],
};

const folder = await mkdtemp(join(tmpdir(), 'lfctl-bench-discovery-'));
const server = await serve();
try {
  const kubectl = (...args) => mustEnd(0, run('kubectl', args, server.env)).ms;
  const hasKubectl = run('kubectl', ['version', '--client'], server.env).code === 0;
  for (let turn = 0; turn < runs; turn += 1) {
    times['node -e 0'].push(mustEnd(0, run(process.execPath, ['-e', '0'], server.env)).ms);
    times['lfctl config view (start alone)'].push(
      mustEnd(0, run(process.execPath, [program, 'config', 'view'], server.env)).ms,
    );
    times['lfctl env (start, discovery, report)'].push(
      mustEnd(0, run(process.execPath, [program, 'env', '-o', 'json'], server.env)).ms,
    );
    if (!hasKubectl) continue;
    times['kubectl get, the same lists and objects'].push(same(kubectl));
    times['kubectl get pods,secrets -n …'].push(kubectl('get', 'pods,secrets', '-n', server.namespace));
  }
} finally {
  server.stop();
  await rm(folder, { recursive: true, force: true });
}
printMachine();
printTimes(times);

/** What a person asks to see the same: workloads, pods, Services and routes, then the Secrets that web names. */
function same(kubectl) {
  const { namespace } = server;
  const steps = [
    ['get', 'deployments,statefulsets,daemonsets,services,ingresses', '-n', namespace, '-o', 'yaml'],
    ['get', 'pods', '-n', namespace, '-l', 'app=langfuse', '-o', 'yaml'],
    ['get', 'deployments', '-A', '-o', 'yaml'],
    ['get', 'secret', 'langfuse-env', '-n', namespace, '-o', 'yaml'],
  ];
  return steps.reduce((sum, args) => sum + kubectl(...args), 0);
}

/** Bundles and starts the API; gives the environment that finds it. */
async function serve() {
  const outfile = join(folder, 'big-namespace.mjs');
  const live = pathToFileURL(resolve('test/deployment/discovery/sets/_live.ts'));
  await build({
    entryPoints: ['test/deployment/discovery/big-namespace-main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    // Templates are found beside the source.
    define: { 'import.meta.url': JSON.stringify(live.href) },
    banner: {
      js: "import{createRequire as benchRequire}from'node:module';const require=benchRequire(process.cwd()+'/');",
    },
  });
  const child = spawn(process.execPath, [outfile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await new Promise((found) =>
    createInterface(child.stdout).once('line', (text) => found([text])),
  );
  const { secureUrl, certificate, token, namespace } = JSON.parse(line);
  const kubeconfig = join(folder, 'config');
  const cluster = {
    server: secureUrl,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
  };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace } }],
    }),
  );
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig };
  return { namespace, env, stop: () => child.stdin.end() };
}
