/** What Langfuse reads from its environment, as far as lfctl judges it. Sources are the env schemas of the app:
 * langfuse/langfuse web/src/env.mjs, packages/shared/src/env.ts, worker/src/env.ts, web/entrypoint.sh. */
import type { Generation, Role } from './model.ts';

/** A variable without which a component does not start or does not work; `or` names another way to give it. */
export interface RequiredVariable {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly generations: readonly Generation[];
  readonly or?: readonly string[];
  /** What happens without it. */
  readonly without: string;
}

const database = ['DATABASE_HOST', 'DATABASE_USERNAME', 'DATABASE_PASSWORD', 'DATABASE_NAME'];

export const requiredVariables: readonly RequiredVariable[] = [
  {
    name: 'DATABASE_URL',
    roles: ['web', 'worker'],
    generations: [2, 3, 4],
    or: database,
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
    or: ['LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED'],
    without: 'web exits with 1 at start',
  },
  {
    name: 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET',
    roles: ['web', 'worker'],
    generations: [3, 4],
    without: 'the worker exits with 1, web answers 500',
  },
];

/** A name that no release reads, and the one that does what it was meant for. */
export interface InertVariable {
  readonly name: string;
  /** Names that are read instead; all of them are needed. Empty where nothing does it. */
  readonly use: readonly string[];
  readonly why: string;
  readonly generations?: readonly Generation[];
}

const s3Uses = ['EVENT_UPLOAD', 'MEDIA_UPLOAD', 'BATCH_EXPORT'];

/** Searched for in every release tag of langfuse/langfuse and found in none, or found under another name. */
export const inertVariables: readonly InertVariable[] = [
  {
    name: 'LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS',
    use: ['KEEP_ALIVE_TIMEOUT'],
    why: 'no release reads it; KEEP_ALIVE_TIMEOUT (milliseconds) on web does',
  },
  {
    name: 'LANGFUSE_HTTP_HEADERS_TIMEOUT_MS',
    use: [],
    why: 'no release reads it, and nothing sets the headers timeout',
  },
  {
    name: 'LANGFUSE_S3_ENDPOINT',
    use: s3Uses.map((use) => `LANGFUSE_S3_${use}_ENDPOINT`),
    why: 'the names are per use',
    generations: [3, 4],
  },
  {
    name: 'LANGFUSE_S3_FORCE_PATH_STYLE',
    use: s3Uses.map((use) => `LANGFUSE_S3_${use}_FORCE_PATH_STYLE`),
    why: 'the names are per use',
    generations: [3, 4],
  },
  {
    name: 'LANGFUSE_S3_ENDPOINT',
    use: ['S3_ENDPOINT'],
    why: 'Langfuse 2 reads S3_ENDPOINT',
    generations: [2],
  },
  {
    name: 'LANGFUSE_S3_FORCE_PATH_STYLE',
    use: ['S3_FORCE_PATH_STYLE'],
    why: 'Langfuse 2 reads S3_FORCE_PATH_STYLE',
    generations: [2],
  },
  {
    name: 'DATABASE_PORT',
    use: ['DATABASE_HOST'],
    why: 'the entrypoint ignores it; write host:port into DATABASE_HOST',
  },
  {
    name: 'ENABLE_EXPERIMENTAL_FEATURES',
    use: ['LANGFUSE_ENABLE_EXPERIMENTAL_FEATURES'],
    why: 'the app reads the longer name',
  },
  {
    name: 'LANGFUSE_S3_MEDIA_UPLOAD_MAX_CONTENT_LENGTH',
    use: ['LANGFUSE_S3_MEDIA_MAX_CONTENT_LENGTH'],
    why: 'the app reads the name without UPLOAD',
  },
  {
    name: 'LANGFUSE_S3_MEDIA_UPLOAD_DOWNLOAD_URL_EXPIRY_SECONDS',
    use: ['LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS'],
    why: 'the app reads the name without UPLOAD',
  },
  { name: 'REDIS_TLS_CA', use: ['REDIS_TLS_CA_PATH'], why: 'the code reads REDIS_TLS_CA_PATH' },
  { name: 'REDIS_TLS_CERT', use: ['REDIS_TLS_CERT_PATH'], why: 'the code reads REDIS_TLS_CERT_PATH' },
  { name: 'REDIS_TLS_KEY', use: ['REDIS_TLS_KEY_PATH'], why: 'the code reads REDIS_TLS_KEY_PATH' },
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

/** A family of names that a generation reads, with the roles that read it; both roles and all generations by default. */
interface ReadFamily {
  readonly names: RegExp;
  readonly roles?: readonly Role[];
  readonly generations?: readonly Generation[];
}

/** From the same env schemas. What is in no family is said to be unknown, not inert. */
const readFamilies: readonly ReadFamily[] = [
  {
    names:
      /^(DATABASE_(URL|HOST|USERNAME|PASSWORD|NAME|ARGS)|NODE_OPTIONS|NODE_ENV|PORT|HOSTNAME|TELEMETRY_ENABLED|ENCRYPTION_KEY)$/,
  },
  {
    names: /^(DIRECT_URL|NEXTAUTH_(URL|SECRET)|ADMIN_API_KEY|KEEP_ALIVE_TIMEOUT|NEXT_MANUAL_SIG_HANDLE)$/,
    roles: ['web'],
  },
  {
    names:
      /^(SALT|LANGFUSE_EE_LICENSE_KEY|LANGFUSE_LOG_(LEVEL|FORMAT)|LANGFUSE_ENABLE_EXPERIMENTAL_FEATURES)$/,
  },
  { names: /^LANGFUSE_AUTO_(POSTGRES|CLICKHOUSE)_MIGRATION_DISABLED$/, roles: ['web'] },
  {
    names:
      /^CLICKHOUSE_(URL|USER|PASSWORD|DB|CLUSTER_ENABLED|CLUSTER_NAME|READ_ONLY_URL|MAX_OPEN_CONNECTIONS)$/,
  },
  { names: /^CLICKHOUSE_MIGRATION_(URL|SSL)$/, roles: ['web'] },
  {
    names:
      /^REDIS_(CONNECTION_STRING|HOST|PORT|AUTH|USERNAME|KEY_PREFIX|SOCKET_TIMEOUT_MS|ENABLE_AUTO_PIPELINING)$/,
  },
  {
    names:
      /^REDIS_(CLUSTER_(ENABLED|NODES)|SENTINEL_\w+|TLS_(ENABLED|\w+_PATH|SERVERNAME|REJECT_UNAUTHORIZED))$/,
  },
  {
    names:
      /^LANGFUSE_S3_(EVENT_UPLOAD|MEDIA_UPLOAD|BATCH_EXPORT)_(BUCKET|PREFIX|REGION|ENDPOINT|ACCESS_KEY_ID|SECRET_ACCESS_KEY|FORCE_PATH_STYLE|SSE|SSE_KMS_KEY_ID)$/,
    generations: [3, 4],
  },
  { names: /^LANGFUSE_S3_BATCH_EXPORT_(ENABLED|EXTERNAL_ENDPOINT)$/, generations: [3, 4] },
  {
    names:
      /^LANGFUSE_S3_(CONCURRENT_(READS|WRITES)|LIST_MAX_KEYS|MEDIA_MAX_CONTENT_LENGTH|MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS)$/,
    generations: [3, 4],
  },
  {
    names: /^S3_(ENDPOINT|ACCESS_KEY_ID|SECRET_ACCESS_KEY|BUCKET_NAME|REGION|FORCE_PATH_STYLE)$/,
    generations: [2],
  },
  {
    names: /^LANGFUSE_(INGESTION|OTEL_INGESTION|CACHE|CLICKHOUSE|TRACE|DELETE|BATCH)_\w+$/,
    generations: [3, 4],
  },
  { names: /^QUEUE_CONSUMER_\w+_QUEUE_IS_ENABLED$/, roles: ['worker'], generations: [3, 4] },
  { names: /^LANGFUSE_ENABLE_(BACKGROUND_MIGRATIONS|BLOB_STORAGE_FILE_LOG)$/, generations: [3, 4] },
  { names: /^LANGFUSE_(MIGRATION_V4|BACKGROUND_MIGRATION_V4)_\w+$/, generations: [3, 4] },
  { names: /^LANGFUSE_INIT_\w+$/, roles: ['web'] },
  { names: /^LANGFUSE_DEFAULT_(ORG|PROJECT)_(ID|ROLE)$/, roles: ['web'] },
  { names: /^(AUTH_\w+|EMAIL_FROM_ADDRESS|SMTP_CONNECTION_URL)$/ },
];

/** Whether this generation reads the variable in this role: false only for names known to be read by nothing. */
export function isRead(name: string, role: Role, generation: Generation | null): boolean | 'unknown' {
  const inert = inertFor(name, generation);
  if (inert !== undefined) return false;
  const families = readFamilies.filter((family) => family.names.test(name));
  if (families.length === 0) return 'unknown';
  return families.some(
    (family) =>
      (family.roles ?? ['web', 'worker']).includes(role) &&
      (generation === null || (family.generations ?? [2, 3, 4]).includes(generation)),
  );
}

/** The entry of a name that nothing reads in this generation. */
export function inertFor(name: string, generation: Generation | null): InertVariable | undefined {
  return inertVariables.find(
    (one) =>
      one.name === name && (generation === null || (one.generations ?? [2, 3, 4]).includes(generation)),
  );
}
