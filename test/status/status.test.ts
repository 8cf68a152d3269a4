import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import { judgeFacts } from '../../src/doctor/engine/report.ts';
import type { Outcomes } from '../../src/doctor/engine/types.ts';
import { anyCheck } from '../../src/doctor/engine/types.ts';
import type { DoctorRun } from '../../src/doctor/run.ts';
import { statusText } from '../../src/render/status.ts';
import { widthOf } from '../../src/render/table.ts';
import type { Status } from '../../src/status/status.ts';
import { knownOf } from '../../src/doctor/subject.ts';
import { toStatus } from '../../src/status/status.ts';
import { toEnvelope, verdictExit } from '../../src/status/envelope.ts';
import type { FactsName } from '../doctor/facts.ts';
import { outcomesOf, outcomesWith, recordedAt, recordedFacts, withUnknown } from '../doctor/facts.ts';

function runOf(outcomes: Outcomes): DoctorRun {
  const all = checks.map(anyCheck);
  const { deployment, version, subject } = knownOf(outcomes, recordedAt);
  const report = { ...judgeFacts(all, all, outcomes, subject, { strict: false, require: [] }), ms: 5 };
  const { generation, mode } = subject;
  return { report, outcomes, deployment, version, generation, mode };
}

const store = (status: Status, name: string) => status.stores.find((one) => one.name === name);
const style = (columns: number) => ({ color: false, columns, verbose: false, interactive: false });

describe('status', () => {
  it('has all of a healthy deployment', () => {
    const status = toStatus(runOf(outcomesWith()));
    expect(status).toMatchObject({
      version: '3.199.0',
      mode: 'clickhouse',
      verdict: 'healthy',
      lastBackup: null,
      findings: [],
      owner: { kind: 'helm', name: 'langfuse' },
      components: [
        {
          role: 'web',
          workload: 'deployment/langfuse',
          readyReplicas: 1,
          pods: [{ ready: true, restarts: 0, state: 'Running' }],
        },
        { role: 'worker' },
      ],
    });
    expect(status.stores.map((one) => one.state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(store(status, 'Postgres')).toMatchObject({
      address: 'langfuse-postgresql:5432',
      version: '15.18',
    });
    expect(store(status, 'event bucket')?.address).toMatch(/\/langfuse-production$/);
  });

  it.each<[FactsName, object]>([
    ['2.95.12', { version: '2.95.12', generation: 2, mode: 'postgres', judgedAs: null, verdict: 'healthy' }],
    [
      '3.225.4',
      { version: '3.225.4', generation: 3, mode: 'clickhouse', judgedAs: null, verdict: 'healthy' },
    ],
    ['4.16.0', { generation: 4, mode: 'events_only', judgedAs: null, verdict: 'healthy' }],
    ['4.16.0-dual', { generation: 4, mode: 'dual', verdict: 'healthy' }],
    ['4.16.0-legacy', { generation: 4, mode: 'legacy', verdict: 'healthy' }],
    ['4.99.0', { version: '4.99.0', generation: 4, judgedAs: '4.16.0', verdict: 'healthy' }],
    ['5.0.0', { version: '5.0.0', generation: 4, judgedAs: '4.16.0', verdict: 'incomplete' }],
  ])('of %s', (name, expected) => {
    expect(toStatus(runOf(outcomesOf(name)))).toMatchObject(expected);
  });

  it('the running server decides on the generation, whatever the image is called', () => {
    const outcomes = outcomesOf('4.16.0', (facts) => {
      Object.assign(facts['deployment/discovery'], { generation: 3, imageVersion: '3', mode: 'clickhouse' });
    });
    const run = runOf(outcomes);
    expect(toStatus(run)).toMatchObject({ generation: 4, mode: 'events_only', imageVersion: '3' });
    expect(toEnvelope(run)?.langfuse).toEqual({ version: '4.16.0', mode: 'events_only' });
  });

  it('2 has its data in Postgres, media and exports in a bucket, and no use for the other stores', () => {
    const status = toStatus(runOf(outcomesOf('2.95.12')));
    expect(status.storage).toBe('traces, observations and scores in Postgres');
    expect(status.stores.map(({ name, state }) => [name, state])).toEqual([
      ['Postgres', 'ok'],
      ['ClickHouse', 'not used'],
      ['Redis', 'not used'],
      ['event bucket', 'not used'],
      ['media bucket', 'ok'],
      ['export bucket', 'ok'],
    ]);
    expect(statusText(status, style(120))).toContain('traces, observations and scores in Postgres');
  });

  it('each mode of 4 says which tables it writes', () => {
    const storage = (name: FactsName) => toStatus(runOf(outcomesOf(name))).storage;
    expect(storage('4.16.0')).toMatch(/^traces and observations in events_full and events_core/);
    expect(storage('4.16.0-dual')).toMatch(/version 3's tables of ClickHouse and in events_full/);
    expect(storage('4.16.0-legacy')).toMatch(/version 3's tables of ClickHouse, raw events/);
  });

  it('a store is failing on evidence, and unknown when only lfctl cannot connect', () => {
    const refused = {
      ok: false,
      route: 'port-forward',
      code: 'REDIS_TIMEOUT',
      message: 'no answer',
    } as const;
    const own = toStatus(
      runOf(
        outcomesWith((facts) => {
          facts['redis/login'] = refused;
        }),
      ),
    );
    expect(store(own, 'Redis')).toMatchObject({ state: 'unknown', detail: 'no answer' });
    const gone = outcomesWith((facts) => {
      facts['redis/login'] = refused;
      for (const one of facts['kube/endpoints']) if (one.part === 'redis') one.readyPods = [];
    });
    expect(store(toStatus(runOf(gone)), 'Redis')).toMatchObject({
      state: 'failing',
      detail: expect.stringContaining('no ready pod') as string,
    });
  });

  it('a refused login is failing, a warning about a store is not', () => {
    const auth = outcomesWith((facts) => {
      facts['clickhouse/login'] = {
        ok: false,
        route: 'port-forward',
        code: 'CLICKHOUSE_AUTH',
        message: 'refused',
      };
      facts['redis/memory'].policy = 'allkeys-lru';
    });
    const status = toStatus(runOf(auth));
    expect(store(status, 'ClickHouse')?.state).toBe('failing');
    expect(store(status, 'Redis')?.state).toBe('ok');
    expect(status.findings.map((one) => one.id)).toEqual(['clickhouse/auth', 'redis/eviction']);
  });

  it('what is not configured and what could not be read are told apart', () => {
    const outcomes = new Map(withUnknown(outcomesWith(), ['clickhouse/login']));
    outcomes.set('redis/login', { status: 'skipped', reason: 'not configured: Redis', ms: 0 });
    const status = toStatus(runOf(outcomes));
    expect([store(status, 'Redis')?.state, store(status, 'ClickHouse')]).toEqual([
      'not configured',
      expect.objectContaining({ state: 'unknown', detail: 'timeout 3 s' }),
    ]);
  });

  it('pods that end or wait say so', () => {
    const status = toStatus(
      runOf(
        outcomesWith((facts) => {
          for (const pod of facts['kube/pods']) {
            if (pod.part === 'web') pod.deleting = true;
            if (pod.part === 'worker')
              Object.assign(pod.containers[0] ?? {}, {
                restarts: 4,
                state: { waiting: { reason: 'CrashLoopBackOff' } },
              });
          }
        }),
      ),
    );
    expect(status.components.flatMap((one) => one.pods.map((pod) => `${pod.state} ${pod.restarts}`))).toEqual(
      ['Terminating 0', 'CrashLoopBackOff 4'],
    );
  });

  it('with nothing known it is incomplete, not empty-handed', () => {
    const status = toStatus(runOf(withUnknown(outcomesWith(), recordedFacts)));
    expect(status).toMatchObject({ version: null, components: [], owner: null, verdict: 'incomplete' });
    expect(status.stores.map((one) => one.state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(statusText(status, style(80))).toContain('not all could be read: lfctl doctor says what');
  });

  it.each([
    ['healthy', 'ok'],
    ['findings', 'findings'],
    ['incomplete', 'incomplete'],
  ] as const)('%s ends with %s', (verdict, exit) => {
    expect(verdictExit(verdict)).toBe(exit);
  });

  it('the envelope names the deployment, or null', () => {
    expect(toEnvelope(runOf(outcomesWith()))).toMatchObject({
      namespace: 'hyperplane-langfuse',
      release: 'langfuse',
      langfuse: { version: '3.199.0', mode: 'clickhouse' },
    });
    expect(toEnvelope(runOf(withUnknown(outcomesWith(), recordedFacts)))).toBeNull();
  });
});

describe('the screen', () => {
  const busy = outcomesWith((facts) => {
    facts['deployment/discovery'].unknown = ['forbidden: list ingresses.networking.k8s.io in lf'];
    facts['deployment/discovery'].owner = { kind: 'none', name: null, namespace: null, chart: null };
    Object.assign(facts['redis/queues'].queues[0] ?? {}, { waiting: 12, failed: 3, lateMs: 700_000 });
    facts['redis/memory'].policy = 'allkeys\u001B[31m-lru';
  });

  it.each([80, 40])('fits in %i columns', (columns) => {
    const text = statusText(toStatus(runOf(busy)), style(columns));
    for (const line of text.split('\n').filter((one) => !one.includes(': ') || columns > 40))
      expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    for (const part of [
      'Langfuse',
      'plain manifests',
      'none known',
      'Postgres',
      'ingestion-queue',
      'queue/failed',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('\u001B');
  });

  it('says when queues are empty and all is well', () => {
    const quiet = outcomesWith((facts) => {
      for (const queue of facts['redis/queues'].queues)
        Object.assign(queue, { delayed: 0, waiting: 0, active: 0 });
    });
    const text = statusText(toStatus(runOf(quiet)), style(80));
    expect(text).toContain('queues: empty\n');
    expect(text.endsWith('healthy\n')).toBe(true);
  });
});
