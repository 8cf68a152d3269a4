import { unusedStores } from '../deployment/era.ts';
import type { DeploymentView, ObjectsView, StoreView } from '../deployment/view.ts';
import type { Outcomes } from '../doctor/engine/types.ts';
import type { OtherBucketView } from '../doctor/facts/objects/other-buckets.ts';
import type { CheckResult } from '../doctor/report.ts';
import type { DoctorRun } from '../doctor/run.ts';
import type { LoginView } from '../doctor/views.ts';
import { known } from './known.ts';

/** One store of the screen. */
export interface StatusStore {
  readonly name: string;
  readonly address: string | null;
  /** `not used`: this generation has no use for it. */
  readonly state: 'ok' | 'failing' | 'unknown' | 'not configured' | 'not used';
  readonly version: string | null;
  readonly latencyMs: number | null;
  readonly sizeBytes: number | null;
  readonly detail: string | null;
}

type Stores = DeploymentView['stores'];

interface Row {
  readonly key: 'postgres' | 'clickhouse' | 'redis' | 'eventBucket';
  readonly name: string;
  readonly fact: 'postgres/login' | 'clickhouse/login' | 'redis/login' | 'objects/event-bucket';
  readonly size: (outcomes: Outcomes) => number | null;
}

const rows: readonly Row[] = [
  {
    key: 'postgres',
    name: 'Postgres',
    fact: 'postgres/login',
    size: (outcomes) => known(outcomes, 'postgres/size')?.sizeBytes ?? null,
  },
  {
    key: 'clickhouse',
    name: 'ClickHouse',
    fact: 'clickhouse/login',
    size: (outcomes) => known(outcomes, 'clickhouse/size')?.sizeBytes ?? null,
  },
  {
    key: 'redis',
    name: 'Redis',
    fact: 'redis/login',
    size: (outcomes) => known(outcomes, 'redis/memory')?.usedBytes ?? null,
  },
  { key: 'eventBucket', name: 'event bucket', fact: 'objects/event-bucket', size: () => null },
];

/** The four stores, and the buckets for media and exports where there are some. */
export function toStores({ deployment, outcomes, report, generation }: DoctorRun): StatusStore[] {
  const unused = unusedStores(generation);
  const four = rows.map((row): StatusStore => {
    const store = deployment?.stores[row.key];
    const why = unused.get(row.key);
    if (why !== undefined && store?.configured !== true)
      return { ...nothing(row.name, null), state: 'not used', detail: why };
    return withFinding(toStore(row, outcomes, store), row, report.checks);
  });
  return [...four, ...otherBuckets(deployment?.stores, known(outcomes, 'objects/other-buckets') ?? [])];
}

function nothing(name: string, address: string | null) {
  return { name, address, version: null, latencyMs: null, sizeBytes: null };
}

/** A store is failing when a check of its area says so, on evidence: that lfctl cannot connect proves nothing. */
function withFinding(row: StatusStore, { fact }: Row, checks: readonly CheckResult[]): StatusStore {
  const failed = checks.find(
    (check) =>
      check.area === fact.split('/')[0] &&
      check.status === 'fail' &&
      /\/(reachable|auth|bucket|credentials|path-style)$/.test(check.id),
  );
  return failed === undefined ? row : { ...row, state: 'failing', detail: failed.detail ?? failed.title };
}

function toStore({ key, name, fact, size }: Row, outcomes: Outcomes, store?: StoreView): StatusStore {
  const outcome = outcomes.get(fact);
  const base = nothing(name, addressOf(key === 'eventBucket', store));
  if (outcome?.status === 'skipped') return { ...base, state: 'not configured', detail: outcome.reason };
  const login = known(outcomes, fact);
  if (login === null)
    return { ...base, state: 'unknown', detail: outcome?.status === 'unknown' ? outcome.reason : null };
  return withLogin(base, login, size(outcomes));
}

function withLogin(
  base: ReturnType<typeof nothing>,
  login: LoginView,
  sizeBytes: number | null,
): StatusStore {
  if (!login.ok) return { ...base, state: 'unknown', detail: login.message };
  return { ...base, state: 'ok', version: login.server, latencyMs: login.ms, sizeBytes, detail: null };
}

function addressOf(isBucket: boolean, store?: StoreView): string | null {
  if (store?.host == null) return isBucket ? (store?.database ?? null) : null;
  return `${store.host}:${store.port ?? ''}${isBucket && store.database !== null ? `/${store.database}` : ''}`;
}

function otherBuckets(stores: Stores | undefined, buckets: readonly OtherBucketView[]): StatusStore[] {
  const uses = [
    { use: 'media', name: 'media bucket', store: stores?.mediaBucket ?? null },
    { use: 'exports', name: 'export bucket', store: stores?.exportBucket ?? null },
  ] as const;
  return uses.flatMap(({ use, name, store }) =>
    store === null
      ? []
      : [
          bucketRow(
            name,
            store,
            buckets.find((one) => one.use === use),
          ),
        ],
  );
}

function bucketRow(name: string, store: ObjectsView, bucket: OtherBucketView | undefined): StatusStore {
  const base = nothing(name, addressOf(true, store));
  if (bucket === undefined) return { ...base, state: 'unknown', detail: store.why };
  const row = withLogin(base, bucket.login, null);
  const refused = !bucket.login.ok && /_(AUTH|BUCKET)$/.test(bucket.login.code);
  return refused ? { ...row, state: 'failing' } : row;
}
