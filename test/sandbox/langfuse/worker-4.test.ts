import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { captures, messages, readCapture, type Capture } from './captures.ts';
import { deliver, withQueue } from './deliver.ts';
import { canary, openLab, type Lab, type LabProgram } from './lab.ts';
import { expectStart, faultEnv, lackingMessages, startWorker } from './worker-runs.ts';

let lab: Lab;
let running: LabProgram[] = [];

const tables = [
  'events_full',
  'events_core',
  'traces',
  'observations',
  'observations_batch_staging',
  'scores',
  'blob_storage_file_log',
];

beforeAll(async () => {
  lab = await openLab('4.16.0');
  await lab.sql(`INSERT INTO organizations (id, name) VALUES ('lab-org', 'Lab')`);
  await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('lab-project', 'production', 'lab-org')`);
}, 60_000);
afterEach(async () => {
  await Promise.all(running.map(async (program) => await program.stop()));
  running = [];
  await lab.redis.flushall();
  for (const table of tables) await lab.clickhouse(`TRUNCATE TABLE ${table}`);
});
afterAll(async () => await lab.close());

function worker(more: Readonly<Record<string, string | undefined>> = {}): LabProgram {
  const started = startWorker(lab, more);
  running.push(started);
  return started;
}

/** The captured workers came back to a Redis whose recurring jobs were due. */
async function makeDue(capture: Pick<Capture, 'log'>): Promise<void> {
  const names: Readonly<Record<string, string>> = {
    'Event Propagation': 'event-propagation-queue',
    'V4 Legacy API Usage': 'v4-legacy-api-usage-queue',
    'Blob Storage Integration': 'blobstorage-integration-queue',
  };
  for (const [words, name] of Object.entries(names))
    if (capture.log.some((line) => line.includes(`Executing ${words} Job`)))
      await withQueue(lab, name, async (queue) => {
        const job = await eventually(async () => {
          const [first] = await queue.getDelayed();
          if (first === undefined) throw new Error(`nothing scheduled in ${name}`);
          return first;
        });
        // It may have come due by itself in the meantime.
        await job.promote().catch(() => undefined);
      });
}

describe('worker of 4: start, health and exit code as captured', () => {
  it.each(captures('worker-', '4.16.0').map((capture) => [capture.fault, capture] as const))(
    '%s',
    async (_fault, capture) => {
      const before = new Date(Date.now() - 8 * 60_000).toISOString();
      await lab.redis.set('langfuse:event-propagation:experiment-backfill:last-run', before);
      const started = worker(faultEnv(capture));
      await expectStart(capture, started);
      await makeDue(capture);
      if (capture.log.some((line) => line.includes('Starting ClickhouseWriter'))) await deliver(lab, span());
      const { log } = started;
      await eventually(async () => expect(lackingMessages(capture, log)).toEqual([]));
      expect(log.join('\n')).not.toContain(canary);
    },
  );
});

interface Step {
  readonly step: string;
  readonly redis?: Readonly<Record<string, { readonly value: Readonly<Record<string, string>> }>>;
  readonly objects?: readonly { readonly key: string; readonly body: string }[];
  readonly clickhouse?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}
const recorded = readCapture('pipeline.json', '4.16.0') as {
  readonly steps: readonly Step[];
  readonly traceId: string;
};
const step = (name: string): Step => {
  const found = recorded.steps.find((one) => one.step === name);
  if (found === undefined) throw new Error(`no step ${name} in pipeline.json`);
  return found;
};

/** The captured export as web left it in the bucket and in Redis. */
function span(): Parameters<typeof deliver>[1] {
  const [object] = step('objects in S3').objects ?? [];
  const job = step('queued in Redis').redis?.['bull:otel-ingestion-queue:1']?.value ?? {};
  return {
    queue: 'otel-ingestion-queue',
    key: object?.key ?? '',
    body: object?.body ?? '',
    job: {
      name: job['name'] ?? '',
      data: JSON.parse(job['data'] ?? '{}') as object,
      opts: JSON.parse(job['opts'] ?? '{}') as object,
    },
  };
}

async function counts(queue: string): Promise<Record<string, number>> {
  return await withQueue(
    lab,
    queue,
    async (open) => await open.getJobCounts('wait', 'active', 'delayed', 'failed', 'completed'),
  );
}

describe('worker of 4: a span that comes during a fault', () => {
  it.each(captures('processing-', '4.16.0').map((capture) => [capture.fault, capture] as const))(
    '%s',
    async (_fault, capture) => {
      await lab.redis.set('langfuse:event-propagation:last-processed-partition', '2026-11-20 19:06:00');
      const started = worker(faultEnv(capture));
      await eventually(async () => await fetch(started.url));
      await makeDue(capture);
      await deliver(lab, span());
      const theirs = capture.queue?.job;
      if (theirs !== undefined)
        await eventually(async () =>
          expect(await lab.redis.hget('bull:otel-ingestion-queue:1', 'atm')).toBe('1'),
        );
      await eventually(async () =>
        expect(await counts('otel-ingestion-queue')).toEqual({ ...pick(capture.queue ?? {}) }),
      );
      if (theirs !== undefined) {
        const ours = await lab.redis.hgetall('bull:otel-ingestion-queue:1');
        expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
        expect(ours['failedReason']).toBe(theirs['failedReason']);
        expect(ours['delay']).toBe('5000');
        await lateAttempt(theirs);
      }
      const health = await fetch(`${started.url}/api/health`);
      expect([health.status, await health.text()]).toEqual([200, '{"status":"ok"}']);
      await eventually(async () => expect(lackingMessages(capture, started.log)).toEqual([]));
    },
  );

  /** The captured attempt, brought near by counting the earlier ones as made. */
  async function lateAttempt(theirs: Readonly<Record<string, string>>): Promise<void> {
    await lab.redis.hset('bull:otel-ingestion-queue:1', 'atm', Number(theirs['atm']) - 1);
    await withQueue(lab, 'otel-ingestion-queue', async (queue) => await (await queue.getJob('1'))?.promote());
    await eventually(async () =>
      expect(await lab.redis.hmget('bull:otel-ingestion-queue:1', 'atm', 'delay')).toEqual([
        theirs['atm'],
        theirs['delay'],
      ]),
    );
  }

  function pick(queue: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(queue).filter(([name]) => name !== 'job'));
  }

  it('drops a span after three tries and retries a score, as captured', async () => {
    const { steps } = readCapture('score-and-dropped-span.json', '4.16.0') as {
      readonly steps: readonly { readonly step: string; readonly log?: readonly string[] }[];
    };
    const expected = steps.find((one) => one.log !== undefined)?.log ?? [];
    const started = worker({ CLICKHOUSE_URL: 'http://127.0.0.1:15996' });
    await eventually(async () => await fetch(started.url));
    await deliver(lab, span());
    await deliver(lab, score());
    await makeDue({ log: ['Executing Event Propagation Job'] });
    // The captured line counts the one span that was sent there; this export has two.
    const ours = (): Set<string> =>
      messages(started.log.map((line) => line.replace('dropped 2 events_full', 'dropped 1 events_full')));
    await eventually(async () =>
      expect([...messages(expected)].filter((line) => !ours().has(line))).toEqual([]),
    );
    await eventually(async () => expect(await counts('ingestion-queue')).toMatchObject({ delayed: 1 }));
    expect(await counts('otel-ingestion-queue')).toMatchObject({ wait: 0, active: 0, delayed: 0, failed: 0 });
  });
});

const sender = {
  ingestionApiKey: 'pk-lf-lab',
  ingestionSdkName: 'javascript',
  ingestionSdkVersion: '3.39.2',
};
const authCheck = { validKey: true, scope: { projectId: 'lab-project', accessLevel: 'project' } };

/** A score as web of 4 leaves it. */
function score(): Parameters<typeof deliver>[1] {
  const folder = 'v4events/lab-project/score/s1/';
  const body = { id: 's1', traceId: recorded.traceId, name: 'quality', value: 0.5, environment: 'default' };
  const timestamp = new Date().toISOString();
  const data = {
    type: 'score-create',
    eventBodyId: 's1',
    fileKey: 'e1',
    skipS3List: false,
    bucketPrefix: folder,
    ...sender,
  };
  return {
    queue: 'ingestion-queue',
    key: `${folder}e1.json`,
    body: JSON.stringify([{ id: 'e1', type: 'score-create', timestamp, body }]),
    job: {
      name: 'ingestion-job',
      data: { id: 'job', timestamp, name: 'ingestion-job', payload: { data, authCheck } },
      opts: { attempts: 6, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true },
    },
  };
}

describe('worker of 4: an export at each hop, as captured', () => {
  const rows = async (table: string): Promise<Record<string, unknown>[]> =>
    await lab.clickhouse(
      `SELECT *, calculated_input_cost, calculated_output_cost, calculated_total_cost, input_length,
       output_length, total_cost FROM ${table} FINAL ORDER BY span_id`,
    );

  it('becomes rows of events_full, and of events_core through its view', async () => {
    await deliver(lab, span());
    worker();
    const after = step('after the worker ran').clickhouse ?? {};
    const theirs = after['events_full'] ?? [];
    const ours = await eventually(async () => {
      const found = await rows('events_full');
      expect(found).toHaveLength(theirs.length);
      return found;
    });
    expect(ours.map(withoutClock)).toEqual(theirs.map(withoutClock));
    // A view's part becomes visible after that of its source.
    await eventually(async () =>
      expect(await lab.clickhouse('SELECT count() AS c FROM events_core FINAL')).toEqual(
        after['events_core_count'],
      ),
    );
    expect(await rows('events_core')).toEqual(ours);
    for (const table of ['traces', 'observations', 'observations_batch_staging'])
      expect(await lab.clickhouse(`SELECT count() AS c FROM ${table}`), table).toEqual([{ c: 0 }]);
    expect(await counts('otel-ingestion-queue')).toMatchObject({ wait: 0, active: 0, failed: 0 });
  });

  /** The three system times, by their form. */
  function withoutClock(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) =>
        /^(created_at|updated_at|event_ts)$/.test(name)
          ? [name, String(value).replace(/\d/g, 'N')]
          : [name, value],
      ),
    );
  }

  it('stores scores with the key and the SDK that sent them', async () => {
    await deliver(lab, score());
    worker();
    const [row] = await eventually(async () => {
      const found = await lab.clickhouse('SELECT * FROM scores FINAL');
      expect(found).toHaveLength(1);
      return found;
    });
    expect(row).toMatchObject({
      id: 's1',
      trace_id: recorded.traceId,
      value: 0.5,
      data_type: 'NUMERIC',
      ingestion_api_key: 'pk-lf-lab',
      ingestion_sdk_name: 'javascript',
      ingestion_sdk_version: '3.39.2',
    });
  });

  it('deletes a trace from both events tables, and leaves the raw file', async () => {
    await deliver(lab, span());
    worker();
    await eventually(async () => expect(await rows('events_core')).toHaveLength(2));
    await lab.sql(
      `INSERT INTO pending_deletions (id, project_id, object, object_id) VALUES ('d1', 'lab-project', 'trace', $1)`,
      [recorded.traceId],
    );
    const payload = { projectId: 'lab-project', traceIds: [recorded.traceId] };
    await withQueue(lab, 'trace-delete', async (queue) => await queue.add('trace-delete', { payload }));
    await eventually(async () =>
      expect(await lab.sql('SELECT is_deleted FROM pending_deletions')).toEqual([{ is_deleted: true }]),
    );
    expect(await rows('events_full')).toEqual([]);
    expect(await rows('events_core')).toEqual([]);
  });

  it('deletes a project from both events tables before its row', async () => {
    await deliver(lab, span());
    worker();
    await eventually(async () => expect(await rows('events_core')).toHaveLength(2));
    const payload = { projectId: 'lab-project', orgId: 'lab-org' };
    await withQueue(lab, 'project-delete', async (queue) => await queue.add('project-delete', { payload }));
    await eventually(async () => expect(await lab.sql('SELECT id FROM projects')).toEqual([]));
    expect(await rows('events_full')).toEqual([]);
    expect(await rows('events_core')).toEqual([]);
    await lab.sql(`INSERT INTO projects (id, name, org_id) VALUES ('lab-project', 'production', 'lab-org')`);
  });
});

describe('worker of 4 in write mode dual', () => {
  const count = async (table: string): Promise<number> =>
    Number((await lab.clickhouse(`SELECT count() AS c FROM ${table} FINAL`))[0]?.['c']);
  const dual = { LANGFUSE_MIGRATION_V4_WRITE_MODE: 'dual' };

  async function expectCounts(expected: Readonly<Record<string, number>>): Promise<void> {
    await eventually(async () => {
      const found: Record<string, number> = {};
      for (const table of Object.keys(expected)) found[table] = await count(table);
      expect(found).toEqual(expected);
    });
  }

  it('writes spans to the tables of 3 and, at once, to those of 4', async () => {
    await deliver(lab, span());
    worker(dual);
    await expectCounts({ traces: 1, observations: 2, events_full: 2, events_core: 2 });
    expect(await count('observations_batch_staging')).toBe(0);
    expect(await lab.clickhouse('SELECT name, user_id, session_id, tags FROM traces FINAL')).toEqual([
      { name: 'checkout', user_id: 'u1', session_id: 's1', tags: ['t'] },
    ]);
  });

  it('stages what is not direct, and a run later it is in the events tables', async () => {
    await deliver(lab, span());
    const staged = { ...dual, LANGFUSE_MIGRATION_V4_NATIVE_OTEL_BEHAVIOUR: 'dual_write' };
    // The job also comes by itself each minute, which could be between two rows.
    const first = worker({ ...staged, QUEUE_CONSUMER_EVENT_PROPAGATION_QUEUE_IS_ENABLED: 'false' });
    await expectCounts({ traces: 1, observations: 2, observations_batch_staging: 3, events_full: 0 });
    await first.stop();
    worker(staged);
    await eventually(async () => {
      await makeDue({ log: ['Executing Event Propagation Job'] });
      expect(await count('events_full')).toBe(3);
    });
    const rows = await lab.clickhouse(
      `SELECT span_id, parent_span_id, trace_name, user_id, source, usage_details, total_cost
       FROM events_full FINAL ORDER BY parent_span_id`,
    );
    const common = { trace_name: 'checkout', user_id: 'u1' };
    const root = `t-${recorded.traceId}`;
    expect(rows).toMatchObject([
      { ...common, span_id: root, parent_span_id: '', source: 'otel-dual-write' },
      { ...common, span_id: 'b7ad6b7169203378', parent_span_id: 'b7ad6b7169203377', total_cost: 0.000075 },
      { ...common, span_id: 'b7ad6b7169203377', parent_span_id: root },
    ]);
    // Noted after the rows are written.
    await eventually(async () =>
      expect(await lab.redis.get('langfuse:event-propagation:last-processed-partition')).toMatch(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:00$/,
      ),
    );
  });
});

describe('worker of 4: probes that look at its queues', () => {
  const lastRun = 'langfuse:event-propagation:last-run-started-at';

  async function asked(url: string, query: string): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${url}/api/ready?${query}`);
    return { status: answer.status, body: await answer.json() };
  }

  it('fail when event propagation has not run for longer than the threshold', async () => {
    const { url } = worker({ QUEUE_CONSUMER_TRACE_DELETE_QUEUE_IS_ENABLED: 'false' });
    await eventually(async () => await fetch(url));
    await lab.redis.del(lastRun);
    const never = await asked(url, 'failIfEventPropagationStuck=true&failIfQueueConsumptionStuck=true');
    expect(never).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        eventPropagation: { enabled: true, thresholdSeconds: 900, stuck: false },
        queueConsumption: { enabled: true, registeredWorkerCount: 31, thresholdSeconds: 3600, stuck: false },
      },
    });
    await eventually(async () => {
      // The job itself may run in between.
      await lab.redis.set(lastRun, String(Date.now() - 16 * 60_000));
      expect(await asked(url, 'failIfEventPropagationStuck=true')).toMatchObject({
        status: 503,
        body: { status: 'Event propagation stuck', eventPropagation: { stuck: true } },
      });
    });
    expect(await asked(url, '')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('are never stuck where the queue is switched off', async () => {
    const { url } = worker({ QUEUE_CONSUMER_EVENT_PROPAGATION_QUEUE_IS_ENABLED: 'false' });
    await eventually(async () => await fetch(url));
    await lab.redis.set(lastRun, '1');
    expect(await asked(url, 'failIfEventPropagationStuck=true')).toMatchObject({
      status: 200,
      body: { eventPropagation: { enabled: false, stuck: false } },
    });
  });
});
