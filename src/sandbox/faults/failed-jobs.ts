import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';

const key = 'bull:ingestion-queue';
const job = 'drill-failed-1';

/** As six attempts against an unreachable ClickHouse leave it (recorded from 3.199.0, processing-clickhouse-unreachable-until-failed). */
export const failedJobsFault = defineFault({
  name: 'failed-jobs',
  area: 'Redis',
  summary: 'an ingestion job has failed six times and rests in the failed set: its trace is missing',
  firstVerdict: 'queue/failed',
  expects: 'findings',
  ...sinceThree,
  break: async ({ redis }) => {
    const endedMs = firstNumber(await redis('TIME')) * 1000;
    await redis(
      'HSET',
      `${key}:${job}`,
      'name',
      'ingestion-job',
      'data',
      '{"payload":{}}',
      'opts',
      '{"attempts":6}',
      'timestamp',
      endedMs - 160_000,
      'finishedOn',
      endedMs,
      'atm',
      6,
      'failedReason',
      'connect ECONNREFUSED 10.0.0.12:8123',
    );
    await redis('ZADD', `${key}:failed`, endedMs, job);
  },
  mend: async ({ redis }) => {
    await redis('ZREM', `${key}:failed`, job);
    await redis('DEL', `${key}:${job}`);
  },
});

function firstNumber(reply: unknown): number {
  return Array.isArray(reply) ? Number(reply[0]) : 0;
}
