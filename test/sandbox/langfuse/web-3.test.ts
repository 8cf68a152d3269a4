import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { basic, labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';

interface Payload {
  readonly data: Readonly<Record<string, unknown>>;
  readonly authCheck: { readonly scope: Readonly<Record<string, unknown>> };
}

let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab();
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
  headers: Readonly<Record<string, string>> = labKey,
  to = web,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const type = { 'content-type': 'application/json' };
  const answer = await fetch(`${to.url}${path}`, { method: 'POST', headers: { ...type, ...headers }, body });
  return { status: answer.status, body: await answer.json() };
}

const span = JSON.stringify({
  batch: [
    {
      id: 'e1',
      type: 'span-create',
      timestamp: '2026-11-20T20:05:19.812Z',
      body: { id: 'o1', traceId: 't1', name: 'step' },
    },
  ],
});

/** The one job of a queue: its payload, and its delay in milliseconds. */
async function onlyJob(queue: string): Promise<{ readonly payload: Payload; readonly delayMs: number }> {
  const hash = await lab.redis.hgetall(`bull:${queue}:1`);
  const { payload } = JSON.parse(hash['data'] ?? '{}') as { payload: Payload };
  return { payload, delayMs: Number(hash['delay']) };
}

describe('jobs of 3', () => {
  it('wait as long as a variable says, and skip the list of files for a project that is named', async () => {
    const quick = await started({
      LANGFUSE_INGESTION_QUEUE_DELAY_MS: '1234',
      LANGFUSE_SKIP_S3_LIST_FOR_OBSERVATIONS_PROJECT_IDS: 'x,lab-project',
    });
    await post('/api/public/ingestion', span, labKey, quick);
    const { payload, delayMs } = await onlyJob('ingestion-queue');
    expect(delayMs).toBe(1234);
    expect(payload.data).toEqual({
      type: 'span-create',
      eventBodyId: 'o1',
      fileKey: 'e1',
      skipS3List: true,
      bucketPrefix: 'events/lab-project/observation/o1/',
    });
    await quick.stop();
  });

  it('carry the public key that was given, although the secret decides', async () => {
    expect(await post('/api/public/ingestion', span, basic('pk-lf-another', 'sk-lf-lab'))).toMatchObject({
      body: { successes: [{ id: 'e1' }], errors: [] },
    });
    const { payload } = await onlyJob('ingestion-queue');
    expect(payload.authCheck.scope['publicKey']).toBe('pk-lf-another');
    expect(web.log.join('\n')).not.toContain('Public key mismatch');
  });

  it('leave out what an exporter does not say; numbers of protobuf lie in two halves', async () => {
    const file = readFileSync('test/fixtures/captures/sdk/otlp-proto-none.json', 'utf8');
    const { requests } = JSON.parse(file) as { requests: { bodyBase64: string }[] };
    const body = Buffer.from(requests[0]?.bodyBase64 ?? '', 'base64');
    const headers = { ...labKey, 'content-type': 'application/x-protobuf' };
    expect((await post('/api/public/otel/v1/traces', body, headers)).status).toBe(200);
    const { payload } = await onlyJob('otel-ingestion-queue');
    expect(Object.keys(payload)).toEqual(['data', 'authCheck']);
    const [object] = await storedObjects(lab, String(payload.data['fileKey']));
    expect(JSON.parse(object?.body ?? '')).toMatchObject([
      {
        scopeSpans: [
          {
            spans: [
              { startTimeUnixNano: { low: expect.any(Number), high: expect.any(Number), unsigned: true } },
            ],
          },
        ],
      },
    ]);
  });

  it('are made of a trace without ids, too: 3 looks at no span before its worker does', async () => {
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'no ids' }] }] }] });
    expect((await post('/api/public/otel/v1/traces', body)).status).toBe(200);
  });
});

describe('answers of 3', () => {
  const get = async (path: string, headers = labKey): Promise<readonly [number, unknown]> => {
    const answer = await fetch(`${web.url}${path}`, { headers });
    return [answer.status, await answer.json()];
  };

  it.each(['observations', 'metrics'])('v2/%s are for deployments on their way to 4', async (name) => {
    const query = JSON.stringify({
      view: 'observations',
      metrics: [{ measure: 'count', aggregation: 'count' }],
      fromTimestamp: '2026-11-01T00:00:00Z',
      toTimestamp: '2026-12-01T00:00:00Z',
    });
    expect(await get(`/api/public/v2/${name}?query=${encodeURIComponent(query)}`)).toEqual([
      404,
      {
        message: `The ${name} v2 API is only available in a Langfuse v4 write mode. Learn more at: https://langfuse.com/docs/v4`,
        error: 'LangfuseNotFoundError',
      },
    ]);
  });

  it('in events_only mode are those of 4, in words of its own', async () => {
    const ahead = await started({ LANGFUSE_MIGRATION_V4_WRITE_MODE: 'events_only' });
    const { body } = await post('/api/public/ingestion', span, labKey, ahead);
    expect(body).toEqual({
      successes: [],
      errors: [
        {
          id: 'e1',
          status: 400,
          message: 'Event type not accepted',
          error:
            'Event type "span-create" is not accepted by /api/public/ingestion when LANGFUSE_MIGRATION_V4_WRITE_MODE is events_only. This endpoint only accepts score, log, and dataset-run-item events.',
        },
      ],
    });
    await ahead.stop();
  });

  it('tell a Postgres that refuses from a wrong key', async () => {
    await lab.sql('ALTER TABLE api_keys RENAME TO hidden_api_keys');
    try {
      expect(await get('/api/public/traces')).toEqual([503, { message: 'Service Unavailable' }]);
      expect(await post('/api/public/ingestion', span)).toEqual({
        status: 500,
        body: { error: 'Internal Server Error' },
      });
    } finally {
      await lab.sql('ALTER TABLE hidden_api_keys RENAME TO api_keys');
    }
  });
});
