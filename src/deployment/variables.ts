/** What Langfuse reads from its environment, as far as lfctl judges it. Sources are the env schemas of the app:
 * langfuse/langfuse web/src/env.mjs, packages/shared/src/env.ts, worker/src/env.ts, web/entrypoint.sh. */
import type { Generation, Role } from './model.ts';

/** A variable without which a component does not start or does not work. */
export interface RequiredVariable {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly generations: readonly Generation[];
  /** Other ways to give it: all names of one of these. `NAME=value` asks for that value. */
  readonly or?: readonly (readonly string[])[];
  /** What happens without it. */
  readonly without: string;
}

const database = ['DATABASE_HOST', 'DATABASE_USERNAME', 'DATABASE_PASSWORD', 'DATABASE_NAME'];

export const requiredVariables: readonly RequiredVariable[] = [
  {
    name: 'DATABASE_URL',
    roles: ['web', 'worker'],
    generations: [2, 3, 4],
    or: [database],
    without: 'the container exits with 1 at start',
  },
  { name: 'NEXTAUTH_URL', roles: ['web'], generations: [2, 3, 4], without: 'web answers 500 to everything' },
  {
    name: 'NEXTAUTH_SECRET',
    roles: ['web'],
    generations: [2, 3, 4],
    without: 'web answers 500 to everything',
  },
  { name: 'SALT', roles: ['web'], generations: [2, 3, 4], without: 'web answers 500 to everything' },
  {
    name: 'CLICKHOUSE_URL',
    roles: ['web', 'worker'],
    generations: [3, 4],
    without: 'the container exits with 1 at start',
  },
  {
    name: 'CLICKHOUSE_USER',
    roles: ['web', 'worker'],
    generations: [3, 4],
    without: 'the container exits with 1 at start',
  },
  {
    name: 'CLICKHOUSE_PASSWORD',
    roles: ['web', 'worker'],
    generations: [3, 4],
    without: 'the container exits with 1 at start',
  },
  {
    name: 'CLICKHOUSE_MIGRATION_URL',
    roles: ['web'],
    generations: [3, 4],
    or: [['LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED=true']],
    without: 'web exits with 1 at start',
  },
  {
    name: 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET',
    roles: ['web', 'worker'],
    generations: [3, 4],
    without: 'the worker exits with 1, web answers 500',
  },
  {
    name: 'REDIS_HOST',
    roles: ['web', 'worker'],
    generations: [3, 4],
    or: [['REDIS_CONNECTION_STRING'], ['REDIS_CLUSTER_NODES'], ['REDIS_SENTINEL_NODES']],
    without: 'web starts and answers 500 to every event, the worker answers 500 to its health call',
  },
];

/** Variables that web and worker must hold the same value of, or one writes where the other does not look. */
export const sharedVariables: readonly string[] = [
  'DATABASE_URL',
  'DATABASE_HOST',
  'DATABASE_NAME',
  'CLICKHOUSE_URL',
  'CLICKHOUSE_DB',
  'CLICKHOUSE_CLUSTER_ENABLED',
  'REDIS_CONNECTION_STRING',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_KEY_PREFIX',
  'REDIS_CLUSTER_ENABLED',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINEL_NODES',
  'LANGFUSE_S3_EVENT_UPLOAD_BUCKET',
  'LANGFUSE_S3_EVENT_UPLOAD_PREFIX',
  'LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT',
  'LANGFUSE_S3_EVENT_KEY_MAX_SEGMENT_BYTES',
  'LANGFUSE_S3_MEDIA_UPLOAD_BUCKET',
  'ENCRYPTION_KEY',
  'LANGFUSE_MIGRATION_V4_WRITE_MODE',
  'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR',
  'LANGFUSE_MIGRATION_V4_ALLOW_PREVIEW_OPT_IN',
  'LANGFUSE_INGESTION_QUEUE_SHARD_COUNT',
  'LANGFUSE_OTEL_INGESTION_QUEUE_SHARD_COUNT',
];
