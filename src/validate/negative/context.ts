import { randomUUID } from 'node:crypto';
import { envText } from '../../deployment/resolve-env.ts';
import { Secret } from '../../deployment/secret.ts';
import type { Canary } from '../canary.ts';
import { follow } from '../follow.ts';
import { queueHop } from '../hops/queue.ts';
import { storeHop } from '../hops/store.ts';
import type { Run } from '../start.ts';
import type { Stations } from '../stations.ts';
import { jobsAt, rowsAt } from '../travel.ts';
import type { NegativeContext } from './case.ts';
import type { KeyStores } from './temporary-key.ts';

/** @param isGivenUp whether the canaries beside it are lost: then it is not waited for either */
export function negativeContext(run: Run, neighbour: Canary, isGivenUp: () => boolean): NegativeContext {
  return {
    open: run.openWith,
    pair: run.pair,
    projectId: run.projectId,
    stranger: new Secret(`sk-lf-${randomUUID()}`),
    postgres: run.stations.postgres,
    keys: keyStores(run),
    neighbour,
    arrived: async () => await arrived(run, neighbour, isGivenUp),
  };
}

/** What keys of this deployment are kept in. */
export function keyStores({ deployment, era, stations, options }: Run): KeyStores {
  const web = deployment?.components.find(({ role }) => role === 'web');
  const salt = web === undefined ? null : envText(web.env, 'SALT');
  return {
    deployment,
    generation: era.generation,
    version: era.version,
    cache: cacheOf(stations.redis),
    salt: salt === null || salt === '' ? null : new Secret(salt),
    now: options.now,
  };
}

function cacheOf(redis: Stations['redis']): KeyStores['cache'] {
  // Langfuse 2 may have a Redis that is not looked at here: by default it keeps no keys there.
  if (redis.state !== 'open') return { state: 'skipped', why: redis.detail };
  const { target } = redis.port;
  const place = { redis: redis.port.redis, prefix: target?.keyPrefix ?? '', kind: target?.kind ?? 'single' };
  return { state: 'open', port: place };
}

/** Looks for its job and its row, as far as the stores are open; with keys alone the answer is all there is. */
async function arrived(run: Run, neighbour: Canary, isGivenUp: () => boolean): Promise<string | null> {
  const { stations, era, options, startedMs } = run;
  const { clock, settings } = options;
  const rows = rowsAt(stations, era);
  if (rows.state === 'unknown') return rows.detail;
  if (rows.state === 'skipped') return null;
  const scores = async (canary: Canary): ReturnType<typeof rows.port> => ({
    ...(await rows.port(canary)),
    traces: 1,
    observations: 1,
  });
  const atMs = clock.elapsed();
  const results = await follow({
    hops: [
      queueHop(jobsAt(stations.redis, [neighbour.scoreId])),
      storeHop({ state: 'open', port: scores }, neighbour),
    ],
    clock,
    sentMs: atMs,
    acceptedMs: atMs,
    untilMs: startedMs + settings.timeoutMs,
    isGivenUp,
  });
  const open = results.find(({ look }) => look.state === 'waiting' || look.state === 'failed');
  return open === undefined ? null : open.look.detail;
}
