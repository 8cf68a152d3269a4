import { resources, resourceText } from '../../ports/kube-resources.ts';
import type { Confidence, Reason, ResolvedEnv, Stores } from '../model.ts';
import { envText } from '../resolve-env.ts';
import type { Found } from './components.ts';
import type { Inventory } from './inventory.ts';
import type { Front } from './fronts.ts';

/** Why each workload is taken for what it is. */
export function componentReasons(members: readonly Found[]): Reason[] {
  return members.map(({ component, confidence }) => {
    const { role, workload, container, evidence } = component;
    return {
      about: 'component',
      finding: `${role} ${workload.kind.toLowerCase()}/${workload.name}, container ${container}`,
      confidence,
      because: evidence.join(', '),
    };
  });
}

/** As sure as the surest web is Langfuse, and not surer than that these workloads are one. */
export function confidenceOf(members: readonly Found[], reasons: readonly Reason[]): Confidence {
  const webs = members.filter(({ component }) => component.role === 'web');
  const best = surest((webs.length > 0 ? webs : members).map(({ confidence }) => confidence));
  return weakest([best, ...reasons.map(({ confidence }) => confidence)]);
}

const order: readonly Confidence[] = ['certain', 'likely', 'guess'];
const surest = (all: readonly Confidence[]): Confidence => order.find((one) => all.includes(one)) ?? 'guess';
const weakest = (all: readonly Confidence[]): Confidence =>
  order.findLast((one) => all.includes(one)) ?? 'guess';

/** What cannot be seen in the addresses of the stores themselves. */
export function storeReasons(stores: Stores, env: ResolvedEnv): Reason[] {
  return [...portReason(stores, env), ...sentinelReason(stores, env), ...identityReason(stores)];
}

/** Where a kind of workloads may not be listed, a part of the installation may be unseen. */
export function unseenReasons(inventory: Inventory, namespace: string): Reason[] {
  const kinds = [resources.deployments, resources.statefulSets, resources.daemonSets];
  const closed = kinds.filter((kind) => inventory.forbidden(kind, namespace)).map(resourceText);
  if (closed.length === 0) return [];
  return [
    {
      about: 'installation',
      finding: 'there may be more of it',
      confidence: 'likely',
      because: `${closed.join(', ')} may not be listed`,
    },
  ];
}

/** A Service in front of web whose port is a sidecar's, or nobody's: what lfctl asks there, web does not answer. */
export function frontReasons(fronts: readonly Front[], webPort: number): Reason[] {
  return fronts
    .filter(({ direct }) => !direct)
    .map(({ at }) => ({
      about: 'route',
      finding: `Service ${at.name} does not lead to web's own port`,
      confidence: 'likely',
      because: `port ${at.port} of it leads elsewhere, and web listens on ${webPort}`,
    }));
}

/** https://github.com/langfuse/langfuse/blob/main/web/entrypoint.sh builds the URL without it. */
function portReason({ postgres }: Stores, env: ResolvedEnv): Reason[] {
  const set = envText(env, 'DATABASE_PORT');
  const built = postgres.variables.includes('DATABASE_HOST');
  if (set === null || !built || postgres.target === null || Number(set) === postgres.target.port) return [];
  const finding = `Postgres is called on port ${postgres.target.port}`;
  const because = `the image does not read DATABASE_PORT (${set}); a port goes into DATABASE_HOST`;
  return [{ about: 'store', finding, confidence: 'certain', because }];
}

/** ioredis takes `tls` to the master only beside `enableTLSForSentinelMode`, which Langfuse does not set. */
function sentinelReason({ redis }: Stores, env: ResolvedEnv): Reason[] {
  if (redis.target?.kind !== 'sentinel' || envText(env, 'REDIS_TLS_ENABLED') !== 'true') return [];
  const because = 'REDIS_TLS_ENABLED has no effect beside REDIS_SENTINEL_ENABLED';
  return [{ about: 'store', finding: 'Redis is called without TLS', confidence: 'likely', because }];
}

function identityReason({ eventBucket }: Stores): Reason[] {
  const { target } = eventBucket;
  if (target === null || target.accessKeyId !== undefined) return [];
  const because =
    'no access key with its secret is set: it is the AWS default chain, of which lfctl has no part';
  return [
    {
      about: 'store',
      finding: 'the event bucket is opened as the pod itself',
      confidence: 'certain',
      because,
    },
  ];
}
