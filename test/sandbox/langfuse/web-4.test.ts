import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { readCapture, shape } from './captures.ts';
import { basic, labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';

interface CapturedHttp {
  readonly path: string;
  readonly request?: unknown;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Step {
  readonly step: string;
  readonly http?: CapturedHttp;
  readonly redis?: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly objects?: readonly { readonly body: string }[];
}

interface Job {
  readonly data: { readonly payload: { readonly data: Readonly<Record<string, unknown>> } };
  readonly opts: Readonly<Record<string, unknown>>;
}

function steps(file: string): (name: string) => Step {
  const recorded = readCapture(file, '4.16.0') as { readonly steps: readonly Step[] };
  return (name) => {
    const found = recorded.steps.find((one) => one.step === name);
    if (found === undefined) throw new Error(`no step ${name} in ${file}`);
    return found;
  };
}

const pipeline = steps('pipeline.json');
const scored = steps('score-and-dropped-span.json');
const json = { 'content-type': 'application/json' };
let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab('4.16.0');
  web = await started();
}, 60_000);
beforeEach(async () => {
  await lab.redis.flushall();
});
afterAll(async () => await lab.close());

async function started(more: Readonly<Record<string, string>> = {}): Promise<LabProgram> {
  const program = lab.start(langfuseWebServer, more);
  await eventually(async () => await fetch(`${program.url}/api/public/ready`));
  return program;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  to = web,
): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }> {
  const answer = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: { ...labKey, ...json, ...headers },
    body,
  });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

const event = (type: string, id: string, body: object): object => ({
  id,
  type,
  timestamp: '2026-11-20T20:05:19.812Z',
  body,
});

async function jobs(queue: string): Promise<Job[]> {
  const keys = (await lab.redis.keys(`bull:${queue}:*`)).filter((key) => /:\d+$/.test(key)).sort();
  const hashes = await Promise.all(keys.map(async (key) => await lab.redis.hgetall(key)));
  return hashes.map((hash) => opened(hash));
}

/** A job hash with its JSON texts parsed. */
function opened(hash: Readonly<Record<string, string>>): Job {
  return { ...hash, data: JSON.parse(hash['data'] ?? '{}'), opts: JSON.parse(hash['opts'] ?? '{}') };
}

describe('an export is taken as captured', () => {
  it('is answered with its job, and lies in Redis and S3 while no worker runs', async () => {
    const { http, redis = {} } = { ...pipeline('queued in Redis'), ...pipeline('sent, worker stopped') };
    const answer = await post('/api/public/otel/v1/traces', JSON.stringify(http?.request));
    expect(answer.status).toBe(http?.status);
    expect(shape(answer.body)).toEqual(shape(JSON.parse(http?.body ?? '')));
    for (const name of Object.keys(http?.headers ?? {}).filter((one) => one !== 'transfer-encoding'))
      expect([name, answer.headers.get(name)]).toEqual([name, http?.headers?.[name]]);

    const queued = pipeline('queued in Redis').redis ?? redis;
    expect((await lab.redis.keys('bull:*')).sort()).toEqual(Object.keys(queued).sort());
    const [job] = await jobs('otel-ingestion-queue');
    const recorded = opened(queued['bull:otel-ingestion-queue:1']?.value as Record<string, string>);
    expect(shape(job)).toEqual(shape(recorded));
    const { traceparent: _, baggage, ...options } = job?.opts ?? {};
    const { traceparent: _t, baggage: recordedBaggage, ...recordedOptions } = recorded.opts;
    expect(options).toEqual(recordedOptions);
    const withoutKey = (text: unknown): string => String(text).replace(/api_key\.id=\w+/, '');
    expect(withoutKey(baggage)).toBe(withoutKey(recordedBaggage));

    const fileKey = String(job?.data.payload.data['fileKey']);
    expect(fileKey).toMatch(/^v4events\/otel\/lab-project\/\d{4}(\/\d\d){4}\/[0-9a-f-]{36}\.json$/);
    const [object] = await storedObjects(lab, fileKey);
    expect(object?.body).toBe(pipeline('objects in S3').objects?.[0]?.body);
  });

  it('gzip of the same JSON is the same', async () => {
    const { http } = pipeline('sent, worker stopped');
    const body = gzipSync(JSON.stringify(http?.request));
    const answer = await post('/api/public/otel/v1/traces', body, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(http?.status);
    const [job] = await jobs('otel-ingestion-queue');
    const [object] = await storedObjects(lab, String(job?.data.payload.data['fileKey']));
    expect(object?.body).toBe(pipeline('objects in S3').objects?.[0]?.body);
  });

  it('is not readable before the worker ran', async () => {
    const { http } = pipeline('read before the worker ran');
    const answer = await fetch(`${web.url}${http?.path}`, { headers: labKey });
    expect([answer.status, await answer.text()]).toEqual([http?.status, http?.body]);
  });

  it.each(['otlp-proto-none', 'otlp-proto-gzip'])('%s: 64-bit numbers become texts', async (name) => {
    const capture = JSON.parse(readFileSync(`test/fixtures/captures/sdk/${name}.json`, 'utf8')) as {
      requests: { headers: Record<string, string>; bodyBase64: string }[];
    };
    const [request] = capture.requests;
    const plain = Buffer.from(request?.bodyBase64 ?? '', 'base64');
    const gzip = request?.headers['content-encoding'] === 'gzip';
    const headers = {
      'content-type': 'application/x-protobuf',
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      x_langfuse_sdk_name: 'python',
      'x-langfuse-sdk-version': '4.7.0',
    };
    const answer = await post('/api/public/otel/v1/traces', gzip ? gzipSync(plain) : plain, headers);
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { payload: { sdkName: 'python', sdkVersion: '4.7.0', ingestionVersion: '' } } },
    });
    const [job] = await jobs('otel-ingestion-queue');
    const [object] = await storedObjects(lab, String(job?.data.payload.data['fileKey']));
    expect(JSON.parse(object?.body ?? '')).toMatchObject([
      {
        scopeSpans: [
          {
            scope: { name: 'langfuse-sdk' },
            spans: [
              {
                traceId: { type: 'Buffer' },
                name: 'root',
                kind: 1,
                startTimeUnixNano: expect.stringMatching(/^17\d{17}$/),
                status: { code: 0 },
              },
            ],
          },
        ],
      },
    ]);
  });
});

describe('an export that the worker could not read is refused as a whole', () => {
  const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'n' };
  const exported = (spans: unknown): string =>
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'by-hand' }, spans }] }] });

  it.each([
    [
      'a log record',
      exported([{ body: 'x' }]),
      '1 of 1 span(s) cannot be processed (traceId:absent, spanId:absent)',
    ],
    [
      'a number as id',
      exported([{ ...span, spanId: 7 }]),
      '1 of 1 span(s) cannot be processed (spanId:not_an_id)',
    ],
    [
      'attributes as an object, beside a good span',
      exported([span, { ...span, attributes: { a: 1 } }]),
      '1 of 2 span(s) cannot be processed (attributes:not_an_array)',
    ],
    [
      'spans as an object',
      exported({}),
      '1 resource- or scope-level field(s) are present but not arrays (spans:not_an_array)',
    ],
  ])('%s', async (_what, body, problem) => {
    const answer = await post('/api/public/otel/v1/traces', body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(`Invalid OTLP trace export: ${problem}. `) },
    });
    expect(answer.body).toMatchObject({
      error: expect.stringContaining('no spans were ingested. Instrumentation scopes: by-hand. '),
    });
    expect(await lab.redis.keys('bull:*')).toEqual([]);
  });

  it('an unknown version of the protocol is, too', async () => {
    const headers = { 'x-langfuse-ingestion-version': '5' };
    expect(await post('/api/public/otel/v1/traces', exported([span]), headers)).toMatchObject({
      status: 400,
      body: { error: 'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".' },
    });
  });
});

describe('a JSON batch in events_only mode', () => {
  it('keeps its score and refuses its trace, as captured', async () => {
    const { http } = scored('score and trace in one JSON batch');
    const batch = [
      event('trace-create', 't1', { id: 't1', name: 'x' }),
      event('score-create', 's1', { id: 's1', traceId: 't1', name: 'n', value: 1 }),
    ];
    const headers = { 'x-langfuse-sdk-name': 'python', 'x-langfuse-sdk-version': '2.60.0' };
    const answer = await post('/api/public/ingestion', JSON.stringify({ batch }), headers);
    expect([answer.status, answer.body]).toEqual([http?.status, JSON.parse(http?.body ?? '')]);
    const queued = await jobs('ingestion-queue');
    expect(queued.map((job) => job.data.payload.data)).toEqual([
      {
        type: 'score-create',
        eventBodyId: 's1',
        fileKey: 's1',
        skipS3List: false,
        bucketPrefix: 'v4events/lab-project/score/s1/',
        ingestionApiKey: 'pk-lf-lab',
        ingestionSdkName: 'python',
        ingestionSdkVersion: '2.60.0',
      },
    ]);
  });

  it('logs what an SDK has to say and stores nothing of it', async () => {
    const batch = [event('sdk-log', 'l1', { log: 'slow' }), 7];
    const answer = await post('/api/public/ingestion', JSON.stringify({ batch }));
    expect(answer).toMatchObject({
      status: 207,
      body: { successes: [], errors: [{ id: 'unknown', status: 400, message: 'Event type not accepted' }] },
    });
    expect(await lab.redis.keys('bull:*')).toEqual([]);
    expect(web.log.some((line) => line.endsWith('SDK Log Event'))).toBe(true);
  });
});

describe('what is queued', () => {
  it('a score of its own endpoint', async () => {
    const answer = await post('/api/public/scores', JSON.stringify({ traceId: 't', name: 'n', value: 1 }));
    expect(answer).toMatchObject({ status: 200, body: { id: expect.any(String) } });
    const [job] = await jobs('ingestion-queue');
    expect(job?.data.payload.data).toMatchObject({ type: 'score-create', ingestionSdkName: 'unknown' });
    expect(job?.opts['baggage']).toContain('route=POST%20%2Fapi%2Fpublic%2Fscores,');
  });

  it('an id that no path can have lies under another, and its job knows which', async () => {
    const batch = [event('score-create', 'e/1', { id: 'a/b', traceId: 't', name: 'n', value: 1 })];
    await post('/api/public/ingestion', JSON.stringify({ batch }));
    const [job] = await jobs('ingestion-queue');
    const { bucketPrefix, fileKey } = job?.data.payload.data ?? {};
    expect([bucketPrefix, fileKey]).toEqual([
      'v4events/lab-project/score/a_b_c14cddc033f64b9d/',
      expect.stringMatching(/^e_1_[0-9a-f]{16}$/),
    ]);
    const [object] = await storedObjects(lab, String(bucketPrefix));
    expect(object?.key).toBe(`${String(bucketPrefix)}${String(fileKey)}.json`);
  });

  it('a score to delete, at once', async () => {
    const answer = await fetch(`${web.url}/api/public/scores/s9`, { method: 'DELETE', headers: labKey });
    expect(answer.status).toBe(202);
    const [job] = await jobs('score-delete');
    expect(job?.data.payload).toEqual({ projectId: 'lab-project', scoreIds: ['s9'] });
    expect(job?.opts).not.toHaveProperty('delay');
    expect(await lab.sql(`SELECT action FROM audit_logs WHERE resource_id = 's9'`)).toEqual([
      { action: 'delete' },
    ]);
  });

  it('traces to delete, each noted in Postgres, but none of a project that is left alone', async () => {
    const asked = async (to: LabProgram): Promise<Response> =>
      await fetch(`${to.url}/api/public/traces`, {
        method: 'DELETE',
        headers: { ...labKey, ...json },
        body: JSON.stringify({ traceIds: ['d1', 'd2'] }),
      });
    const skipping = await started({ LANGFUSE_DELETE_SKIP_PROJECT_IDS: 'x,lab-project' });
    expect((await asked(skipping)).status).toBe(200);
    await skipping.stop();
    expect(await lab.redis.keys('bull:*')).toEqual([]);
    expect(await (await asked(web)).json()).toEqual({ message: 'Traces deleted successfully' });
    const [job] = await jobs('trace-delete');
    expect(job?.data.payload).toEqual({ projectId: 'lab-project', traceIds: ['d1', 'd2'] });
    expect(
      await lab.sql('SELECT object, object_id, is_deleted FROM pending_deletions ORDER BY object_id'),
    ).toEqual([
      { object: 'trace', object_id: 'd1', is_deleted: false },
      { object: 'trace', object_id: 'd2', is_deleted: false },
    ]);
  });
});

describe('what the modes serve', () => {
  const gone: readonly (readonly [string, string])[] = [
    ['GET', '/api/public/traces'],
    ['POST', '/api/public/traces'],
    ['GET', '/api/public/traces/t'],
    ['GET', '/api/public/observations'],
    ['GET', '/api/public/observations/o'],
    ['GET', '/api/public/sessions'],
    ['GET', '/api/public/sessions/s'],
    ['GET', '/api/public/scores'],
    ['GET', '/api/public/scores/s'],
    ['GET', '/api/public/v2/scores'],
    ['GET', '/api/public/v2/scores/s'],
    ['GET', '/api/public/metrics'],
    ['GET', '/api/public/metrics/daily'],
    ['POST', '/api/public/events'],
    ['POST', '/api/public/spans'],
    ['PATCH', '/api/public/generations'],
    ['GET', '/api/public/datasets/d/runs'],
    ['GET', '/api/public/dataset-run-items'],
  ];

  it.each(gone)('%s %s is gone in events_only mode before the key is looked at', async (method, path) => {
    const answer = await fetch(`${web.url}${path}`, { method });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      {
        message:
          'This endpoint is not available on deployments running in Langfuse v4 events_only mode. Learn more about Langfuse v4 at: https://langfuse.com/docs/v4',
      },
    ]);
  });

  it.each([
    ['GET', '/api/public/projects'],
    ['POST', '/api/public/scores'],
    ['DELETE', '/api/public/scores/s'],
    ['DELETE', '/api/public/traces'],
    ['GET', '/api/public/v2/observations'],
    ['GET', '/api/public/v2/metrics'],
    ['GET', '/api/public/v3/scores'],
    ['GET', '/api/public/v2/prompts'],
  ])('%s %s is served, to who has a key', async (method, path) => {
    const answer = await fetch(`${web.url}${path}`, { method });
    expect([answer.status, await answer.json()]).toEqual([401, { message: 'No authorization header' }]);
  });

  it.each(['dual', 'legacy'])('%s takes JSON traces and reads the tables of 3', async (mode) => {
    const other = await started({ LANGFUSE_MIGRATION_V4_WRITE_MODE: mode });
    const batch = [event('trace-create', 'old', { id: 'old', name: 'x' })];
    const answer = await post('/api/public/ingestion', JSON.stringify({ batch }), {}, other);
    expect(answer.body).toEqual({ successes: [{ id: 'old', status: 201 }], errors: [] });
    const read = await fetch(`${other.url}/api/public/traces?limit=1`, { headers: labKey });
    expect(read.status).toBe(200);
    const query = encodeURIComponent(
      JSON.stringify({
        view: 'observations',
        metrics: [{ measure: 'count', aggregation: 'count' }],
        fromTimestamp: '2026-11-01T00:00:00Z',
        toTimestamp: '2026-12-01T00:00:00Z',
      }),
    );
    const metrics = await fetch(`${other.url}/api/public/v2/metrics?query=${query}`, { headers: labKey });
    expect(metrics.status).toBe(mode === 'legacy' ? 404 : 200);
    await other.stop();
  });

  it('a mode that is none stops the server', async () => {
    const other = lab.start(langfuseWebServer, { LANGFUSE_MIGRATION_V4_WRITE_MODE: 'both' });
    const answer = await eventually(async () => await fetch(`${other.url}/api/public/health`));
    expect(answer.status).toBe(500);
    expect(other.log.join('\n')).toContain(String.raw`expected one of \"legacy\"|\"dual\"|\"events_only\"`);
    await other.stop();
  });
});

describe('keys', () => {
  it('goes by the secret, names the mismatch in its log, and attributes events to the key', async () => {
    const batch = [event('score-create', 's2', { id: 's2', traceId: 't', name: 'n', value: 1 })];
    const headers = basic('pk-lf-another', 'sk-lf-lab');
    const answer = await post('/api/public/ingestion', JSON.stringify({ batch }), headers);
    expect(answer.body).toEqual({ successes: [{ id: 's2', status: 201 }], errors: [] });
    const [job] = await jobs('ingestion-queue');
    expect(job?.data.payload.data['ingestionApiKey']).toBe('pk-lf-lab');
    expect(web.log.join('\n')).toContain(
      'Public key mismatch on basic auth: submitted public key pk-lf-another does not match public key pk-lf-lab of the API key',
    );
  });

  it('refuses a public key alone where it is not enough', async () => {
    const answer = await fetch(`${web.url}/api/public/v2/observations`, {
      headers: { authorization: 'Bearer pk-lf-lab' },
    });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { message: 'Access denied - insufficient permissions for this endpoint' },
    ]);
  });
});

describe('media', () => {
  it('links say who made them', async () => {
    const wanted = {
      traceId: 't',
      contentType: 'image/jpeg',
      contentLength: 3,
      sha256Hash: `${'A'.repeat(43)}=`,
      field: 'input',
    };
    expect((await post('/api/public/media', JSON.stringify(wanted))).status).toBe(201);
    expect(await lab.sql('SELECT media_id, trace_id, field, origin FROM trace_media')).toEqual([
      { media_id: 'A'.repeat(22), trace_id: 't', field: 'input', origin: 'CLIENT_UPLOAD' },
    ]);
    expect(await lab.sql('SELECT bucket_path, upload_http_status FROM media')).toEqual([
      { bucket_path: `media/lab-project/${'A'.repeat(22)}.jpeg`, upload_http_status: null },
    ]);
  });
});
