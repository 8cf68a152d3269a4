/** One way to fail for each check: what to change in a healthy deployment's facts, and what must be said. */
import type { FactsDraft } from './facts.ts';
import { recordedAt } from './facts.ts';

export interface FailingRow {
  readonly check: string;
  readonly when: string;
  readonly change: (facts: FactsDraft) => void;
  readonly says: RegExp;
}

const ago = (ms: number): string => new Date(recordedAt.getTime() - ms).toISOString();

function env(facts: FactsDraft, role: 'web' | 'worker'): FactsDraft['config/env'][number] {
  const found = facts['config/env'].find((one) => one.role === role);
  if (found === undefined) throw new Error(`no ${role}`);
  return found;
}

function variable(
  facts: FactsDraft,
  role: 'web' | 'worker',
  name: string,
): FactsDraft['config/env'][number]['variables'][number] {
  const found = env(facts, role).variables.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function unset(facts: FactsDraft, role: 'web' | 'worker', name: string): void {
  const owner = env(facts, role);
  owner.variables = owner.variables.filter((one) => one.name !== name);
}

function pod(facts: FactsDraft, part: string): FactsDraft['kube/pods'][number] {
  const found = facts['kube/pods'].find((one) => one.part === part);
  if (found === undefined) throw new Error(`no ${part} pod`);
  return found;
}

function container(facts: FactsDraft, part: string): FactsDraft['kube/pods'][number]['containers'][number] {
  const [found] = pod(facts, part).containers;
  if (found === undefined) throw new Error(`no container in ${part}`);
  return found;
}

function noEndpoint(part: string): (facts: FactsDraft) => void {
  return (facts) => {
    for (const one of facts['kube/endpoints']) if (one.part === part) one.readyPods = [];
  };
}

const refused = (code: string, message: string) => ({
  ok: false as const,
  route: 'port-forward' as const,
  code,
  message,
});

function logLine(facts: FactsDraft, part: 'web' | 'worker' | 'litellm', pattern: string, line: string): void {
  facts['kube/logs'].push({
    part,
    namespace: 'hyperplane-langfuse',
    pod: pod(facts, part).name,
    container: part,
    previous: false,
    lines: 10,
    lastLine: line,
    unreadable: null,
    findings: [{ pattern, about: null, line, at: ago(1000), count: 2, subject: null }],
  });
}

function store(
  facts: FactsDraft,
  name: 'postgres' | 'eventBucket',
): FactsDraft['deployment/discovery']['stores']['postgres'] {
  return facts['deployment/discovery'].stores[name];
}

function stuckPod(facts: FactsDraft, part: string, reason: string, message: string): void {
  pod(facts, part).ready = false;
  Object.assign(container(facts, part), { ready: false, state: { waiting: { reason, message } } });
}

function firstLiteLlm(facts: FactsDraft): FactsDraft['litellm/config'][number] {
  const [found] = facts['litellm/config'];
  if (found === undefined) throw new Error('no LiteLLM');
  return found;
}

export const failingRows: readonly FailingRow[] = [
  {
    check: 'config/required-env',
    when: 'SALT is not set',
    change: (f) => unset(f, 'web', 'SALT'),
    says: /SALT.*not set/,
  },
  {
    check: 'config/required-env',
    when: 'the bucket is empty',
    change: (f) => {
      variable(f, 'worker', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET').fingerprint = null;
    },
    says: /LANGFUSE_S3_EVENT_UPLOAD_BUCKET \(deployment\/langfuse-worker\)/,
  },
  {
    check: 'config/encryption-key',
    when: 'it is short',
    change: (f) => {
      variable(f, 'web', 'ENCRYPTION_KEY').shape = { length: 9, hex: true, url: null, unencoded: '' };
    },
    says: /9 characters/,
  },
  {
    check: 'config/encryption-key',
    when: 'it is not hexadecimal',
    change: (f) => {
      variable(f, 'worker', 'ENCRYPTION_KEY').shape = { length: 64, hex: false, url: null, unencoded: '' };
    },
    says: /not all 0-9a-f/,
  },
  {
    check: 'config/database-url',
    when: 'the password breaks the URL',
    change: (f) => {
      Object.assign(store(f, 'postgres'), { host: null, why: 'the password holds # unencoded' });
    },
    says: /holds # unencoded/,
  },
  {
    check: 'config/database-url',
    when: 'the host is no Service',
    change: (f) => {
      store(f, 'postgres').placement = {
        kind: 'no-service',
        namespace: 'hyperplane-langfuse',
        service: 'pg',
      };
    },
    says: /no Service pg/,
  },
  {
    check: 'config/direct-url',
    when: 'the database is another',
    change: (f) => {
      const direct = f['deployment/discovery'].stores.postgresDirect;
      if (direct !== null) direct.database = 'old';
    },
    says: /\/old/,
  },
  {
    check: 'config/inert-env',
    when: 'only a house name is set',
    change: (f) => unset(f, 'web', 'KEEP_ALIVE_TIMEOUT'),
    says: /LANGFUSE_HTTP_KEEPALIVE_TIMEOUT_MS.*not read by this version/,
  },
  {
    check: 'config/web-worker-agree',
    when: 'the prefix differs',
    change: (f) => {
      variable(f, 'worker', 'LANGFUSE_S3_EVENT_UPLOAD_PREFIX').fingerprint = '00000000';
    },
    says: /LANGFUSE_S3_EVENT_UPLOAD_PREFIX/,
  },
  {
    check: 'config/nextauth-url',
    when: 'it is the chart default',
    change: (f) => {
      f['deployment/discovery'].publicUrl = 'http://localhost:3000';
    },
    says: /localhost/,
  },
  {
    check: 'kube/secret-refs',
    when: 'a key is missing',
    change: (f) => {
      variable(f, 'web', 'SALT').source = {
        from: 'missing',
        object: 'secret/langfuse-env',
        key: 'SALT',
        why: 'no-key',
      };
    },
    says: /key SALT of secret\/langfuse-env/,
  },
  {
    check: 'kube/secret-refs',
    when: 'a whole Secret is missing',
    change: (f) => env(f, 'web').unreadable.push({ object: 'secret/gone', why: 'no-object' }),
    says: /secret\/gone/,
  },
  {
    check: 'kube/images',
    when: 'the tag does not exist',
    change: (f) => stuckPod(f, 'web', 'ImagePullBackOff', 'not found'),
    says: /cannot be pulled/,
  },
  {
    check: 'kube/replicas',
    when: 'web is scaled to zero',
    change: (f) => {
      for (const one of f['deployment/discovery'].components) if (one.role === 'web') one.desiredReplicas = 0;
    },
    says: /scaled to zero/,
  },
  {
    check: 'kube/pods',
    when: 'web crashes',
    change: (f) => stuckPod(f, 'web', 'CrashLoopBackOff', 'back-off'),
    says: /CrashLoopBackOff/,
  },
  {
    check: 'kube/pods',
    when: 'a pod never becomes ready',
    change: (f) => Object.assign(pod(f, 'worker'), { ready: false, startedAt: ago(600_000) }),
    says: /not ready after 600 s/,
  },
  {
    check: 'kube/pods',
    when: 'a pod cannot be scheduled',
    change: (f) => {
      pod(f, 'web').unschedulable = '0/1 nodes are available';
    },
    says: /cannot be scheduled/,
  },
  {
    check: 'web/health',
    when: 'it answers 500',
    change: (f) => {
      for (const one of f['web/http'])
        one.answers['/api/public/health'] = { status: 500, ms: 5, body: 'Internal Server Error' };
    },
    says: /answers 500/,
  },
  {
    check: 'web/health',
    when: 'a proxy answers with HTML',
    change: (f) => {
      for (const one of f['web/http'])
        one.answers['/api/public/health'] = { status: 200, ms: 5, body: '<html>' };
    },
    says: /not JSON/,
  },
  {
    check: 'worker/health',
    when: 'it answers 500',
    change: (f) => {
      for (const one of f['worker/http'])
        one.answers['/api/health'] = { status: 500, ms: 5, body: '{"status":"error"}' };
    },
    says: /answers 500/,
  },
  {
    check: 'postgres/reachable',
    when: 'no pod is ready',
    change: noEndpoint('postgres'),
    says: /no ready pod answers for Postgres/,
  },
  {
    check: 'clickhouse/reachable',
    when: 'no pod is ready',
    change: noEndpoint('clickhouse'),
    says: /no ready pod answers for ClickHouse/,
  },
  {
    check: 'redis/reachable',
    when: 'no pod is ready',
    change: noEndpoint('redis'),
    says: /no ready pod answers for Redis/,
  },
  {
    check: 'objects/reachable',
    when: 'no pod is ready',
    change: noEndpoint('objects'),
    says: /no ready pod answers for the object store/,
  },
  {
    check: 'clickhouse/reachable',
    when: 'the worker logs refusals now',
    change: (f) => {
      pod(f, 'clickhouse').readySince = ago(900_000);
      logLine(f, 'worker', 'clickhouse-unreachable', 'Query: HTTP request error.');
    },
    says: /worker cannot connect to ClickHouse/,
  },
  {
    check: 'postgres/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['postgres/login'] = refused('POSTGRES_AUTH', 'password authentication failed');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'clickhouse/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['clickhouse/login'] = refused('CLICKHOUSE_AUTH', 'Code: 516');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'redis/auth',
    when: 'the password is wrong',
    change: (f) => {
      f['redis/login'] = refused('REDIS_AUTH', 'WRONGPASS');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'objects/credentials',
    when: 'the key is wrong',
    change: (f) => {
      f['objects/event-bucket'] = refused('OBJECTS_AUTH', 'SignatureDoesNotMatch');
    },
    says: /refuses Langfuse's credentials/,
  },
  {
    check: 'postgres/migrations',
    when: 'one failed',
    change: (f) =>
      f['postgres/migrations'].failed.push({ name: '2026_x', startedAt: ago(5000), log: 'ERROR: deadlock' }),
    says: /2026_x failed: ERROR: deadlock/,
  },
  {
    check: 'clickhouse/migrations',
    when: 'the newest is dirty',
    change: (f) => {
      f['clickhouse/migrations'].dirty = true;
    },
    says: /migration 34 was started and not finished/,
  },
  {
    check: 'redis/eviction',
    when: 'the policy is allkeys-lru',
    change: (f) => Object.assign(f['redis/memory'], { policy: 'allkeys-lru', evictedKeys: 12 }),
    says: /allkeys-lru; 12 keys/,
  },
  {
    check: 'objects/bucket',
    when: 'it does not exist',
    change: (f) => {
      f['objects/event-bucket'] = refused('OBJECTS_BUCKET', 'NoSuchBucket');
    },
    says: /bucket langfuse-production does not exist/,
  },
  {
    check: 'objects/path-style',
    when: 'it is off for a server in the cluster',
    change: (f) => {
      f['deployment/discovery'].stores.eventBucket.pathStyle = false;
    },
    says: /path style is off/,
  },
  {
    check: 'worker/running',
    when: 'it is scaled to zero',
    change: (f) => {
      for (const one of f['deployment/discovery'].components)
        if (one.role === 'worker') one.desiredReplicas = 0;
    },
    says: /scaled to zero/,
  },
  {
    check: 'worker/running',
    when: 'there is none',
    change: (f) => {
      f['deployment/discovery'].components = f['deployment/discovery'].components.filter(
        (one) => one.role === 'web',
      );
    },
    says: /no worker was found/,
  },
  {
    check: 'worker/consuming',
    when: 'the queue is switched off',
    change: (f) => {
      env(f, 'worker').variables.push({
        name: 'QUEUE_CONSUMER_INGESTION_QUEUE_IS_ENABLED',
        source: { from: 'literal' },
        fingerprint: '12345678',
        value: 'false',
        shape: null,
      });
    },
    says: /no worker consumes ingestion-queue/,
  },
  {
    check: 'worker/consuming',
    when: 'due jobs stand still',
    change: (f) => {
      f['redis/queues'].stalled = ['otel-ingestion-queue'];
    },
    says: /otel-ingestion-queue are due/,
  },
  {
    check: 'queue/backlog',
    when: 'a job is two minutes late',
    change: (f) => {
      Object.assign(f['redis/queues'].queues[0] ?? {}, { lateMs: 120_000, waiting: 7 });
    },
    says: /120 s late, 7 wait/,
  },
  {
    check: 'queue/failed',
    when: 'a job failed',
    change: (f) => {
      Object.assign(f['redis/queues'].queues[0] ?? {}, {
        failed: 3,
        lastFailure: { at: ago(1000), reason: 'ECONNREFUSED' },
      });
    },
    says: /3 jobs failed for good.*ECONNREFUSED/,
  },
  {
    check: 'web/keep-alive',
    when: 'it is the default',
    change: (f) => {
      for (const one of f['web/http']) one.keepAliveSeconds = 5;
    },
    says: /after 5 s, the load balancer keeps them 600 s/,
  },
  {
    check: 'litellm/callbacks',
    when: 'failures are not sent',
    change: (f) => {
      firstLiteLlm(f).failureCallbacks = [];
    },
    says: /failure_callback .*does not name langfuse/,
  },
  {
    check: 'litellm/host',
    when: 'it is not set',
    change: (f) => {
      firstLiteLlm(f).host = null;
    },
    says: /public cloud/,
  },
  {
    check: 'litellm/keys',
    when: 'the key is unknown',
    change: (f) => {
      const [key] = f['litellm/keys'];
      if (key) key.state = 'unknown-key';
    },
    says: /not known to this Langfuse/,
  },
  {
    check: 'litellm/keys',
    when: 'the secret is another',
    change: (f) => {
      const [key] = f['litellm/keys'];
      if (key) key.state = 'wrong-secret';
    },
    says: /does not belong/,
  },
  {
    check: 'litellm/reachable',
    when: 'a policy denies it',
    change: (f) => {
      f['kube/policies'][0]?.denials.push({
        kind: 'NetworkPolicy',
        namespace: 'hyperplane-litellm',
        name: 'deny',
        direction: 'egress',
      });
    },
    says: /NetworkPolicy hyperplane-litellm\/deny denies/,
  },
  {
    check: 'litellm/reachable',
    when: 'its log says so',
    change: (f) => {
      pod(f, 'web').readySince = ago(600_000);
      logLine(f, 'litellm', 'litellm-unreachable', 'Langfuse: Connection refused');
    },
    says: /cannot connect/,
  },
  {
    check: 'litellm/reachable',
    when: 'its own pod is refused',
    change: (f) => {
      const [probe] = f['litellm/probe'];
      if (probe) Object.assign(probe, { ok: false, answer: 'timed out' });
    },
    says: /asked from its own pod.*timed out/,
  },
  {
    check: 'versions/consistent',
    when: 'the worker is older',
    change: (f) => {
      for (const one of f['deployment/discovery'].components)
        if (one.role === 'worker') one.imageVersion = '3.198.0';
    },
    says: /runs 3\.198\.0/,
  },
  {
    check: 'helm/release',
    when: 'the newest revision is pending',
    change: (f) => {
      const last = f['helm/revisions'].at(-1);
      if (last) last.status = 'pending-upgrade';
    },
    says: /pending-upgrade/,
  },
  {
    check: 'secrets/plaintext',
    when: 'a literal holds SALT',
    change: (f) => {
      variable(f, 'web', 'SALT').source = { from: 'literal' };
    },
    says: /SALT in plain text/,
  },
  {
    check: 'secrets/plaintext',
    when: 'values.yaml holds a password',
    change: (f) => {
      f['helm/revisions'].at(-1)?.plaintextSecretPaths.push('postgresql.auth.password');
    },
    says: /postgresql\.auth\.password/,
  },
];
