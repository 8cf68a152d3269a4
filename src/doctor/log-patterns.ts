import type { PodPart } from './views.ts';

/** A known kind of log line of Langfuse or LiteLLM; its id is what checks ask for. */
export interface LogPattern {
  readonly id: LogPatternId;
  readonly about: PodPart | null;
  /** Tried on each line. Group 1, where there is one, is the subject: host and port, variable, version. */
  readonly line: RegExp;
  /** Looked for in the lines after it, to find the subject (the message breaks over lines). */
  readonly below?: RegExp;
  /** True where the line alone says nothing: without what stands below it is no match. */
  readonly needsBelow?: boolean;
}

type LogPatternId =
  | 'env-invalid'
  | 'database-url-missing'
  | 'clickhouse-url-missing'
  | 'clickhouse-env-missing'
  | 'encryption-key'
  | 'database-url-invalid'
  | 'postgres-unreachable'
  | 'postgres-auth'
  | 'postgres-database'
  | 'postgres-unmigrated'
  | 'migration-failed'
  | 'prisma-failed'
  | 'clickhouse-unreachable'
  | 'clickhouse-auth'
  | 'clickhouse-dirty'
  | 'clickhouse-ahead'
  | 'redis-unreachable'
  | 'redis-auth'
  | 'redis-evicts'
  | 'redis-full'
  | 'objects-upload'
  | 'objects-unreachable'
  | 'objects-host'
  | 'objects-bucket'
  | 'objects-credentials'
  | 'objects-denied'
  | 'ingestion-refused'
  | 'heap'
  | 'litellm-callback-error'
  | 'litellm-unauthorized'
  | 'litellm-unreachable'
  | 'litellm-host';

/**
 * Exact words of Langfuse 3.199.0 and 4.16.0 as recorded from running servers (test/fixtures/captures), of their
 * image entrypoints (langfuse/langfuse web/entrypoint.sh) and of LiteLLM. First match wins.
 */
export const logPatterns: readonly LogPattern[] = [
  { id: 'encryption-key', about: null, line: /(ENCRYPTION_KEY) must be 256 bits/ },
  {
    id: 'env-invalid',
    about: null,
    line: /Invalid environment variables: ?\{?\s*$/,
    below: /^\s+([A-Z][A-Z0-9_]+): \[/,
  },
  {
    id: 'env-invalid',
    about: null,
    line: /ZodError\]?: (?:An error occurred while loading instrumentation hook: )?\[\s*$/,
    below: /^\s+"([A-Z][A-Z0-9_]+)"\s*$/,
  },
  { id: 'env-invalid', about: null, line: /^Error: Invalid V4 config: (LANGFUSE_\w+)/ },
  {
    id: 'database-url-missing',
    about: 'postgres',
    line: /Required database environment variables are not set/,
  },
  { id: 'clickhouse-url-missing', about: 'clickhouse', line: /(CLICKHOUSE_URL) is not configured/ },
  {
    id: 'clickhouse-env-missing',
    about: 'clickhouse',
    line: /Error: (CLICKHOUSE_\w+) is not (?:set|configured)/,
  },
  { id: 'database-url-invalid', about: 'postgres', line: /P1013|provided database string is invalid/ },
  { id: 'postgres-unreachable', about: 'postgres', line: /Can't reach database server at `?([^\s`)]+)/ },
  { id: 'postgres-unreachable', about: 'postgres', line: /\bP1001\b|\bP1002\b/ },
  {
    id: 'postgres-auth',
    about: 'postgres',
    line: /\bP1000\b|Authentication failed against (?:the )?database server|password authentication failed for user/,
  },
  { id: 'postgres-database', about: 'postgres', line: /\bP1003\b|Database `?([^`]+)`? does not exist/ },
  { id: 'postgres-unmigrated', about: 'postgres', line: /The table `?public\.(\w+)`? does not exist/ },
  { id: 'prisma-failed', about: 'postgres', line: /\bP3009\b|migrate found failed migrations/ },
  { id: 'prisma-failed', about: 'postgres', line: /\bP3018\b|A migration failed to apply/ },
  { id: 'clickhouse-dirty', about: 'clickhouse', line: /Dirty database version (\d+)/ },
  { id: 'clickhouse-ahead', about: 'clickhouse', line: /no migration found for version (\d+)/ },
  { id: 'migration-failed', about: null, line: /Applying (?:database|clickhouse) migrations failed/ },
  {
    id: 'clickhouse-auth',
    about: 'clickhouse',
    line: /Authentication failed: password is incorrect|Code: (?:516|194)\b/,
  },
  {
    id: 'clickhouse-unreachable',
    about: 'clickhouse',
    line: /Query: HTTP request error/,
    below:
      /((?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH).*|socket hang up|Timeout error)/,
    // 4.16.0 writes the same words for queries that ClickHouse itself refuses.
    needsBelow: true,
  },
  {
    id: 'redis-auth',
    about: 'redis',
    line: /WRONGPASS|NOAUTH|invalid username-password pair|Redis (?:cluster |sentinel )?error \[auth\]/,
  },
  { id: 'redis-full', about: 'redis', line: /OOM command not allowed when used memory/ },
  { id: 'redis-evicts', about: 'redis', line: /Eviction policy is ([\w-]+)\. It should be "noeviction"/ },
  // From 4.12.0 on with the kind in brackets; of a cluster the cause is the last node's (redisErrorContext.ts).
  {
    id: 'redis-unreachable',
    about: 'redis',
    line: /Redis (?:cluster |sentinel )?error .*?((?:ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ECONNRESET|EHOSTUNREACH)\S*.*)/,
  },
  { id: 'redis-unreachable', about: 'redis', line: /Redis cluster error Failed to refresh slots cache/ },
  { id: 'redis-unreachable', about: 'redis', line: /Connection to redis lost|Redis ping timeout/ },
  {
    id: 'objects-credentials',
    about: 'objects',
    line: /Failed to (?:upload JSON to|list files from|download file from) S3 .*(?:Access Key Id you provided|request signature we calculated|InvalidAccessKeyId|SignatureDoesNotMatch)/,
  },
  {
    id: 'objects-bucket',
    about: 'objects',
    line: /Failed to (?:upload JSON to|list files from|download file from) S3 .*(?:NoSuchBucket|specified bucket does not exist)/,
  },
  {
    id: 'objects-denied',
    about: 'objects',
    line: /Failed to (?:upload JSON to|list files from|download file from) S3 .*(?:AccessDenied|Access Denied)/,
  },
  {
    id: 'objects-host',
    about: 'objects',
    line: /Failed to (?:upload JSON to|list files from|download file from) S3 .*getaddrinfo \w+ (\S+)/,
  },
  {
    id: 'objects-unreachable',
    about: 'objects',
    line: /Failed to (?:upload JSON to|list files from|download file from) S3 .*((?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH).*)/,
  },
  {
    id: 'objects-upload',
    about: 'objects',
    line: /Failed to (?:upload (?:JSON|event) to|list files from|download file from) S3/,
  },
  {
    id: 'ingestion-refused',
    about: 'web',
    line: /Rejected \d+ event\(s\) from the legacy \/api\/public\/ingestion endpoint for project (\S+) because/,
  },
  { id: 'heap', about: null, line: /JavaScript heap out of memory/ },
  // Recorded from LiteLLM 1.74.3 and 1.106.2 (test/fixtures/captures/litellm-*).
  {
    id: 'litellm-unauthorized',
    about: 'litellm',
    line: /Failed to export (?:spans? )?batch code: (?:401|403\b.*Invalid credentials)|Langfuse rejected an export to \S+ with HTTP 401/,
  },
  {
    id: 'litellm-unauthorized',
    about: 'litellm',
    line: /(?:401|Unauthorized|Invalid credentials).*(?:[Ll]angfuse|api\/public)|(?:[Ll]angfuse|api\/public|span batch).*(?:\b401\b|Unauthorized|Invalid credentials)/,
  },
  // The next three name neither Langfuse nor its host: langfuse-python 2, task_manager and request.py.
  {
    id: 'litellm-unauthorized',
    about: 'litellm',
    line: /received error response: .*(?:\b401\b|Unauthorized|Invalid credentials)/,
  },
  {
    id: 'litellm-host',
    about: 'litellm',
    line: /Giving up execute_task_with_backoff\(.*(?:Name or service not known|nodename nor servname|No address associated|name resolution)/,
  },
  {
    id: 'litellm-unreachable',
    about: 'litellm',
    line: /Giving up execute_task_with_backoff\(.*\((?:httpx|httpcore|requests|urllib3)\.|Max retries exceeded with url: \/api\/public\/otel(?!.*Name)/,
  },
  {
    id: 'litellm-host',
    about: 'litellm',
    line: /Max retries exceeded with url: \/api\/public\/otel.*(?:NameResolutionError|Name or service not known)/,
  },
  {
    id: 'litellm-host',
    about: 'litellm',
    line: /[Ll]angfuse.*(?:Name or service not known|getaddrinfo|nodename nor servname|NameResolutionError|Temporary failure in name resolution)/,
  },
  // langfuse-python 2 says no more than this, whatever the connection failed of; what is refused with 4xx it drops in silence.
  {
    id: 'litellm-unreachable',
    about: 'litellm',
    line: /\blangfuse:(?:Unexpected error occurred|API error occurred)|Langfuse export to \S+ (?:failed|raised)|Failed to export (?:spans? )?batch|encountered while exporting spans? batch|ReadTimeout: HTTPS?ConnectionPool/,
  },
  {
    id: 'litellm-unreachable',
    about: 'litellm',
    line: /[Ll]angfuse.*(?:Connection refused|timed out|Max retries exceeded|ConnectionError|ECONNREFUSED|ETIMEDOUT)/,
  },
  {
    id: 'litellm-callback-error',
    about: 'litellm',
    // "Langfuse Layer Error" alone is none: a call for a model that LiteLLM does not have writes it, too.
    line: /analytics-python queue is full|Langfuse\.__init__\(\) got an unexpected keyword|module 'langfuse' has no attribute|litellm requires langfuse/,
  },
];
