import type { CanaryIds } from '../canary.ts';
import type { Clock } from '../follow.ts';
import type { LangfusePort } from '../../ports/langfuse.ts';
import { jobFinder } from '../jobs.ts';
import type { Era } from '../session.ts';
import type { Stations } from '../stations.ts';
import type { Broom } from './broom.ts';
import type { Cleaning } from './clean.ts';
import { apiBroom } from './api.ts';
import { clickhouseBroom } from './clickhouse.ts';
import { mediaBroom } from './media.ts';
import { objectsBroom } from './objects.ts';
import { postgresBroom } from './postgres.ts';
import { queueBroom } from './queue.ts';
import { queuedCanaries } from './queued.ts';

/** What is to be swept, and how. */
export interface Sweep {
  readonly langfuse: LangfusePort;
  readonly stations: Stations;
  readonly era: Era;
  readonly clock: Clock;
  readonly projectId: string;
  readonly canaries: readonly CanaryIds[];
  /** Texts that jobs are known by beside the canaries' ids: those of exports name their raw file alone. */
  readonly marks: readonly string[];
}

/** A broom for each open store; of the others the reason is kept, because nothing is known of what they hold. */
export function cleaningOf(sweep: Sweep): Cleaning {
  const { postgres, clickhouse, redis, objects } = sweep.stations;
  const stores = sweep.era.generation === 2 ? { postgres } : { queue: redis, objects, clickhouse, postgres };
  const closed = Object.entries(stores).flatMap(([store, station]) =>
    station.state === 'open' ? [] : [[store, station.detail] as const],
  );
  return { brooms: broomsOf(sweep), closed: Object.fromEntries(closed), clock: sweep.clock };
}

/** Jobs first: what a worker takes up later would miss its objects, or make rows again. */
function broomsOf({ langfuse, stations, era, projectId, canaries, marks }: Sweep): Broom[] {
  const { postgres, clickhouse, redis, objects, media } = stations;
  const ids = canaries.flatMap(({ traceId, generationId, scoreId }) => [traceId, generationId, scoreId]);
  // Langfuse 2 has no endpoint that deletes traces.
  const byApi = era.generation !== 2 && clickhouse.state !== 'open';
  return [
    ...(redis.state === 'open'
      ? [
          queueBroom(
            redis.port.redis,
            jobFinder(redis.port, [...ids, ...marks]),
            async () => await queuedCanaries(redis.port, objects, projectId),
          ),
        ]
      : []),
    ...(objects.state === 'open' ? [objectsBroom(objects.port.objects, objects.port.prefix, marks)] : []),
    ...(clickhouse.state === 'open' ? [clickhouseBroom(clickhouse.port)] : []),
    ...(postgres.state === 'open' && media.state === 'open' ? [mediaBroom(postgres.port, media.port)] : []),
    ...(postgres.state === 'open' ? [postgresBroom(postgres.port, era.generation)] : []),
    ...(byApi ? [apiBroom(langfuse)] : []),
  ];
}
