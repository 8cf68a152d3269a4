import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { langfuseWorkerProgram } from '../../../src/sandbox/programs/langfuse-worker/program.ts';
import { eventually } from '../stores/host.ts';
import { readCapture, shape } from './captures.ts';
import { storedObjects } from './objects.ts';
import { labKey, openLab, type Lab, type LabProgram } from './lab.ts';

interface CapturedHttp {
  readonly method: string;
  readonly path: string;
  readonly request?: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Step {
  readonly step: string;
  readonly http?: CapturedHttp;
  readonly redis?: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly objects?: readonly { readonly key: string; readonly body: string }[];
  readonly clickhouse?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

const recorded = readCapture('pipeline.json') as {
  readonly steps: readonly Step[];
  readonly traceId: string;
};
const step = (name: string): Step => {
  const found = recorded.steps.find((one) => one.step === name);
  if (found === undefined) throw new Error(`no step ${name} in pipeline.json`);
  return found;
};

let lab: Lab;
let web: LabProgram;
let worker: LabProgram;

beforeAll(async () => {
  lab = await openLab();
  // Around midnight UTC the default delay is 15 s; this is the captured one at any time.
  web = lab.start(langfuseWebServer, { LANGFUSE_INGESTION_QUEUE_DELAY_MS: '5000' });
  await eventually(async () => await fetch(`${web.url}/api/public/health`));
}, 60_000);
afterAll(async () => await lab.close());

async function repeat({ method, path, request }: CapturedHttp): Promise<Response> {
  return await fetch(`${web.url}${path}`, {
    method,
    headers: { ...labKey, 'content-type': 'application/json' },
    ...(request === undefined ? {} : { body: JSON.stringify(request) }),
  });
}

async function hash(key: string): Promise<Record<string, unknown>> {
  const value = await lab.redis.hgetall(key);
  return { ...value, opts: JSON.parse(value['opts'] ?? '{}'), data: JSON.parse(value['data'] ?? '{}') };
}

/** A captured job hash with its JSON texts opened. */
function captured(redis: Step['redis'], key: string): Record<string, unknown> {
  const value = (redis?.[key]?.value ?? {}) as Record<string, string>;
  return { ...value, opts: JSON.parse(value['opts'] ?? '{}'), data: JSON.parse(value['data'] ?? '{}') };
}

/** What of a job does not change from run to run. */
function constant(job: Record<string, unknown>): unknown {
  const { data, opts } = job as {
    data: { name: string; payload: { data: unknown; authCheck: { scope: Record<string, unknown> } } };
    opts: Record<string, unknown>;
  };
  const { apiKeyId: _, ...scope } = data.payload.authCheck.scope;
  const { traceparent: _t, baggage: _b, ...options } = opts;
  return { name: data.name, data: data.payload.data, scope, options };
}

describe('one trace at each hop, as captured', () => {
  it('is accepted, and lies in Redis and S3 while the worker is stopped', async () => {
    const sent = step('sent, worker stopped');
    const answer = await repeat(sent.http as CapturedHttp);
    expect(answer.status).toBe(207);
    expect(await answer.text()).toBe(sent.http?.body);
    const names = [...answer.headers.keys()].filter((name) => name !== 'date').sort();
    expect(names).toEqual(Object.keys(sent.http?.headers ?? {}).sort());

    const queued = step('queued in Redis').redis;
    for (const key of Object.keys(queued ?? {}))
      expect(await lab.redis.type(key), key).toBe(queued?.[key]?.type);
    // Jobs of one request are added at the same time: their numbers may be exchanged.
    const numbers = ['1', '2', '3'].map((id) => `bull:ingestion-queue:${id}`);
    const ours = await Promise.all(numbers.map(async (key) => await hash(key)));
    const theirs = numbers.map((key) => captured(queued, key));
    const sorted = (jobs: Record<string, unknown>[]): string[] =>
      jobs.map((job) => JSON.stringify(constant(job))).sort();
    const sortedKeys = (jobs: Record<string, unknown>[]): unknown =>
      jobs.map((job) => Object.keys(job).sort());
    expect(sortedKeys(ours)).toEqual(sortedKeys(theirs));
    expect(ours.map((job) => shape(job['data']))).toEqual(theirs.map((job) => shape(job['data'])));
    expect(sorted(ours).map((text) => JSON.parse(text) as unknown)).toEqual(
      sorted(theirs).map((text) => JSON.parse(text) as unknown),
    );
    expect(await storedObjects(lab, 'events/')).toEqual(step('objects in S3').objects);
  });

  it('cannot be read before the worker ran', async () => {
    const before = step('read before the worker ran').http as CapturedHttp;
    const answer = await repeat(before);
    expect(answer.status).toBe(before.status);
    expect(await answer.text()).toBe(before.body);
  });

  it('becomes rows and an answer after the worker ran', async () => {
    worker = lab.start(langfuseWorkerProgram, { PORT: '13030' });
    const after = step('after the worker ran');
    const rows = await eventually(async () => {
      const found: Record<string, Record<string, unknown>[]> = {};
      for (const table of Object.keys(after.clickhouse ?? {}))
        found[table] = await lab.clickhouse(
          `SELECT * FROM ${table} FINAL WHERE project_id = 'lab-project' ORDER BY ${table === 'blob_storage_file_log' ? 'entity_type' : 'id'}`,
        );
      expect(Object.values(found).map((list) => list.length)).toEqual(
        Object.values(after.clickhouse ?? {}).map((list) => list.length),
      );
      return found;
    });
    for (const [table, list] of Object.entries(after.clickhouse ?? {}))
      expect(
        rows[table]?.map((row) => withoutTimes(row)),
        table,
      ).toEqual(list.map((row) => withoutTimes(row)));
    expect(await lab.redis.zcard('bull:ingestion-queue:delayed')).toBe(0);
    expect(await lab.redis.exists('bull:ingestion-queue:1', 'bull:ingestion-queue:failed')).toBe(0);
    const http = after.http as CapturedHttp;
    const answer = await repeat(http);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const body = (await answer.json()) as object;
    expect(withoutApiTimes(body)).toEqual(withoutApiTimes(JSON.parse(http.body)));
    expect(Object.keys(body)).toEqual(Object.keys(JSON.parse(http.body) as object));
  });

  it('is deleted on request: queue, rows, files', async () => {
    const asked = step('delete asked');
    const answer = await repeat(asked.http as CapturedHttp);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(asked.http?.body);
    const job = await hash('bull:trace-delete:1');
    const theirs = captured(asked.redis, 'bull:trace-delete:1');
    expect(Object.keys(job).sort()).toEqual(Object.keys(theirs).sort());
    expect(shape(job['data'])).toEqual(shape(theirs['data']));
    expect(shape(job['opts'])).toEqual(shape(theirs['opts']));
    expect(await lab.sql(`SELECT object, object_id, is_deleted FROM pending_deletions`)).toEqual([
      { object: 'trace', object_id: recorded.traceId, is_deleted: false },
    ]);
    const queue = new Queue('trace-delete', { connection: { host: lab.addresses.redis } });
    await (await queue.getJob('1'))?.promote();
    await queue.disconnect();
    await eventually(async () =>
      expect(await lab.sql(`SELECT is_deleted FROM pending_deletions`)).toEqual([{ is_deleted: true }]),
    );
    const gone = step('9 s after delete').http as CapturedHttp;
    const read = await repeat(gone);
    expect([read.status, await read.text()]).toEqual([gone.status, gone.body]);
    expect(await storedObjects(lab, 'events/')).toEqual([]);
  });

  it('keeps what it buffered when the worker is told to stop', async () => {
    const sent = step('sent, worker stopped').http as CapturedHttp;
    const request = JSON.parse(
      JSON.stringify(sent.request).replaceAll(recorded.traceId, 'last-words'),
    ) as unknown;
    await repeat({ ...sent, request });
    const queue = new Queue('ingestion-queue', { connection: { host: lab.addresses.redis } });
    for (const job of await queue.getDelayed()) await job.promote();
    await eventually(async () => expect(await queue.getJobCountByTypes('wait', 'active', 'delayed')).toBe(0));
    await queue.disconnect();
    expect(await worker.stop()).toBe(0);
    expect(await lab.clickhouse(`SELECT id FROM traces FINAL WHERE id = 'last-words'`)).toEqual([
      { id: 'last-words' },
    ]);
  });
});

const timeColumns = /^(timestamp|start_time|end_time|created_at|updated_at|event_ts)$/;

/** Times by their form, and the row id that is random; what the events said is compared as it is. */
function withoutTimes(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const random = 'bucket_path' in row ? ['id'] : [];
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (random.includes(name)) return [name, 'random'];
      const text = typeof value === 'string' && timeColumns.test(name);
      return [name, text && !said.test(value) ? value.replace(/\d/g, 'N').replace(/N{3}$/, 'N') : value];
    }),
  );
}

/** The time the captured client sent. */
const said = /19:30:36\.921/;

function withoutApiTimes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, item: unknown) =>
      (name === 'createdAt' || name === 'updatedAt') && typeof item === 'string'
        ? item.replace(/\d/g, 'N')
        : item,
    ),
  );
}
