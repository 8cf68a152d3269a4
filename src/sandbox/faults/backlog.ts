import { defineFault } from '../fault.ts';
import { sinceThree } from './_applies.ts';
import { readyAll } from './_places.ts';
import { restoreContainers, setEnv } from './_steps.ts';

const key = 'bull:ingestion-queue';
/** More than one job at a time clears in some minutes. */
const jobs = 60_000;
const lateMs = 180_000;

/** Old jobs whose events are gone: the worker takes each, finds nothing, and goes on. */
const fill = `
local now = redis.call('TIME')
local ms = tonumber(now[1]) * 1000 - tonumber(ARGV[2])
for i = 1, tonumber(ARGV[1]) do
  local id = 'drill-backlog-' .. i
  local event = '{"eventBodyId":"' .. id .. '","fileKey":"' .. id .. '","type":"trace-create"}'
  local data = '{"id":"' .. id .. '","name":"ingestion-job","timestamp":"2026-01-01T00:00:00.000Z","payload":{"data":' .. event .. ',"authCheck":{"validKey":true,"scope":{"projectId":"drill"}}}}'
  redis.call('HSET', KEYS[1] .. ':' .. id, 'name', 'ingestion-job', 'data', data, 'opts', '{"attempts":1,"removeOnComplete":true}', 'timestamp', ms, 'delay', 0, 'priority', 0)
  redis.call('RPUSH', KEYS[1] .. ':wait', id)
end
-- What wakes a BullMQ worker that waits.
redis.call('ZADD', KEYS[1] .. ':marker', 0, '0')
return 1`;

const clear = `
for _, id in ipairs(redis.call('LRANGE', KEYS[1] .. ':wait', 0, -1)) do
  if string.sub(id, 1, 14) == 'drill-backlog-' then redis.call('DEL', KEYS[1] .. ':' .. id) end
end
return redis.call('DEL', KEYS[1] .. ':wait')`;

export const backlogFault = defineFault({
  name: 'backlog',
  area: 'Redis',
  summary: 'the worker handles one job at a time and is minutes behind',
  firstVerdict: 'queue/backlog',
  expects: 'healthy',
  ...sinceThree,
  break: async (context) => {
    await setEnv(context, 'worker', { LANGFUSE_INGESTION_QUEUE_PROCESSING_CONCURRENCY: '1' });
    await readyAll(context, ['worker']);
    await context.redis('EVAL', fill, 1, key, jobs, lateMs);
  },
  mend: async (context) => {
    await context.redis('EVAL', clear, 1, key);
    await restoreContainers(context, ['worker']);
  },
});
