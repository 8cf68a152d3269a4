import type { CanaryIds } from '../canary.ts';
import type { Clock } from '../follow.ts';
import { jobFinder } from '../jobs.ts';
import type { Era } from '../session.ts';
import type { Stations } from '../stations.ts';
import type { Broom } from './broom.ts';
import type { Cleaning } from './clean.ts';
import { clickhouseBroom } from './clickhouse.ts';
import { objectsBroom } from './objects.ts';
import { postgresBroom } from './postgres.ts';
import { queueBroom } from './queue.ts';

/**
 * A broom for each open store; of the others the reason is kept, because nothing is known of what they hold.
 * @param marks texts that jobs are known by beside the canaries' ids: OTLP jobs name their file alone
 */
export function cleaningOf(
  stations: Stations,
  era: Era,
  canaries: readonly CanaryIds[],
  marks: readonly string[],
  clock: Clock,
): Cleaning {
  const { postgres, clickhouse, redis, objects } = stations;
  const known = canaries.flatMap(({ traceId, generationId, scoreId }) => [traceId, generationId, scoreId]);
  // Jobs first: what a worker takes up later would miss its objects, or make rows again.
  const brooms: Broom[] = [
    ...(redis.state === 'open'
      ? [queueBroom(redis.port.redis, jobFinder(redis.port.redis, redis.port.target, [...known, ...marks]))]
      : []),
    ...(objects.state === 'open' ? [objectsBroom(objects.port.objects, objects.port.prefix)] : []),
    ...(clickhouse.state === 'open' ? [clickhouseBroom(clickhouse.port)] : []),
    ...(postgres.state === 'open' ? [postgresBroom(postgres.port, era.generation)] : []),
  ];
  const closed = Object.entries({ postgres, clickhouse, objects, queue: redis }).flatMap(([store, station]) =>
    station.state === 'unknown' ? [[store, station.detail] as const] : [],
  );
  return { brooms, closed: Object.fromEntries(closed), clock };
}
