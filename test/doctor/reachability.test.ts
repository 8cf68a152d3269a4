import { describe, expect, it } from 'vitest';
import type { FactsDraft } from './facts.ts';
import { outcomesWith, withUnknown } from './facts.ts';
import { ago, judge } from './judge.ts';

const refused = {
  ok: false,
  route: 'port-forward',
  code: 'REDIS_REFUSED',
  message: 'refused by redis:6379',
} as const;
const login = (facts: FactsDraft, code: string, route: 'direct' | 'port-forward' = 'port-forward'): void => {
  facts['redis/login'] = { ...refused, code, route };
};

/** A line of web or worker that says Redis is gone. */
function complain(
  facts: FactsDraft,
  agoMs: number | null,
  part: 'web' | 'worker' | 'litellm' = 'web',
  previous = false,
): void {
  const view = facts['kube/logs'].find((one) => one.part === part);
  if (view === undefined) throw new Error('no log');
  view.previous = previous;
  const line = 'Redis error connect ECONNREFUSED';
  view.findings = [
    {
      pattern: 'redis-unreachable',
      about: 'redis',
      line,
      at: agoMs === null ? null : ago(agoMs),
      count: 3,
      subject: null,
    },
  ];
}

function redisReady(facts: FactsDraft, agoMs: number): void {
  for (const pod of facts['kube/pods']) if (pod.part === 'redis') pod.readySince = ago(agoMs);
}

function workerSick(facts: FactsDraft): void {
  for (const pod of facts['worker/http'])
    pod.answers['/api/health'] = { status: 500, ms: 2000, body: '{"status":"error"}' };
}

function place(
  facts: FactsDraft,
  placement: FactsDraft['deployment/discovery']['stores']['redis']['placement'],
): void {
  facts['deployment/discovery'].stores.redis.placement = placement;
}

const endpoint = (facts: FactsDraft): FactsDraft['kube/endpoints'][number] => {
  const found = facts['kube/endpoints'].find((one) => one.part === 'redis');
  if (found === undefined) throw new Error('no endpoint');
  return found;
};

type Row = readonly [title: string, change: (facts: FactsDraft) => void, verdict: object];

const rows: readonly Row[] = [
  [
    'the host is no Service',
    (f) => place(f, { kind: 'no-service', namespace: 'lf', service: 'gone' }),
    { status: 'fail', detail: expect.stringContaining('no Service gone in namespace lf') },
  ],
  [
    'no pod behind the Service',
    (f) => {
      endpoint(f).readyPods = [];
    },
    { status: 'fail', detail: expect.stringContaining('no ready pod answers for Redis') },
  ],
  [
    'a pod that is not ready',
    (f) => {
      endpoint(f).readyPods = [];
      endpoint(f).notReadyPods = ['r-0'];
    },
    {
      status: 'fail',
      evidence: expect.arrayContaining([expect.objectContaining({ observed: 'not ready: r-0' })]),
    },
  ],
  [
    'an ExternalName has no pods of its own',
    (f) => {
      endpoint(f).external = true;
      endpoint(f).readyPods = [];
    },
    { status: 'ok' },
  ],
  [
    'fresh errors of web, worker sick',
    (f) => {
      complain(f, 5000);
      workerSick(f);
      redisReady(f, 600_000);
    },
    { status: 'fail', detail: expect.stringMatching(/^web cannot connect to Redis at langfuse-redis:6379/) },
  ],
  [
    'fresh errors of the worker',
    (f) => {
      complain(f, 5000, 'worker');
      workerSick(f);
      redisReady(f, 600_000);
    },
    { status: 'fail', confidence: 0.9 },
  ],
  [
    "fresh errors, but the worker's health call just reached it",
    (f) => {
      complain(f, 5000);
      redisReady(f, 600_000);
    },
    { status: 'ok' },
  ],
  [
    'errors from before the store was ready',
    (f) => {
      complain(f, 20_000);
      workerSick(f);
      redisReady(f, 10_000);
    },
    { status: 'ok' },
  ],
  [
    'errors in the second in which it became ready',
    (f) => {
      complain(f, 9_500);
      workerSick(f);
      redisReady(f, 10_000);
    },
    { status: 'ok' },
  ],
  [
    'old errors while a login works',
    (f) => {
      complain(f, 60_000);
      workerSick(f);
      redisReady(f, 600_000);
    },
    { status: 'ok' },
  ],
  [
    'old errors while no login works',
    (f) => {
      complain(f, 60_000);
      workerSick(f);
      redisReady(f, 600_000);
      login(f, 'REDIS_TIMEOUT');
    },
    { status: 'fail' },
  ],
  [
    'errors without a time while no login works',
    (f) => {
      complain(f, null);
      workerSick(f);
      login(f, 'REDIS_TIMEOUT');
    },
    { status: 'fail' },
  ],
  [
    'errors without a time while a login works',
    (f) => {
      complain(f, null);
      workerSick(f);
    },
    { status: 'ok' },
  ],
  [
    "a neighbour's errors are its own",
    (f) => {
      complain(f, 1000, 'litellm');
      workerSick(f);
      redisReady(f, 600_000);
    },
    { status: 'ok' },
  ],
  [
    "lfctl's own refusal alone",
    (f) => login(f, 'REDIS_REFUSED'),
    { status: 'unknown', reason: 'refused by redis:6379' },
  ],
  ["lfctl's own timeout alone", (f) => login(f, 'REDIS_TIMEOUT'), { status: 'unknown' }],
  ['a tunnel that is forbidden', (f) => login(f, 'KUBE_FORBIDDEN'), { status: 'unknown' }],
  [
    'a wrong password is an answer',
    (f) => login(f, 'REDIS_AUTH'),
    { status: 'ok', detail: 'langfuse-redis:6379' },
  ],
  [
    'a managed store that only the cluster reaches',
    (f) => {
      place(f, { kind: 'external' });
      login(f, 'REDIS_UNKNOWN_HOST', 'direct');
    },
    { status: 'unknown', reason: expect.stringContaining('run lfctl in a pod') },
  ],
  [
    'the same, seen from inside the cluster',
    (f) => {
      f['deployment/discovery'].context = 'in-cluster';
      place(f, { kind: 'external' });
      login(f, 'REDIS_UNKNOWN_HOST', 'direct');
    },
    { status: 'fail', detail: expect.stringContaining('is not there') },
  ],
  [
    'a timeout from inside the cluster',
    (f) => {
      f['deployment/discovery'].context = 'in-cluster';
      login(f, 'REDIS_TIMEOUT', 'direct');
    },
    { status: 'unknown' },
  ],
  [
    'not configured',
    (f) => {
      f['deployment/discovery'].stores.redis.configured = false;
    },
    { status: 'skipped', reason: 'not configured: Redis' },
  ],
];

describe('with a cluster', () => {
  it.each(rows)('%s', (_title, change, verdict) => {
    expect(judge('redis/reachable', outcomesWith(change))).toMatchObject(verdict);
  });

  it('evidence from the deployment needs no login of lfctl', () => {
    const outcomes = withUnknown(
      outcomesWith((facts) => {
        endpoint(facts).readyPods = [];
      }),
      ['redis/login', 'kube/logs', 'kube/pods', 'worker/http'],
    );
    expect(judge('redis/reachable', outcomes).status).toBe('fail');
  });

  it('a crashed web outweighs a worker that still holds its connection', () => {
    const outcomes = outcomesWith((facts) => {
      complain(facts, 5000, 'web', true);
      redisReady(facts, 600_000);
    });
    expect(judge('redis/reachable', outcomes).status).toBe('fail');
  });

  it.each([
    ['postgres', 'POSTGRES_DATABASE'],
    ['clickhouse', 'CLICKHOUSE_AUTH'],
    ['objects', 'OBJECTS_BUCKET'],
  ] as const)('%s spoke when it said %s', (part, code) => {
    const fact = part === 'objects' ? 'objects/event-bucket' : (`${part}/login` as const);
    const outcomes = outcomesWith((facts) => {
      facts[fact] = { ...refused, code };
    });
    expect(judge(`${part}/reachable`, outcomes).status).toBe('ok');
  });
});

describe('with URLs alone', () => {
  const cluster = ['deployment/discovery', 'kube/endpoints', 'kube/pods', 'kube/logs', 'worker/http'];
  it.each([
    ['REDIS_REFUSED', 'fail'],
    ['REDIS_UNKNOWN_HOST', 'fail'],
    ['REDIS_CLOSED', 'fail'],
    ['REDIS_TIMEOUT', 'unknown'],
    ['REDIS_TLS', 'unknown'],
    ['REDIS_AUTH', 'ok'],
  ])('%s: %s', (code, status) => {
    const outcomes = withUnknown(
      outcomesWith((facts) => login(facts, code, 'direct')),
      cluster,
    );
    expect(judge('redis/reachable', outcomes)).toMatchObject({ status });
  });

  it('a login that works', () => {
    expect(judge('redis/reachable', withUnknown(outcomesWith(), cluster)).status).toBe('ok');
  });
});
