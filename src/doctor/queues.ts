import type { Deployment } from '../deployment/model.ts';
import { envText } from '../deployment/resolve-env.ts';
import type { RedisPort, RedisReply, RedisTarget } from '../ports/redis.ts';

/** Depths of one BullMQ queue, and how late its oldest due job is. */
export interface QueueView {
  readonly name: string;
  /** Its keys begin with this, for example `bull:ingestion-queue`. */
  readonly key: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** Id of the job that is next; a worker that works changes it. */
  readonly nextJob: string | null;
  /** Milliseconds by which the oldest due job is late; null when no job is due. */
  readonly lateMs: number | null;
  /** RFC 3339 of the newest failure and its reason, first line, redacted; null when none failed. */
  readonly lastFailure: { readonly at: string | null; readonly reason: string } | null;
}

/** The queues that carry traces (langfuse/langfuse packages/shared/src/server/queues.ts). */
const ingestionQueues = [
  'ingestion-queue',
  'secondary-ingestion-queue',
  'otel-ingestion-queue',
  'secondary-otel-ingestion-queue',
] as const;

/** How many of each there are (packages/shared/src/server/redis/ingestionQueue.ts, otelIngestionQueue.ts). */
const shardCounts: Readonly<Record<(typeof ingestionQueues)[number], string>> = {
  'ingestion-queue': 'LANGFUSE_INGESTION_QUEUE_SHARD_COUNT',
  'secondary-ingestion-queue': 'LANGFUSE_INGESTION_SECONDARY_QUEUE_SHARD_COUNT',
  'otel-ingestion-queue': 'LANGFUSE_OTEL_INGESTION_QUEUE_SHARD_COUNT',
  'secondary-otel-ingestion-queue': 'LANGFUSE_OTEL_INGESTION_SECONDARY_QUEUE_SHARD_COUNT',
};

/** More would be a mistake of the variable, and a question to Redis for each. */
const mostShards = 64;

/** `ingestion-queue`, `ingestion-queue-1` …: as many as one of the components counts. */
export function queueNames(values: (variable: string) => readonly (string | null)[]): string[] {
  return ingestionQueues.flatMap((name) => {
    const counts = values(shardCounts[name]).map((text) => Math.floor(Number(text ?? 1)));
    const count = Math.min(mostShards, Math.max(1, ...counts.filter(Number.isFinite)));
    return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}-${index}`));
  });
}

/** The queues of a deployment by the shard counts of its web and worker; each once where there is none to ask. */
export function queueNamesOf(deployment: Deployment | null): string[] {
  return queueNames((variable) => (deployment?.components ?? []).map(({ env }) => envText(env, variable)));
}

/** Key prefix of a queue: `bull:q`, `<prefix>:q`, or with a hash tag in cluster mode (redis.ts getQueuePrefix). */
export function queueKey(queue: string, target: Pick<RedisTarget, 'kind' | 'keyPrefix'> | null): string {
  const prefix = target?.keyPrefix ?? '';
  if (target?.kind === 'cluster') return `{${prefix === '' ? '' : `${prefix}:`}${queue}}:${queue}`;
  return `${prefix === '' ? 'bull' : prefix}:${queue}`;
}

export async function readQueue(
  redis: RedisPort,
  name: string,
  key: string,
  nowMs: number,
  redact: (text: string) => string,
): Promise<QueueView> {
  const [waiting, active, delayed, failed, oldest, older, old, dueFirst, lastFailed] = await redis.pipeline([
    ['LLEN', `${key}:wait`],
    ['LLEN', `${key}:active`],
    ['ZCARD', `${key}:delayed`],
    ['ZCARD', `${key}:failed`],
    ['LINDEX', `${key}:wait`, -1],
    // A worker that works takes the oldest between two questions: later ones still stand for it.
    ['LINDEX', `${key}:wait`, -10],
    ['LINDEX', `${key}:wait`, -100],
    ['ZRANGE', `${key}:delayed`, 0, 0, 'WITHSCORES'],
    ['ZRANGE', `${key}:failed`, -1, -1, 'WITHSCORES'],
  ]);
  return {
    name,
    key,
    waiting: count(waiting),
    active: count(active),
    delayed: count(delayed),
    failed: count(failed),
    nextJob: typeof oldest === 'string' ? oldest : firstText(dueFirst),
    lateMs: greatest([
      ...(await Promise.all([oldest, older, old].map(async (job) => await waitedMs(redis, key, job, nowMs)))),
      delayedLateMs(dueFirst, nowMs),
    ]),
    lastFailure: await newestFailure(redis, key, lastFailed, redact),
  };
}

function count(reply: RedisReply | undefined): number {
  return typeof reply === 'number' ? reply : Number(reply ?? 0);
}

function firstText(reply: RedisReply | undefined): string | null {
  const first = Array.isArray(reply) ? reply[0] : null;
  return typeof first === 'string' ? first : null;
}

function greatest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Time since the oldest waiting job became due: its creation plus its delay. */
async function waitedMs(
  redis: RedisPort,
  key: string,
  job: RedisReply | undefined,
  nowMs: number,
): Promise<number | null> {
  if (typeof job !== 'string') return null;
  const reply = await redis.call('HMGET', `${key}:${job}`, 'timestamp', 'delay');
  const [timestamp, delay] = Array.isArray(reply) ? reply : [];
  if (timestamp === null || timestamp === undefined) return null;
  return Math.max(0, nowMs - Number(timestamp) - Number(delay ?? 0));
}

/** BullMQ scores delayed jobs with (due time in ms) * 4096 + a counter. */
function delayedLateMs(reply: RedisReply | undefined, nowMs: number): number | null {
  const score = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
  if (!Number.isFinite(score)) return null;
  const lateMs = nowMs - Math.floor(score / 4096);
  return lateMs > 0 ? lateMs : null;
}

async function newestFailure(
  redis: RedisPort,
  key: string,
  reply: RedisReply | undefined,
  redact: (text: string) => string,
): Promise<QueueView['lastFailure']> {
  const [job, score] = Array.isArray(reply) ? reply : [];
  if (typeof job !== 'string') return null;
  const reason = await redis.call('HGET', `${key}:${job}`, 'failedReason');
  const at = Number(score);
  return {
    at: Number.isFinite(at) && at > 0 ? new Date(at).toISOString() : null,
    // Cut last: half a secret would not be known for one.
    reason: redact((typeof reason === 'string' ? reason : '').split('\n')[0] ?? '').slice(0, 200),
  };
}
