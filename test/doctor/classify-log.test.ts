import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifyLog } from '../../src/doctor/classify-log.ts';

interface Capture {
  readonly name: string;
  readonly log: readonly string[];
}

/** Every recorded log of a real server. */
const captures: readonly Capture[] = ['langfuse-3.199.0', 'langfuse-4.16.0'].flatMap((folder) => {
  const url = new URL(`../fixtures/captures/${folder}/`, import.meta.url);
  return readdirSync(url).flatMap((file) => {
    const { log } = JSON.parse(readFileSync(new URL(file, url), 'utf8')) as { log?: readonly string[] };
    return log === undefined ? [] : [{ name: `${folder}/${file.replace('.json', '')}`, log }];
  });
});

/** Fault of a capture's file name → the patterns its log must give, and no others. */
const expected: Readonly<Record<string, readonly string[]>> = {
  healthy: [],
  'salt-changed': [],
  'write-mode-dual': [],
  'worker-s3-unreachable': [],
  'clickhouse-unreachable': ['clickhouse-unreachable'],
  'clickhouse-url-missing': ['env-invalid'],
  'encryption-key-short': ['encryption-key', 'env-invalid'],
  'nextauth-secret-missing': ['env-invalid'],
  'salt-missing': ['env-invalid'],
  'env-missing': ['env-invalid'],
  'invalid-v4-flags': ['env-invalid'],
  'postgres-unmigrated': ['postgres-unmigrated'],
  'postgres-unreachable': ['postgres-unreachable'],
  'postgres-wrong-database': ['postgres-database'],
  'redis-unreachable': ['redis-unreachable'],
  'redis-evicts': ['redis-evicts'],
  'redis-full': ['redis-full'],
  's3-unreachable': ['objects-unreachable', 'objects-upload'],
  's3-virtual-host': ['objects-host', 'objects-upload'],
  's3-bucket-missing': ['objects-bucket', 'objects-upload'],
  's3-bad-accesskey': ['objects-credentials', 'objects-upload'],
};

/** Where a JSON batch with a trace was sent to a web in events_only while it was recorded. */
const refusing = ['healthy', 'salt-changed', 'clickhouse-unreachable'].concat(
  ['unreachable', 'virtual-host', 'bucket-missing', 'bad-accesskey'].map((fault) => `s3-${fault}`),
);

function expectedOf(name: string): readonly string[] | undefined {
  const fault = name.replace(/^.*\//, '').replace('-until-failed', '');
  const found = expected[fault] ?? expected[fault.replace(/^(web|worker|processing)-/, '')];
  const refuses = refusing.some((one) => name === `langfuse-4.16.0/web-${one}`);
  return refuses ? [...(found ?? []), 'ingestion-refused'] : found;
}

const plain = (line: string): string => line;

describe('logs of real servers', () => {
  it.each(captures.map((one) => [one.name, one] as const))('%s', (name, { log }) => {
    const found = classifyLog(log.join('\n'), plain).map((finding) => finding.pattern);
    expect([...new Set(found)].toSorted()).toEqual(expectedOf(name)?.toSorted());
  });

  it.each([
    ['web-salt-missing', 'SALT'],
    ['web-nextauth-secret-missing', 'NEXTAUTH_SECRET'],
    ['worker-env-missing', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET'],
    ['web-clickhouse-url-missing', 'CLICKHOUSE_URL'],
    ['web-postgres-unreachable', '127.0.0.1:15999'],
    ['web-redis-unreachable', 'ECONNREFUSED 127.0.0.1:15998'],
    ['web-s3-virtual-host', 'langfuse.localhost'],
    ['worker-invalid-v4-flags', 'LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR'],
    ['processing-redis-evicts', 'allkeys-lru'],
  ])('%s speaks of %s', (file, subject) => {
    const logs = captures.filter(({ name }) => name.endsWith(`/${file}`));
    expect(logs).not.toEqual([]);
    for (const { log } of logs) {
      const subjects = classifyLog(log.join('\n'), plain).map((finding) => finding.subject);
      expect(subjects).toContain(subject);
    }
  });
});

describe('lines that were not recorded, in the words of entrypoint and Prisma', () => {
  it.each([
    [
      'Error: Required database environment variables are not set. Provide a postgres url for DATABASE_URL.',
      'database-url-missing',
    ],
    [
      'Error: CLICKHOUSE_URL is not configured. Migrating from V2? Check out migration guide',
      'clickhouse-url-missing',
    ],
    [
      'Error: P1000: Authentication failed against database server, the provided database credentials for `langfuse` are not valid.',
      'postgres-auth',
    ],
    ['FATAL: password authentication failed for user "langfuse"', 'postgres-auth'],
    ['Error: P1013: The provided database string is invalid.', 'database-url-invalid'],
    ['Error: P3009 migrate found failed migrations in the target database', 'prisma-failed'],
    ['error: Dirty database version 12. Fix and force version.', 'clickhouse-dirty'],
    [
      'error: no migration found for version 99: read down for version 99 .: file does not exist',
      'clickhouse-ahead',
    ],
    ['Code: 516. DB::Exception: default: Authentication failed: password is incorrect', 'clickhouse-auth'],
    [
      '2026-11-20T18:34:29.692Z error Redis error WRONGPASS invalid username-password pair or user is disabled.',
      'redis-auth',
    ],
    ['2026-11-20T18:34:29.692Z error Redis error getaddrinfo ENOTFOUND langfuse-redis', 'redis-unreachable'],
    [
      '2026-01-01T00:00:00.000Z error \tRedis error [auth]: WRONGPASS invalid username-password pair',
      'redis-auth',
    ],
    ['Redis cluster error [auth]: Failed to refresh slots cache. (last node error: NOPERM)', 'redis-auth'],
    [
      'Redis cluster error [connection-refused]: Failed to refresh slots cache. (last node error: connect ECONNREFUSED 10.0.1.5:6379 [ECONNREFUSED] from 10.0.1.5:6379)',
      'redis-unreachable',
    ],
    ['Redis sentinel error [dns]: getaddrinfo ENOTFOUND redis', 'redis-unreachable'],
    ['Redis cluster error Failed to refresh slots cache.', 'redis-unreachable'],
    [
      "PrismaClientInitializationError: Can't reach database server at `langfuse-postgresql:5432`",
      'postgres-unreachable',
    ],
    [
      'Authentication failed against database server at `langfuse-postgresql`, the provided database credentials for `langfuse` are not valid.',
      'postgres-auth',
    ],
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'heap'],
    [
      '{"level":"error","message":"[Connection] Query: HTTP request error.","stack":"Error: connect ECONNREFUSED 10.0.0.1:8123","timestamp":"2026-11-20T18:34:29.692Z"}',
      'clickhouse-unreachable',
    ],
  ])('%s', (line, pattern) => {
    expect(classifyLog(line, plain)).toMatchObject([{ pattern }]);
  });
});

describe("LiteLLM's lines", () => {
  it.each([
    ['Langfuse Layer Logging - logging to langfuse v2', null],
    ['INFO:     10.0.0.1:1 - "POST /chat/completions HTTP/1.1" 200 OK', null],
    // A call for a model that LiteLLM does not have writes it, with a healthy Langfuse.
    ['Langfuse Layer Error(): Exception occured - something', null],
    ['analytics-python queue is full', 'litellm-callback-error'],
    [
      "TypeError: Langfuse.__init__() got an unexpected keyword argument 'sdk_integration'",
      'litellm-callback-error',
    ],
    ["AttributeError: module 'langfuse' has no attribute 'version'", 'litellm-callback-error'],
    [
      "litellm requires langfuse>=4.7,<5 for the 'langfuse' callback, but 2.60.10 is installed.",
      'litellm-callback-error',
    ],
    ['Failed to export span batch code: 401, reason: Unauthorized', 'litellm-unauthorized'],
    ['Failed to export span batch code: 404, reason: Not Found', 'litellm-unreachable'],
    ['Failed to export span batch code: 503', 'litellm-unreachable'],
    [
      "HTTPConnectionPool(host='langfuse', port=3000): Max retries exceeded with url: /api/public/ingestion",
      'litellm-unreachable',
    ],
    ['httpx.ConnectError: langfuse: [Errno -2] Name or service not known', 'litellm-host'],
    ['ERROR:langfuse:Unauthorized. Please check your public/private host settings.', 'litellm-unauthorized'],
  ])('%s: %s', (line, pattern) => {
    expect(classifyLog(line, plain).map((finding) => finding.pattern)).toEqual(
      pattern === null ? [] : [pattern],
    );
  });
});

describe('grouping', () => {
  const at = (second: number, text: string): string => `2026-11-20T18:34:0${second}.000Z error ${text}`;

  it('one finding per pattern and subject: the newest line, its time, and how many', () => {
    const lines = [
      at(1, 'Redis error connect ECONNREFUSED a:1'),
      at(2, 'Redis error connect ECONNREFUSED b:1'),
      at(3, 'Redis error connect ECONNREFUSED a:1'),
    ];
    expect(classifyLog(lines.join('\n'), plain)).toMatchObject([
      { subject: 'ECONNREFUSED a:1', count: 2, at: '2026-11-20T18:34:03.000Z', about: 'redis' },
      { subject: 'ECONNREFUSED b:1', count: 1 },
    ]);
  });

  it('a line without time has the time of the last one that has', () => {
    expect(classifyLog([at(1, 'x'), 'P1001'].join('\n'), plain)).toMatchObject([
      { at: '2026-11-20T18:34:01.000Z' },
    ]);
    expect(classifyLog('P1001', plain)).toMatchObject([{ at: null }]);
  });

  it('does not look for its subject beyond the next entry', () => {
    const log = [
      at(1, '[Connection] Query: HTTP request error.'),
      at(2, 'Error: connect ECONNREFUSED s3:9000'),
    ];
    expect(classifyLog(log.join('\n'), plain)).toEqual([]);
  });

  it('cuts secrets and length', () => {
    const redact = (line: string): string => line.replaceAll('CANARY', '[redacted]');
    const [finding] = classifyLog(
      `Can't reach database server at CANARY:5432 ${'x'.repeat(900)} CANARY`,
      redact,
    );
    expect(JSON.stringify(finding)).not.toContain('CANARY');
    expect(finding?.line).toHaveLength(500);
  });

  it('a huge log takes no long time and an empty one gives nothing', () => {
    expect(classifyLog('', plain)).toEqual([]);
    expect(classifyLog(`${'a'.repeat(200_000)}\n`.repeat(5), plain)).toEqual([]);
  });
});
