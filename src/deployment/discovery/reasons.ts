import type { Confidence, Reason, ResolvedEnv, Store, Stores } from '../model.ts';
import { envText } from '../resolve-env.ts';
import type { Found } from './components.ts';
import type { Installation } from './installations.ts';

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
export function confidenceOf({ members, reasons }: Installation): Confidence {
  const webs = members.filter(({ component }) => component.role === 'web');
  const best = surest((webs.length > 0 ? webs : members).map(({ confidence }) => confidence));
  return weakest([best, ...reasons.map(({ confidence }) => confidence)]);
}

const order: readonly Confidence[] = ['certain', 'likely', 'guess'];
const surest = (all: readonly Confidence[]): Confidence => order.find((one) => all.includes(one)) ?? 'guess';
const weakest = (all: readonly Confidence[]): Confidence =>
  order.findLast((one) => all.includes(one)) ?? 'guess';

/** What of the stores cannot be seen in their addresses. */
export function storeReasons(stores: Stores, env: ResolvedEnv): Reason[] {
  const named = [
    ['Postgres', stores.postgres],
    ['ClickHouse', stores.clickhouse],
    ['Redis', stores.redis],
    ['event bucket', stores.eventBucket],
    ['media bucket', stores.mediaBucket],
    ['export bucket', stores.exportBucket],
  ] as const;
  return [
    ...named.flatMap(([title, store]) => (store === null ? [] : unreadReason(title, store))),
    ...portReason(stores, env),
    ...sentinelReason(stores, env),
    ...identityReason(stores),
  ];
}

function unreadReason(title: string, store: Store<unknown>): Reason[] {
  const { why, placement } = store;
  if (why !== null && why !== 'not configured')
    return [{ about: 'store', finding: `${title} is not known`, confidence: 'certain', because: why }];
  if (why !== null || placement.kind !== 'unknown') return [];
  const finding = `where ${title} runs is not known`;
  return [{ about: 'store', finding, confidence: 'certain', because: placement.why }];
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
  const because = 'no access key is set: it is the AWS default chain, of which lfctl has no part';
  return [
    {
      about: 'store',
      finding: 'the event bucket is opened as the pod itself',
      confidence: 'certain',
      because,
    },
  ];
}
