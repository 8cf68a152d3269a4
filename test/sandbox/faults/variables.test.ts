/** Faults change a variable where its layout keeps it, and put back exactly what was there. */
import { describe, expect, it } from 'vitest';
import type { KubeObject, Workload } from '../../../src/ports/kube-objects.ts';
import type { FaultContext, FaultKube, SandboxNames } from '../../../src/sandbox/fault.ts';
import { changeDatabase, directUrl, redisPassword } from '../../../src/sandbox/faults/_logins.ts';
import {
  changeVariables,
  restoreVariables,
  setEnv,
  variableValue,
} from '../../../src/sandbox/faults/_steps.ts';

type Containers = Workload['spec']['template']['spec']['containers'];
type Env = NonNullable<Containers[number]['env']>;
type Keys = Record<string, string>;

const store = { namespace: 'ns', workload: 'pg', kind: 'statefulsets', service: 'pg' } as const;
const names: SandboxNames = {
  namespace: 'ns',
  release: null,
  web: 'web',
  webs: ['web', 'ingest'],
  webService: 'web',
  worker: 'worker',
  postgres: { ...store, user: 'u', database: 'd' },
  clickhouse: { ...store, user: 'u' },
  redis: store,
  objects: store,
  liteLlm: { namespace: 'ns', workload: 'litellm', configMap: 'c', secret: 's' },
};

interface World {
  readonly context: FaultContext;
  readonly secret: Keys;
  readonly settings: Keys;
  readonly env: (workload: string) => Env;
  readonly restarts: string[];
}

/** A cluster of three workloads with the same variables, one Secret and one ConfigMap. */
function world(
  env: Env,
  secret: Keys = {},
  settings: Keys = {},
  more: Partial<Containers[number]> = {},
): World {
  const sidecar = { name: 'proxy', image: 'istio/proxyv2:1' };
  const app = (): Containers => [sidecar, { name: 'app', image: 'langfuse/langfuse:3', env, ...more }];
  const containers = new Map(['web', 'ingest', 'worker'].map((name) => [name, app()]));
  const restarts: string[] = [];
  const memory = new Map<string, unknown>();
  const deployment = (name: string): Workload => ({
    metadata: { name, namespace: 'ns' },
    spec: { template: { spec: { containers: containers.get(name) ?? [] } } },
  });
  const encoded = (keys: Keys): Keys =>
    Object.fromEntries(
      Object.entries(keys).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    );
  const object = (plural: string, name: string): KubeObject & { readonly data?: Keys } => {
    if (plural === 'deployments') return deployment(name);
    return { metadata: { name, namespace: 'ns' }, data: plural === 'secrets' ? encoded(secret) : settings };
  };
  const write = (keys: Keys, values: Readonly<Record<string, string | null>>): void => {
    for (const [key, value] of Object.entries(values)) {
      if (value === null) Reflect.deleteProperty(keys, key);
      else keys[key] = value;
    }
  };
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  const kube: FaultKube = {
    get: async <Kind extends KubeObject>({ plural }: { readonly plural: string }, _: string, name: string) =>
      await Promise.resolve(object(plural, name) as Kind),
    patch: async ({ plural }, _namespace, name, body) => {
      if (plural === 'deployments') containers.set(name, (body as Workload).spec.template.spec.containers);
      else write(settings, (body as { data: Keys }).data);
      await Promise.resolve();
    },
    setSecret: async (_namespace, _name, values) => {
      write(secret, values);
      await Promise.resolve();
    },
    restart: async (_namespace, name, _kind, changed) => {
      if (changed !== undefined) containers.set(name, changed);
      restarts.push(name);
      await Promise.resolve();
    },
    ready: async () => {
      await Promise.resolve();
    },
    list: unused,
    create: unused,
    remove: unused,
    logs: unused,
    scale: unused,
  };
  return {
    secret,
    settings,
    restarts,
    env: (name) => containers.get(name)?.find((container) => container.name === 'app')?.env ?? [],
    context: {
      names,
      generation: 3,
      kube,
      postgres: unused,
      clickhouse: unused,
      redis: unused,
      until: unused,
      memory: { get: (key) => memory.get(key), set: (key, value) => void memory.set(key, value) },
    },
  };
}

const fromSecret = (name: string, key: string): Env[number] => ({
  name,
  valueFrom: { secretKeyRef: { name: 'app', key } },
});

describe('a variable is changed where it comes from', () => {
  it('a literal in each workload, at its place, so that $(NAME) still finds it', async () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '$(A)' },
    ];
    const { context, env: envOf, restarts } = world(env);
    await changeVariables(context, { A: '2' }, ['web', 'worker']);
    for (const workload of ['web', 'ingest', 'worker'])
      expect(envOf(workload)).toEqual([
        { name: 'A', value: '2' },
        { name: 'B', value: '$(A)' },
      ]);
    expect(restarts.toSorted()).toEqual(['ingest', 'web', 'worker']);
    await restoreVariables(context, ['web', 'worker']);
    expect(envOf('ingest')).toEqual(env);
  });

  it('a key of a Secret that several workloads read, back to its first value', async () => {
    const { context, secret } = world([fromSecret('SALT', 'salt')], { salt: 'old' });
    await changeVariables(context, { SALT: 'new' }, ['web', 'worker']);
    expect(secret).toEqual({ salt: 'new' });
    await restoreVariables(context, ['web', 'worker']);
    expect(secret).toEqual({ salt: 'old' });
  });

  it('a removed variable goes with its entry, and its key stays', async () => {
    const { context, secret, env } = world([fromSecret('SALT', 'salt')], { salt: 'old' });
    await changeVariables(context, { SALT: null }, ['web']);
    expect([env('web'), env('ingest'), env('worker').length]).toEqual([[], [], 1]);
    expect(secret).toEqual({ salt: 'old' });
    await restoreVariables(context, ['web']);
    expect(env('web')).toEqual([fromSecret('SALT', 'salt')]);
  });

  it('a key of envFrom under its prefix, one that was not there gone again', async () => {
    const envFrom = [{ prefix: 'LANGFUSE_', configMapRef: { name: 'settings' } }];
    const { context, settings } = world([], {}, { LOG_LEVEL: 'info' }, { envFrom });
    await changeVariables(context, { LANGFUSE_LOG_LEVEL: 'debug', LANGFUSE_NEW: 'x' }, ['web']);
    expect(settings).toEqual({ LOG_LEVEL: 'debug', NEW: 'x' });
    await restoreVariables(context, ['web']);
    expect(settings).toEqual({ LOG_LEVEL: 'info' });
  });

  it('one that refers to others among the own entries: an envFrom is not looked through for $(NAME)', async () => {
    const own = [{ name: 'A', value: '1' }];
    const { context, settings, env } = world(
      own,
      {},
      {},
      { envFrom: [{ configMapRef: { name: 'settings' } }] },
    );
    await changeVariables(context, { B: 'x$(A)' }, ['web']);
    expect([settings, env('web')]).toEqual([{}, [...own, { name: 'B', value: 'x$(A)' }]]);
    await restoreVariables(context, ['web']);
    expect(env('web')).toEqual(own);
  });

  it('a literal beside a key, set on the app and not on a sidecar', async () => {
    const { context, env } = world([fromSecret('SALT', 'salt')], { salt: 'old' });
    await setEnv(context, 'web', { SALT: await variableValue(context, 'SALT') });
    expect(env('web')).toEqual([{ name: 'SALT', value: 'old' }]);
  });
});

describe('a login is changed where its layout keeps it', () => {
  it('in both URLs', async () => {
    const url = 'postgresql://u:secret@pg:5432/d?a=b';
    const { context, env } = world([
      { name: 'DATABASE_URL', value: url },
      { name: 'DIRECT_URL', value: url },
    ]);
    await changeDatabase(context, 'password', 'other');
    const changed = 'postgresql://u:other@pg:5432/d?a=b';
    expect(env('worker').map(({ value }) => value)).toEqual([changed, changed]);
  });

  it('in what the URL refers to', async () => {
    const { context, env } = world([
      { name: 'PG_HOST', value: 'pg' },
      { name: 'DATABASE_URL', value: 'postgresql://u:$(PG_PASSWORD)@$(PG_HOST):5432/d' },
    ]);
    await changeDatabase(context, 'host', 'elsewhere');
    expect(env('web')[0]).toEqual({ name: 'PG_HOST', value: 'elsewhere' });
    expect(await directUrl(context)).toBe('postgresql://u:$(PG_PASSWORD)@$(PG_HOST):5432/d');
  });

  it('in the part, where the image makes the URL', async () => {
    const { context, secret } = world([fromSecret('DATABASE_PASSWORD', 'pw')], { pw: 'old' });
    await changeDatabase(context, 'password', 'new');
    expect(secret).toEqual({ pw: 'new' });
    expect(await directUrl(context)).toContain('$(DATABASE_HOST)/$(DATABASE_NAME)');
  });

  it('Redis: its own variable, the URL, or what that refers to', async () => {
    const named = async (url: string): Promise<unknown> =>
      await redisPassword(world([{ name: 'REDIS_CONNECTION_STRING', value: url }]).context, 'new');
    expect(await redisPassword(world([]).context, 'new')).toEqual({ REDIS_AUTH: 'new' });
    expect(await named('redis://:old@r:6379')).toEqual({ REDIS_CONNECTION_STRING: 'redis://:new@r:6379' });
    expect(await named('redis://:$(PW)@r:6379')).toEqual({ PW: 'new' });
  });
});
