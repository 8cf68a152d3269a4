import { setTimeout as wait } from 'node:timers/promises';
import { LfctlError } from '../../errors/error.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import type { Reach, Tenancy } from '../../tenancy/access.ts';
import type { Bucket } from '../../tenancy/buckets.ts';
import { openBucket } from '../../tenancy/buckets.ts';
import { clickhouseHoldings } from './clickhouse.ts';
import type { Holding } from './holding.ts';
import { exportNames } from './exports.ts';
import { folderHolding, foldersOf, namedHolding } from './objects.ts';
import { postgresHolding } from './postgres.ts';
import { entriesHolding, jobsHolding } from './redis.ts';

/** Waits, unless the signal ends first. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const pauseFor: Pause = async (ms, signal) => {
  await wait(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
};

/** All that a project has anywhere, in the order in which it is removed: the row that names it comes last. */
export interface Estate {
  readonly holdings: readonly Holding[];
  /** Stores that the settings do not offer, with the reason: what they hold stays. */
  readonly left: Readonly<Record<string, string>>;
}

/**
 * Looks up what there is to remove.
 * @param leaves whether stores that are not configured here may keep what they hold
 * @throws LfctlError of a store that is configured and not reached; NOT_CONFIGURED
 */
export async function estateOf(
  tenancy: Tenancy,
  postgres: PostgresPort,
  projectId: string,
  { leaves, pause }: { readonly leaves: boolean; readonly pause: Pause },
): Promise<Estate> {
  const left: Record<string, string> = {};
  const take = <Port>(name: string, reached: Reach<Port>, isNeeded: boolean): Port | null => {
    if (reached.state === 'open') return reached.port;
    if (reached.state === 'unknown') throw reached.error;
    if (isNeeded) left[name] = reached.why;
    return null;
  };
  const hasStores = tenancy.generation !== 2;
  const [event, media, exported] = await Promise.all([
    openBucket(tenancy, 'event'),
    openBucket(tenancy, 'media'),
    openBucket(tenancy, 'export'),
  ]);
  const cache = take('Redis', tenancy.cache, hasStores);
  const clickhouse = take('ClickHouse', tenancy.clickhouse, hasStores);
  const isBlind = tenancy.deployment === null;
  const buckets = {
    event: take('raw events', event, hasStores),
    media: take('media', media, isBlind),
    export: take('exports', exported, isBlind),
  };
  if (!leaves && Object.keys(left).length > 0) throw unreached(left);
  return {
    left,
    holdings: [
      ...(cache === null ? [] : [jobsHolding(cache, projectId)]),
      ...(await objectHoldings(postgres, projectId, buckets)),
      ...(clickhouse === null ? [] : await clickhouseHoldings(clickhouse, projectId, pause)),
      ...(cache === null ? [] : [entriesHolding(cache, projectId)]),
      postgresHolding(postgres, projectId),
    ],
  };
}

async function objectHoldings(
  postgres: PostgresPort,
  projectId: string,
  buckets: Readonly<Record<'event' | 'media' | 'export', Bucket | null>>,
): Promise<Holding[]> {
  const folders = foldersOf(projectId, buckets).map(folderHolding);
  const bucket = buckets.export;
  if (bucket === null) return folders;
  const names = (await exportNames(postgres, projectId)).map((name) => `${bucket.prefix}${name}`);
  const title = `exported files in bucket ${bucket.name}`;
  return [...folders, namedHolding({ id: 'objects/exports', title, bucket }, names)];
}

function unreached(left: Readonly<Record<string, string>>): LfctlError {
  const whys = Object.entries(left).map(([name, why]) => `${name} (${why})`);
  return new LfctlError('NOT_CONFIGURED', {
    message: `what the project has in these places could not be removed: ${whys.join(', ')}; nothing was changed`,
    fixes: [
      { text: 'give access to the cluster, or the URLs of all stores (LFCTL_CLICKHOUSE_URL and the like)' },
      { text: 'or leave there what is there, with --leave-unreachable' },
    ],
  });
}
