import type { Deployment } from '../deployment/model.ts';
import { discover } from '../deployment/discovery/discover.ts';
import type { Settings, Sourced } from '../deployment/settings.ts';
import type { Secret } from '../deployment/secret.ts';
import { parseClickHouseUrl } from '../deployment/targets/clickhouse.ts';
import type { Parsed } from '../deployment/targets/postgres.ts';
import { parsePostgresUrl } from '../deployment/targets/postgres.ts';
import { parseRedisUrl } from '../deployment/targets/redis.ts';
import { LfctlError } from '../errors/error.ts';
import type { Access, Dialer } from '../ports/dialer.ts';
import type { KubePort } from '../ports/kube.ts';
import type { PortOpeners } from '../ports/openers.ts';
import type { FactPorts, PortName } from './fact.ts';
import { Skipped } from './fact.ts';
import { noTarget } from './no-target.ts';

/** Where an open port is closed again, and which port an error came from. */
export interface OpenPorts {
  readonly ports: FactPorts;
  readonly access: Access;
  readonly deployment: () => Promise<Deployment>;
  readonly portOf: (error: unknown) => PortName | undefined;
  readonly close: () => Promise<void>;
}

export interface PortOptions {
  readonly settings: Settings;
  readonly openers: PortOpeners;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Opens each port on first use and at most once; a failure is remembered and told to each fact that asks. */
export function openPorts(options: PortOptions): OpenPorts {
  const { settings, openers, signal, connectTimeoutMs, queryTimeoutMs } = options;
  const failed = new WeakMap<object, PortName>();
  const closers: (() => Promise<void> | void)[] = [];
  const once = <Port extends { close: () => Promise<void> | void }>(
    name: PortName,
    open: () => Promise<Port>,
  ): (() => Promise<Port>) => {
    let opened: Promise<Port> | undefined;
    return () => (opened ??= remember(open(), name, failed, closers));
  };
  const kube = once('kube', async () => await openKube(options));
  const deployment = memoise(async () => await discover(await kube(), settings));
  const dialer = lazyDialer(memoise(async () => await makeDialer(settings, openers, kube, deployment)));
  const access: Access = { dialer, connectTimeoutMs, queryTimeoutMs, signal };
  const stores = settings.stores;
  const ports: FactPorts = {
    ...openers,
    kube,
    helm: async () => openers.openHelm(await kube()),
    postgres: once('postgres', async () => {
      const target = await targetOf(stores.databaseUrl, parsePostgresUrl, deployment, 'postgres', 'Postgres');
      return await openers.openPostgres(target, access);
    }),
    clickhouse: once('clickhouse', async () => {
      const target = await targetOf(
        stores.clickhouseUrl,
        parseClickHouseUrl,
        deployment,
        'clickhouse',
        'ClickHouse',
      );
      return await openers.openClickHouse(target, access);
    }),
    redis: once('redis', async () => {
      const target = await targetOf(stores.redisUrl, parseRedisUrl, deployment, 'redis', 'Redis');
      return await openers.openRedis(target, access);
    }),
  };
  return {
    ports,
    access,
    deployment,
    portOf: (error) => (typeof error === 'object' && error !== null ? failed.get(error) : undefined),
    close: async () => {
      // A server that hangs must not hold up the report: its sockets end with the process.
      const late = new Promise((resolve) => setTimeout(resolve, 500).unref());
      await Promise.race([Promise.allSettled(closers.map(async (close) => await close())), late]);
    },
  };
}

async function remember<Port extends { close: () => Promise<void> | void }>(
  opening: Promise<Port>,
  name: PortName,
  failed: WeakMap<object, PortName>,
  closers: (() => Promise<void> | void)[],
): Promise<Port> {
  try {
    const port = await opening;
    closers.push(() => port.close());
    return port;
  } catch (error) {
    if (typeof error === 'object' && error !== null) failed.set(error, name);
    throw error;
  }
}

async function openKube({ settings, openers, env, queryTimeoutMs, signal }: PortOptions): Promise<KubePort> {
  const { kubernetes } = settings;
  if (!kubernetes.enabled) throw new Skipped('not configured: no cluster');
  return await openers.openKube({
    ...(kubernetes.kubeconfig === null ? {} : { kubeconfig: kubernetes.kubeconfig.value }),
    ...(kubernetes.context === null ? {} : { context: kubernetes.context.value }),
    requestTimeoutMs: queryTimeoutMs,
    signal,
    env,
  });
}

async function makeDialer(
  settings: Settings,
  openers: PortOpeners,
  kube: () => Promise<KubePort>,
  deployment: () => Promise<Deployment>,
): Promise<Dialer> {
  if (!settings.kubernetes.enabled) return await openers.dialer(null, null);
  return await openers.dialer(await kube(), (await deployment()).namespace);
}

/** The dialer needs the discovered namespace, which is known only after the ports were handed out. */
function lazyDialer(real: () => Promise<Dialer>): Dialer {
  let known: Dialer | undefined;
  const get = async (): Promise<Dialer> => (known = await real());
  return {
    connect: async (host, port, signal) => await (await get()).connect(host, port, signal),
    route: (host) => known?.route(host) ?? 'direct',
  };
}

type PortStore = 'postgres' | 'clickhouse' | 'redis';
type TargetOf<Name extends PortStore> = NonNullable<Deployment['stores'][Name]['target']>;

/** The URL of the settings wins; else what the deployment itself uses. */
async function targetOf<Name extends PortStore>(
  given: Sourced<Secret> | null,
  parse: (url: string) => Parsed<TargetOf<Name>>,
  deployment: () => Promise<Deployment>,
  name: Name,
  title: string,
): Promise<TargetOf<Name>> {
  if (given !== null) {
    const parsed = parse(given.value.reveal());
    if (parsed.target !== null) return parsed.target;
    throw new LfctlError('CONFIG_INVALID', { message: `${given.origin}: ${parsed.why}` });
  }
  const store = (await deployment()).stores[name];
  if (store.target !== null) return store.target;
  throw noTarget(store, title);
}

function memoise<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
