/** Judgements that turn on a number or a name: keep-alive, lateness, LiteLLM's host, DATABASE_URL. */
import { describe, expect, it } from 'vitest';
import type { FactsDraft, FactsName } from './facts.ts';
import type { Outcomes } from '../../src/doctor/engine/types.ts';
import { outcomesOf, outcomesWith, withUnknown } from './facts.ts';
import { judge, judgeOn } from './judge.ts';

describe('web/keep-alive', () => {
  const route = (facts: FactsDraft, className: string | null): void => {
    facts['deployment/discovery'].routes = [
      { kind: 'Ingress', name: 'r', namespace: 'lf', hosts: ['h'], className, tls: true },
    ];
  };
  const measured = (facts: FactsDraft, ...seconds: (number | null)[]): void => {
    const [pod] = facts['web/http'];
    if (pod === undefined) throw new Error('no pod');
    facts['web/http'] = seconds.map((keepAliveSeconds, index) => ({
      ...pod,
      pod: `web-${index}`,
      keepAliveSeconds,
    }));
  };

  it.each([
    ['gce', 620, 'ok'],
    ['gce', 600, 'fail'],
    ['gce', 65, 'fail'],
    ['gke-l7-global-external-managed', 65, 'fail'],
    ['alb', 65, 'ok'],
    ['alb', 5, 'fail'],
    ['nginx', 65, 'ok'],
    ['nginx-internal', 60, 'fail'],
    ['istio', 65, 'fail'],
    ['traefik', 5, 'skipped'],
    [null, 5, 'skipped'],
  ])('class %s, %d s: %s', (className, seconds, status) => {
    const outcomes = outcomesWith((facts) => {
      route(facts, className);
      measured(facts, seconds);
    });
    expect(judge('web/keep-alive', outcomes).status).toBe(status);
  });

  it('the configured idle time wins over every class, and is enough without a route', () => {
    const outcomes = (routes: boolean) =>
      outcomesWith((facts) => {
        route(facts, 'gce');
        if (!routes) facts['deployment/discovery'].routes = [];
        facts['deployment/idle-time'].seconds = 30;
        measured(facts, 40);
      });
    expect([
      judge('web/keep-alive', outcomes(true)).status,
      judge('web/keep-alive', outcomes(false)).status,
    ]).toEqual(['ok', 'ok']);
  });

  it('behind two load balancers the longer idle time counts', () => {
    const outcomes = outcomesWith((facts) => {
      const [first] = facts['deployment/discovery'].routes;
      if (first === undefined) throw new Error('no route');
      facts['deployment/discovery'].routes = [
        { ...first, className: 'nginx' },
        { ...first, className: 'gce' },
      ];
      measured(facts, 65);
    });
    expect(judge('web/keep-alive', outcomes)).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('600 s') as string,
    });
  });

  it('the shortest pod speaks, and the fix leaves room above the load balancer', () => {
    const outcomes = outcomesWith((facts) => {
      route(facts, 'gce');
      measured(facts, 620, 5);
    });
    expect(judge('web/keep-alive', outcomes)).toMatchObject({
      detail: expect.stringContaining('after 5 s') as string,
      evidence: [{ source: 'Keep-Alive header of pod web-1' }],
      fix: [{ command: expect.stringContaining('620000') as string }],
    });
  });

  it('not exposed is skipped, not measured is unknown', () => {
    const unexposed = outcomesWith((facts) => {
      facts['deployment/discovery'].routes = [];
    });
    expect(judge('web/keep-alive', unexposed)).toEqual({
      status: 'skipped',
      reason: 'not exposed: no load balancer before web is known',
    });
    const silent = outcomesWith((facts) => {
      route(facts, 'gce');
      measured(facts, null);
    });
    expect(judge('web/keep-alive', silent)).toMatchObject({
      status: 'unknown',
      blockers: ['web/health', 'kube/pods'],
    });
  });
});

describe('versions/consistent', () => {
  it('is not known of an image that names no version', () => {
    const outcomes = outcomesWith((facts) => {
      for (const one of facts['deployment/discovery'].components)
        if (one.role === 'worker') one.imageVersion = null;
    });
    expect(judge('versions/consistent', outcomes)).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('names no version') as string,
    });
  });
});

describe('litellm/host', () => {
  const host = (facts: FactsDraft, value: string | null, namespace = 'hyperplane-litellm'): void => {
    const [config] = facts['litellm/config'];
    if (config === undefined) throw new Error('no LiteLLM');
    Object.assign(config, { host: value, namespace });
  };

  it.each([
    ['http://langfuse.hyperplane-langfuse:3000', 'ok'],
    ['http://langfuse.hyperplane-langfuse.svc:3000', 'ok'],
    ['http://langfuse.hyperplane-langfuse.svc.cluster.local:3000', 'ok'],
    ['langfuse.hyperplane-langfuse:3000', 'ok'],
    ['https://langfuse.example.test', 'ok'],
    ['http://langfuse:3000', 'fail'],
    ['http://other.hyperplane-langfuse.svc:3000', 'fail'],
    ['https://cloud.langfuse.com', 'fail'],
    ['https://us.cloud.langfuse.com', 'fail'],
    ['https://traces.example.com', 'unknown'],
    ['http://10.1.2.3:3000', 'unknown'],
    [null, 'fail'],
  ])('%s: %s', (value, status) => {
    expect(
      judge(
        'litellm/host',
        outcomesWith((facts) => host(facts, value)),
      ).status,
    ).toBe(status);
  });

  it.each([
    ['langfuse_otel', 'langfuse.hyperplane-langfuse:3000', 'fail'],
    ['langfuse_otel', 'http://langfuse.hyperplane-langfuse:3000', 'ok'],
    ['langfuse_otel', 'langfuse.example.test', 'ok'],
    ['langfuse', 'langfuse.hyperplane-langfuse:3000', 'ok'],
  ])('callback %s and host %s: %s', (callback, value, status) => {
    const outcomes = outcomesWith((facts) => {
      host(facts, value);
      Object.assign(facts['litellm/config'][0] ?? {}, { callbacks: [callback], successCallbacks: [] });
    });
    expect(judge('litellm/host', outcomes).status).toBe(status);
  });

  it('a login in a host without a scheme is not shown', () => {
    const outcomes = outcomesWith((facts) => {
      host(facts, 'someone:hunter22@langfuse.hyperplane-langfuse:3000');
      Object.assign(facts['litellm/config'][0] ?? {}, { callbacks: ['langfuse_otel'] });
    });
    const verdict = judge('litellm/host', outcomes);
    expect(verdict.status).toBe('fail');
    expect(JSON.stringify(verdict)).not.toContain('hunter22');
  });

  it('the Service of web pods that are for ingestion only leads there too', () => {
    const outcomes = outcomesWith((facts) => {
      host(facts, 'http://lf-ingest.hyperplane-langfuse.svc:80');
      facts['deployment/discovery'].webServices.push({
        namespace: 'hyperplane-langfuse',
        name: 'lf-ingest',
        port: 80,
      });
    });
    expect(judge('litellm/host', outcomes).status).toBe('ok');
  });

  it('the bare Service name leads there from its own namespace', () => {
    const outcomes = outcomesWith((facts) => host(facts, 'http://langfuse:3000', 'hyperplane-langfuse'));
    expect(judge('litellm/host', outcomes).status).toBe('ok');
  });

  it('nothing is known to be wrong where no way to web is known', () => {
    const outcomes = outcomesWith((facts) => {
      Object.assign(facts['deployment/discovery'], {
        webService: null,
        webServices: [],
        publicUrl: null,
        routes: [],
      });
    });
    expect(judge('litellm/host', outcomes).status).toBe('unknown');
  });

  it('a log that says so settles what the name does not', () => {
    const outcomes = outcomesWith((facts) => {
      host(facts, 'https://traces.example.com');
      const view = facts['kube/logs'].find((one) => one.part === 'litellm');
      const line = 'langfuse: Name or service not known';
      view?.findings.push({
        pattern: 'litellm-host',
        about: 'litellm',
        line,
        at: null,
        count: 1,
        subject: null,
      });
    });
    expect(judge('litellm/host', outcomes)).toMatchObject({
      status: 'fail',
      evidence: [{}, { observed: expect.stringContaining('not known') as string }],
    });
  });

  it('a variable that cannot be read is no cloud, and a login in the URL stays hidden', () => {
    const hidden = outcomesWith((facts) => {
      host(facts, null);
      Object.assign(facts['litellm/config'][0] ?? {}, { hostUnknown: 'secret/x forbidden' });
    });
    expect(judge('litellm/host', hidden)).toMatchObject({ status: 'unknown' });
    const login = outcomesWith((facts) => host(facts, 'https://u:CANARY@cloud.langfuse.com'));
    expect(JSON.stringify(judge('litellm/host', login))).not.toContain('CANARY');
  });
});

describe('litellm/reachable', () => {
  const fail = { status: 'fail' };
  const log = (facts: FactsDraft, pattern: string): void => {
    const view = facts['kube/logs'].find((one) => one.part === 'litellm');
    view?.findings.push({ pattern, about: 'litellm', line: 'refused', at: null, count: 1, subject: null });
  };
  const unasked = (outcomes: Outcomes): Outcomes =>
    new Map([...outcomes, ['litellm/probe', { status: 'skipped', reason: 'needs --probe', ms: 0 }]]);
  const probe = (facts: FactsDraft, ok: boolean) => {
    const answer = {
      workload: 'deployment/litellm',
      namespace: 'llm',
      pod: 'p',
      ok,
      answer: ok ? '200 {"status":"OK"}' : 'refused',
    };
    return new Map([
      ...outcomesWith((draft) => Object.assign(draft, facts)),
      ['litellm/probe', { status: 'known', value: [answer], ms: 1 } as const],
    ]);
  };

  it.each<[string, (facts: FactsDraft) => void, object]>([
    ['its log', (f) => log(f, 'litellm-unreachable'), { ...fail, confidence: 0.8 }],
    ['another error is not this', (f) => log(f, 'litellm-unauthorized'), { status: 'ok' }],
    [
      'no ready pod',
      (f) => {
        for (const one of f['kube/pods']) if (one.part === 'litellm') one.ready = false;
      },
      { status: 'unknown' },
    ],
    [
      'a log that is closed',
      (f) => {
        for (const one of f['kube/logs'])
          if (one.part === 'litellm') one.unreadable = 'forbidden: get pods/log';
      },
      { status: 'unknown', reason: 'forbidden: get pods/log' },
    ],
    [
      'a policy',
      (f) => {
        f['kube/policies'][0]?.denials.push({
          kind: 'NetworkPolicy',
          namespace: 'llm',
          name: 'deny',
          direction: 'egress',
        });
      },
      { ...fail, detail: expect.stringContaining('NetworkPolicy llm/deny denies') as string },
    ],
  ])('%s', (_title, change, verdict) => {
    expect(judge('litellm/reachable', unasked(outcomesWith(change)))).toMatchObject(verdict);
  });

  it('without the pods its log cannot be told from one of a rollout', () => {
    const outcomes = withUnknown(
      outcomesWith((f) => log(f, 'litellm-unreachable')),
      ['kube/pods'],
    );
    expect(judge('litellm/reachable', unasked(outcomes))).toEqual({
      status: 'unknown',
      reason: 'no ready pod of LiteLLM, or its log cannot be read',
    });
  });

  it('policies that may not be read make it unknown', () => {
    expect(judge('litellm/reachable', unasked(withUnknown(outcomesWith(), ['kube/policies']))).status).toBe(
      'unknown',
    );
  });

  it.each([
    [true, 'ok'],
    [false, 'fail'],
  ])('asked with --probe, answer %s: %s', (answered, status) => {
    expect(judge('litellm/reachable', probe({} as FactsDraft, answered)).status).toBe(status);
  });
});

describe('litellm/callbacks: what LiteLLM sends and what Langfuse takes', () => {
  const sends = (name: FactsName, callback: string, tag: string) =>
    outcomesOf(name, (facts) => {
      const [config] = facts['litellm/config'];
      Object.assign(config ?? {}, {
        successCallbacks: [callback],
        failureCallbacks: [callback],
        callbacks: [],
      });
      for (const pod of facts['kube/pods'])
        if (pod.part === 'litellm')
          for (const one of pod.containers) Object.assign(one, { image: `ghcr.io/berriai/litellm:${tag}` });
    });

  it.each<[FactsName, string, string, string]>([
    ['2.95.12', 'langfuse', 'main-v1.74.3-stable', 'ok'],
    ['2.95.12', 'langfuse', 'v1.104.0', 'fail'],
    ['2.95.12', 'langfuse', 'main-stable', 'ok'],
    ['2.95.12', 'langfuse_otel', 'v1.74.3', 'fail'],
    ['3.199.0', 'langfuse', 'v1.74.3', 'ok'],
    ['3.199.0', 'langfuse', 'v1.106.2', 'ok'],
    ['3.199.0', 'langfuse_otel', 'main-latest', 'ok'],
    ['4.16.0', 'langfuse', 'main-v1.103.11', 'fail'],
    ['4.16.0', 'langfuse', 'v1.104.0', 'ok'],
    ['4.16.0', 'langfuse', 'main-latest', 'unknown'],
    ['4.16.0', 'langfuse_otel', 'main-latest', 'ok'],
    ['4.16.0-dual', 'langfuse', 'v1.74.3', 'ok'],
    ['4.16.0-legacy', 'langfuse', 'main-latest', 'ok'],
    ['4.99.0', 'langfuse', 'v1.74.3', 'fail'],
  ])('Langfuse %s, callback %s of %s: %s', (name, callback, tag, status) => {
    expect(judgeOn(name, 'litellm/callbacks', sends(name, callback, tag)).status).toBe(status);
  });

  it('a write mode that cannot be read leaves it open', () => {
    const outcomes = outcomesOf('4.16.0', (facts) => {
      Object.assign(facts['deployment/discovery'], { writeMode: null });
      Object.assign(facts['litellm/config'][0] ?? {}, {
        callbacks: [],
        successCallbacks: ['langfuse'],
        failureCallbacks: ['langfuse'],
      });
    });
    expect(judgeOn('4.16.0', 'litellm/callbacks', outcomes)).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('write mode') as string,
    });
  });
});

describe('queue/backlog', () => {
  it.each([
    [null, 'ok', undefined],
    [60_000, 'ok', undefined],
    [60_001, 'fail', 'warning'],
    [600_000, 'fail', 'warning'],
    [600_001, 'fail', 'error'],
  ])('%s ms late: %s %s', (lateMs, status, severity) => {
    const outcomes = outcomesWith((facts) => {
      const [queue] = facts['redis/queues'].queues;
      if (queue !== undefined) Object.assign(queue, { lateMs, waiting: 5 });
    });
    const verdict = judge('queue/backlog', outcomes);
    expect([verdict.status, verdict.status === 'fail' ? verdict.severity : undefined]).toEqual([
      status,
      severity,
    ]);
  });
});

describe('config/database-url', () => {
  it.each([
    ['forbidden', 'secret/env forbidden', 'unknown'],
    [
      'a socket',
      'DATABASE_URL: it names a unix socket inside the pod, which only the pod reaches',
      'unknown',
    ],
    ['broken', 'DATABASE_URL: the password holds # unencoded', 'fail'],
  ])('%s', (_title, why, status) => {
    const outcomes = outcomesWith((facts) =>
      Object.assign(facts['deployment/discovery'].stores.postgres, { why, host: null }),
    );
    expect(judge('config/database-url', outcomes).status).toBe(status);
  });
});
