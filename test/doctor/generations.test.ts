/** What a healthy deployment of some version may look like, and must not be a finding there. */
import { describe, expect, it } from 'vitest';
import type { FactsDraft, FactsName } from './facts.ts';
import { outcomesOf } from './facts.ts';
import { set, unset } from './failing/change.ts';
import { judgeOn } from './judge.ts';

const on = (name: FactsName, id: string, change: (facts: FactsDraft) => void) =>
  judgeOn(name, id, outcomesOf(name, change));

describe('config/inert-env', () => {
  it.each([
    ['DATABASE_PORT', '5432', 'ok'],
    ['DATABASE_PORT', '5433', 'fail'],
    ['ENABLE_EXPERIMENTAL_FEATURES', 'false', 'ok'],
    ['ENABLE_EXPERIMENTAL_FEATURES', 'true', 'fail'],
    ['LANGFUSE_S3_MEDIA_UPLOAD_MAX_CONTENT_LENGTH', '1000000000', 'ok'],
    ['CLICKHOUSE_MIGRATION_URL', 'clickhouse://c:9000', 'ok'],
    ['KUBERNETES_THING', 'x', 'ok'],
  ])('%s=%s: %s', (name, value, status) => {
    expect(on('3.199.0', 'config/inert-env', (facts) => set(facts, 'worker', name, value)).status).toBe(
      status,
    );
  });

  it('gives a fix for each name', () => {
    const verdict = on('3.199.0', 'config/inert-env', (facts) => {
      set(facts, 'web', 'REDIS_TLS_CA', '/ca');
      set(facts, 'worker', 'REDIS_TLS_CA', '/ca');
      set(facts, 'web', 'LANGFUSE_TYPO', 'x');
    });
    expect(verdict).toMatchObject({
      status: 'fail',
      fix: [
        { text: expect.stringContaining('REDIS_TLS_CA_PATH instead of REDIS_TLS_CA') as string },
        { text: 'remove LANGFUSE_TYPO' },
      ],
    });
  });

  it('says nothing of names that a later version may read', () => {
    const change = (facts: FactsDraft): void => set(facts, 'web', 'LANGFUSE_NEXT_THING', 'x');
    expect(on('4.16.0', 'config/inert-env', change).status).toBe('fail');
    expect(on('4.99.0', 'config/inert-env', change).status).toBe('ok');
    expect(on('5.0.0', 'config/inert-env', change).status).toBe('ok');
  });
});

describe('config/required-env', () => {
  it.each([
    ['web', 'REDIS_HOST', { REDIS_CONNECTION_STRING: 'redis://r' }],
    ['worker', 'REDIS_HOST', { REDIS_CLUSTER_NODES: 'a:1' }],
    ['web', 'CLICKHOUSE_MIGRATION_URL', { LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED: 'true' }],
    [
      'web',
      'DATABASE_URL',
      { DATABASE_HOST: 'h', DATABASE_USERNAME: 'u', DATABASE_PASSWORD: 'p', DATABASE_NAME: 'n' },
    ],
  ] as const)('%s without %s, and with another way to give it', (role, name, others) => {
    const change = (facts: FactsDraft): void => {
      unset(facts, role, name);
      for (const [other, value] of Object.entries(others)) set(facts, role, other, value);
    };
    expect(on('3.199.0', 'config/required-env', change).status).toBe('ok');
  });

  it('2 needs neither Redis nor ClickHouse nor a bucket, and 2 with three parts of four lacks its database', () => {
    expect(on('2.95.12', 'config/required-env', () => undefined).status).toBe('ok');
    const parts = on('2.95.12', 'config/required-env', (facts) => {
      unset(facts, 'web', 'DATABASE_URL');
      for (const name of ['DATABASE_HOST', 'DATABASE_USERNAME', 'DATABASE_NAME'])
        set(facts, 'web', name, 'x');
    });
    expect(parts).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('DATABASE_URL') as string,
    });
  });
});

describe('config/web-worker-agree', () => {
  it('compares what both read in this version', () => {
    const alone = (name: string, value: string) => (facts: FactsDraft) => set(facts, 'worker', name, value);
    const agree = 'config/web-worker-agree';
    expect(on('4.16.0', agree, alone('LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR', 'direct')).status).toBe(
      'ok',
    );
    expect(on('4.16.0', agree, alone('LANGFUSE_MIGRATION_V4_WRITE_MODE', 'dual')).status).toBe('fail');
    expect(on('3.199.0', agree, alone('REDIS_KEY_PREFIX', 'lf')).status).toBe('fail');
  });
});

describe('migrations', () => {
  const ids = ['postgres/migrations', 'clickhouse/migrations'] as const;
  const old = (facts: FactsDraft): void => {
    facts['postgres/migrations'].newest = '20240101000000_old';
    facts['clickhouse/migrations'].version = 33;
  };

  it.each(ids)('%s: while two versions answer, or none, the tables may be of either', (id) => {
    for (const all of [['3.199.0', '4.16.0'], []])
      expect(
        on('4.16.0', id, (facts) => {
          old(facts);
          Object.assign(facts['deployment/version'], { all, live: all[0] ?? null });
        }).status,
      ).toBe('ok');
  });

  it.each(ids)('%s: of a version that lfctl does not know nothing is expected', (id) => {
    expect(on('4.99.0', id, old).status).toBe('ok');
  });

  it('a later schema than that of the running web is a warning, one that keeps web down is critical', () => {
    const ahead = on('3.199.0', 'clickhouse/migrations', (facts) => {
      facts['clickhouse/migrations'].version = 46;
    });
    expect(ahead).toMatchObject({ status: 'fail', severity: 'warning' });
  });
});

describe('worker/consuming', () => {
  it('a worker that ignores the question says nothing by 200', () => {
    const stalled = on('3.199.0', 'worker/consuming', (facts) => {
      facts['redis/queues'].stalled = ['ingestion-queue'];
    });
    expect(stalled.status).toBe('fail');
  });
});
