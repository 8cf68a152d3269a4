import { generationOf } from '../deployment/image.ts';
import type { Deployment, Generation } from '../deployment/model.ts';
import { knownness } from '../deployment/releases.ts';
import { reportedVersion } from '../deployment/reported-version.ts';
import { envText } from '../deployment/resolve-env.ts';
import { Secret } from '../deployment/secret.ts';
import type { Settings } from '../deployment/settings.ts';
import { parseRedisUrl } from '../deployment/targets/redis.ts';
import { Skipped } from '../doctor/fact.ts';
import type { OpenPorts } from '../doctor/ports.ts';
import { withOpenPorts } from '../doctor/with-ports.ts';
import { LfctlError } from '../errors/error.ts';
import type { ClickHousePort } from '../ports/clickhouse.ts';
import type { KubePort } from '../ports/kube.ts';
import type { PortOpeners } from '../ports/openers.ts';
import type { PostgresPort } from '../ports/postgres.ts';
import type { RedisPort, RedisTarget } from '../ports/redis.ts';

/**
 * Something that may be reached, or why not. `skipped`: the settings do not offer it, or this Langfuse has none;
 * `unknown`: it is there, and could not be opened.
 */
export type Reach<Port> =
  | { readonly state: 'open'; readonly port: Port }
  | { readonly state: 'skipped'; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string; readonly error: LfctlError };

/** Redis with what its keys begin with. */
export interface KeyCache {
  readonly redis: RedisPort;
  /** REDIS_KEY_PREFIX as it stands; ioredis puts it in front of each key, without a separator. */
  readonly prefix: string;
  readonly kind: RedisTarget['kind'];
}

/** One deployment as those who administer it reach it. Every port is open, or says why it is not. */
export interface Tenancy {
  readonly settings: Settings;
  readonly opened: OpenPorts;
  readonly openers: PortOpeners;
  /** Null with URLs alone. */
  readonly deployment: Deployment | null;
  /** As the running web says it, else its image; null where neither tells. */
  readonly version: string | null;
  readonly generation: Generation | null;
  readonly kube: Reach<KubePort>;
  readonly postgres: Reach<PostgresPort>;
  readonly clickhouse: Reach<ClickHousePort>;
  readonly cache: Reach<KeyCache>;
  /** SALT of web: fast hashes and cache entries need it. */
  readonly salt: Secret | null;
  /** Base URL of web as lfctl reaches it; null where nothing leads to it. */
  readonly webUrl: string | null;
  /** Tells deployments apart. */
  readonly placeId: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface TenancyOptions {
  readonly settings: Settings;
  readonly openers: PortOpeners;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const connectMs = 5000;
const queryMs = 20_000;
/** Connections outlive a signal for a moment, so that a step under way can be finished or undone. */
const afterAbortMs = 4500;

/** Opens what the settings offer, does the work, and closes it again. */
export async function withTenancy<Value>(
  options: TenancyOptions,
  work: (tenancy: Tenancy) => Promise<Value>,
): Promise<Value> {
  const { settings, openers, env, signal } = options;
  const times = { connectTimeoutMs: connectMs, queryTimeoutMs: queryMs, graceMs: afterAbortMs };
  return await withOpenPorts(
    { settings, openers, env, signal, ...times },
    async (opened) => await work(await openTenancy(options, opened)),
  );
}

async function openTenancy(options: TenancyOptions, opened: OpenPorts): Promise<Tenancy> {
  const { settings, openers, now, signal } = options;
  const deployment = await deploymentOf(settings, opened);
  const webUrl = webUrlOf(settings, deployment);
  const version = (await versionOf(webUrl, opened, openers)) ?? deployment?.imageVersion ?? null;
  const generation = generationOf(version) ?? deployment?.generation ?? null;
  const [kube, postgres, clickhouse, cache] = await Promise.all([
    reach(opened.ports.kube),
    reach(opened.ports.postgres),
    generation === 2 ? noClickHouse : reach(opened.ports.clickhouse),
    reach(async () => await openCache(settings, deployment, opened)),
  ]);
  const salt = saltOf(deployment);
  const placeId = placeOf(settings, deployment, kube);
  const stores = { kube, postgres, clickhouse, cache };
  return {
    settings,
    opened,
    openers,
    deployment,
    version,
    generation,
    ...stores,
    salt,
    webUrl,
    placeId,
    now,
    signal,
  };
}

const noClickHouse = { state: 'skipped', why: 'Langfuse 2 has no ClickHouse' } as const;

async function reach<Port>(open: () => Promise<Port>): Promise<Reach<Port>> {
  try {
    return { state: 'open', port: await open() };
  } catch (error) {
    if (error instanceof Skipped) return { state: 'skipped', why: error.message };
    if (error instanceof LfctlError) return { state: 'unknown', why: error.message, error };
    throw error;
  }
}

/** Null with URLs alone. @throws LfctlError where a cluster is configured and cannot be read */
async function deploymentOf(settings: Settings, opened: OpenPorts): Promise<Deployment | null> {
  try {
    return await opened.deployment();
  } catch (error) {
    if (error instanceof Skipped) return null;
    const { databaseUrl } = settings.stores;
    if (error instanceof LfctlError && (databaseUrl !== null || settings.url !== null)) return null;
    throw error;
  }
}

function webUrlOf(settings: Settings, deployment: Deployment | null): string | null {
  if (settings.url !== null) return settings.url.value;
  const service = deployment?.webService ?? null;
  return service === null
    ? null
    : `http://${service.name}.${service.namespace}.svc.cluster.local:${String(service.port)}`;
}

async function versionOf(
  url: string | null,
  opened: OpenPorts,
  openers: PortOpeners,
): Promise<string | null> {
  if (url === null) return null;
  const web = openers.openLangfuse({ url }, { ...opened.access, queryTimeoutMs: connectMs });
  try {
    const { body } = await web.get('/api/public/health');
    return reportedVersion(body);
  } catch (error) {
    if (error instanceof LfctlError) return null;
    throw error;
  } finally {
    web.close();
  }
}

async function openCache(
  settings: Settings,
  deployment: Deployment | null,
  opened: OpenPorts,
): Promise<KeyCache> {
  const redis = await opened.ports.redis();
  const given = settings.stores.redisUrl;
  const own = deployment?.stores.redis.target ?? null;
  const target = given === null ? own : parseRedisUrl(given.value.reveal()).target;
  // A URL by hand has no key prefix; the deployment's own variables still tell it.
  return { redis, prefix: own?.keyPrefix ?? '', kind: target?.kind ?? 'single' };
}

function saltOf(deployment: Deployment | null): Secret | null {
  const web = deployment?.components.find(({ role }) => role === 'web');
  const text = web === undefined ? null : envText(web.env, 'SALT');
  return text === null || text === undefined || text === '' ? null : new Secret(text);
}

/** A cluster's server with namespace and release; with URLs alone the database's host and name. */
function placeOf(settings: Settings, deployment: Deployment | null, kube: Reach<KubePort>): string {
  if (deployment !== null && kube.state === 'open')
    return `${kube.port.context.server}/${deployment.namespace}/${deployment.release ?? ''}`;
  const url = settings.stores.databaseUrl?.value.reveal() ?? settings.url?.value ?? 'unknown';
  return url.replace(/:\/\/[^\s]*@/, '://').replace(/\?.*$/, '');
}

/** The port, for what cannot be done without it. @throws LfctlError why it is not there */
export function need<Port>(reached: Reach<Port>, what: string): Port {
  switch (reached.state) {
    case 'open':
      return reached.port;
    case 'unknown':
      throw reached.error;
    case 'skipped':
      throw new LfctlError('NOT_CONFIGURED', { message: `${what}: ${reached.why}` });
  }
}

/** For every writer; a version that nothing tells is not known to be newer. @throws LfctlError VERSION_UNVERIFIED */
export function requireVerified({ version }: Pick<Tenancy, 'version'>, accepted: boolean): void {
  const known = knownness(version);
  if (accepted || (known !== 'newer-major' && known !== 'newer-minor')) return;
  throw new LfctlError('VERSION_UNVERIFIED', {
    message: `Langfuse ${version ?? ''} is newer than those that lfctl was verified with; nothing was changed`,
  });
}

/** For writers whose rows depend on the version. @throws LfctlError VERSION_UNVERIFIED, NOT_CONFIGURED */
export function verifiedGeneration(tenancy: Tenancy, accepted: boolean): Generation {
  requireVerified(tenancy, accepted);
  const { generation } = tenancy;
  if (generation !== null) return generation;
  throw new LfctlError('NOT_CONFIGURED', {
    message: 'neither the running web nor an image tells which Langfuse this is',
    fixes: [{ text: 'give the base URL of web in LFCTL_URL' }],
  });
}
