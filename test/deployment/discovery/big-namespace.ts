/** A namespace as large teams have it: Langfuse among 500 pods and 2000 Secrets, behind the sandbox's API. */
import type { KubeObject, Workload } from '../../../src/ports/kube-objects.ts';
import { resources } from '../../../src/ports/kube-resources.ts';
import type { KubeResource } from '../../../src/ports/kube.ts';
import type { ApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import { startApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import { createStore } from '../../../src/sandbox/cluster/store.ts';
import { fakeAgent } from '../../sandbox/cluster-api/fake-agent.ts';
import { envOf, secret, service, workload } from '../fake-kube.ts';
import { liveLayout, running } from './sets/_live.ts';
import type { Objects } from './sets/_set.ts';

export const bigNamespace = 'hyperplane-langfuse';
export const bigToken = 'admin-token';
const podCount = 500;
const secretCount = 2000;
const replicas = 5;

/** Starts the API with all of it; `close` ends it. */
export async function startBigNamespace(): Promise<ApiServer> {
  const store = createStore(undefined, () => new Date());
  for (const [plural, objects] of Object.entries(await bigObjects()))
    for (const object of objects) {
      const resource = resourceOf(plural);
      if (resource !== null) store.create(resource, object);
    }
  const users = [{ name: 'admin', token: bigToken, groups: ['system:masters'] }];
  return await startApiServer({
    store,
    agent: fakeAgent(),
    address: '127.0.0.1',
    port: 0,
    users,
    now: () => new Date(),
  });
}

function resourceOf(plural: string): KubeResource | null {
  return Object.values(resources).find((one) => one.plural === plural) ?? null;
}

async function bigObjects(): Promise<Objects> {
  const { objects } = (await liveLayout('runbook', 3)).cluster;
  const own = (objects['pods'] ?? []).filter(({ metadata }) => metadata.namespace === bigNamespace).length;
  const apps = Array.from({ length: Math.ceil((podCount - own) / replicas) }, (_, index) => `app-${index}`);
  const others = running({
    deployments: apps.map(application),
    services: apps.map((name) => service(name, bigNamespace, 8080)),
  });
  const secrets = Array.from({ length: secretCount }, (_, index) => otherSecret(index));
  const all: Objects = { ...objects };
  for (const [plural, more] of Object.entries({ ...others, secrets }))
    all[plural] = [...(all[plural] ?? []), ...more];
  return all;
}

/** Some house application that takes its variables from two Secrets, as each of them does. */
function application(name: string, index: number): Workload {
  const env = envOf({ LOG_LEVEL: 'info', PASSWORD: { secret: `other-${index}`, key: 'password' } });
  const envFrom = [{ secretRef: { name: `other-${index + 1000}` } }];
  const made = workload(name, bigNamespace, [
    { name: 'app', image: `corp/${name}:1.${index}.0`, env, envFrom },
  ]);
  return { ...made, spec: { ...made.spec, replicas } };
}

/** About as large as a certificate with its key. */
const otherSecret = (index: number): KubeObject =>
  secret(`other-${index}`, bigNamespace, {
    password: `p${index}`,
    'tls.crt': 'x'.repeat(2000),
    'tls.key': 'y'.repeat(1700),
  });
