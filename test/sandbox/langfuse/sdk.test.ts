import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { LangfuseClient } from '@langfuse/client';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { Langfuse } from 'langfuse';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { langfuseWorkerProgram } from '../../../src/sandbox/programs/langfuse-worker/program.ts';
import { eventually } from '../stores/host.ts';
import { labKey, openLab, type Lab, type LabProgram } from './lab.ts';
import { storedObjects } from './objects.ts';

interface SdkCapture {
  readonly requests: readonly {
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyJson?: unknown;
    readonly bodyBase64?: string;
  }[];
}

interface ReadTrace {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly tags: readonly string[];
  readonly observations: readonly Record<string, unknown>[];
  readonly scores: readonly Record<string, unknown>[];
}

const keys = { publicKey: 'pk-lf-lab', secretKey: 'sk-lf-lab' };
let lab: Lab;
let web: LabProgram;

beforeAll(async () => {
  lab = await openLab();
  web = lab.start(langfuseWebServer, { LANGFUSE_INGESTION_QUEUE_DELAY_MS: '50' });
  lab.start(langfuseWorkerProgram, { PORT: '13030' });
  await eventually(async () => await fetch(`${web.url}/api/public/health`));
}, 60_000);
afterAll(async () => await lab.close());

/** The trace, once it has as many observations as were sent. */
async function readable(traceId: string, observations: number): Promise<ReadTrace> {
  return await eventually(async () => {
    const answer = await fetch(`${web.url}/api/public/traces/${traceId}`, { headers: labKey });
    expect(answer.status).toBe(200);
    const trace = (await answer.json()) as ReadTrace;
    expect(trace.observations).toHaveLength(observations);
    return trace;
  });
}

const sdkCapture = (name: string): SdkCapture =>
  JSON.parse(readFileSync(`test/fixtures/captures/sdk/${name}.json`, 'utf8')) as SdkCapture;

describe('real SDKs send to the sandbox', () => {
  it('langfuse 3.39: trace, span, generation, score', async () => {
    const client = new Langfuse({ ...keys, baseUrl: web.url, flushAt: 50 });
    const failures: unknown[] = [];
    client.on('error', (error: unknown) => failures.push(error));
    const trace = client.trace({
      name: 'chat',
      userId: 'u1',
      sessionId: 's1',
      tags: ['x'],
      input: { q: 'hi' },
    });
    const span = trace.span({ name: 'retrieval', input: { k: 1 } });
    const generation = span.generation({ name: 'llm', model: 'gpt-4o', input: 'hi' });
    generation.end({ output: 'hello', usage: { promptTokens: 10, completionTokens: 5 } });
    span.end();
    trace.score({ name: 'quality', value: 0.9, comment: 'c' });
    trace.update({ output: 'done' });
    await client.flushAsync();
    expect(failures).toEqual([]);
    const read = await eventually(async () => {
      const found = await readable(trace.id, 2);
      expect(found.scores).toHaveLength(1);
      return found;
    });
    expect(read).toMatchObject({
      name: 'chat',
      userId: 'u1',
      sessionId: 's1',
      tags: ['x'],
      input: { q: 'hi' },
      output: 'done',
    });
    const llm = read.observations.find(({ name }) => name === 'llm');
    expect(llm).toMatchObject({
      type: 'GENERATION',
      model: 'gpt-4o',
      output: 'hello',
      totalTokens: 15,
      calculatedTotalCost: 0.000075,
    });
    expect(llm?.['parentObservationId']).toBe(
      read.observations.find(({ name }) => name === 'retrieval')?.['id'],
    );
    await client.shutdownAsync();
  });

  it('@langfuse/otel and @langfuse/tracing 5.11', async () => {
    const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: web.url, environment: 'staging' });
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    setLangfuseTracerProvider(provider);
    const root = startObservation('chat', { input: { q: 'hi' } });
    // What propagateAttributes sets on each span where a context manager is installed
    root.otelSpan.setAttributes({ 'user.id': 'u1', 'session.id': 's1', 'langfuse.trace.tags': ['x'] });
    const llm = root.startObservation('llm', { model: 'gpt-4o', input: 'hi' }, { asType: 'generation' });
    llm.update({ output: 'hello', usageDetails: { input: 10, output: 5, total: 15 } }).end();
    root.update({ output: 'done' }).end();
    await processor.forceFlush();
    const read = await readable(root.traceId, 2);
    expect(read).toMatchObject({
      name: 'chat',
      userId: 'u1',
      sessionId: 's1',
      tags: ['x'],
      environment: 'staging',
      output: 'done',
    });
    expect(read.observations.find(({ name }) => name === 'llm')).toMatchObject({
      type: 'GENERATION',
      parentObservationId: root.id,
      usageDetails: { input: 10, output: 5, total: 15 },
    });
    const files = await storedObjects(lab, 'events/otel/lab-project/');
    expect(files[0]?.key).toMatch(
      /^events\/otel\/lab-project\/\d{4}\/\d\d\/\d\d\/\d\d\/\d\d\/[0-9a-f-]{36}\.json$/,
    );
    await provider.shutdown();
  });

  it('@langfuse/client 5.11 reads and scores', async () => {
    const client = new LangfuseClient({ ...keys, baseUrl: web.url });
    const projects = await client.api.projects.get();
    expect(projects.data[0]).toMatchObject({ id: 'lab-project' });
    await expect(client.prompt.get('p')).rejects.toThrow(/Prompt not found: 'p' with label 'production'/);
    client.score.create({ traceId: 't-scored', name: 'q', value: 1 });
    await client.flush();
    await eventually(async () => {
      const scores = await client.api.legacy.scoreV1.create({ traceId: 't-scored', name: 'again', value: 0 });
      expect(scores.id).toBeTypeOf('string');
    });
    await eventually(async () =>
      expect(
        await lab.clickhouse(`SELECT name FROM scores FINAL WHERE trace_id = 't-scored' ORDER BY name`),
      ).toContainEqual({ name: 'q' }),
    );
  });
});

describe('recorded SDK requests are taken as they were sent', () => {
  it('langfuse-js-3.39.2-ingestion: every event type of the SDK', async () => {
    const [request] = sdkCapture('langfuse-js-3.39.2-ingestion').requests;
    const answer = await fetch(`${web.url}/api/public/ingestion`, {
      method: 'POST',
      headers: { ...labKey, 'content-type': 'application/json' },
      body: JSON.stringify(request?.bodyJson),
    });
    expect(answer.status).toBe(207);
    expect(((await answer.json()) as { errors: unknown[] }).errors).toEqual([]);
    const read = await readable('63937739-c512-4b74-b78f-3fbf39688216', 3);
    expect(read).toMatchObject({
      name: 'chat',
      release: 'r1',
      version: 'v1',
      environment: 'staging',
      metadata: { a: 1 },
    });
    expect(read.observations.find(({ name }) => name === 'llm')).toMatchObject({
      output: 'hello',
      totalTokens: 15,
      calculatedTotalCost: 0.001,
      modelParameters: { temperature: 0.1 },
    });
  });

  it.each(['otlp-proto-none', 'otlp-proto-gzip'])('%s: protobuf', async (name) => {
    const [request] = sdkCapture(name).requests;
    const plain = Buffer.from(request?.bodyBase64 ?? '', 'base64');
    const gzip = request?.headers['content-encoding'] === 'gzip';
    const answer = await fetch(`${web.url}/api/public/otel/v1/traces`, {
      method: 'POST',
      headers: {
        ...labKey,
        'content-type': 'application/x-protobuf',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      },
      body: gzip ? gzipSync(plain) : plain,
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      name: 'otel-ingestion-job',
      queueQualifiedName: 'bull:otel-ingestion-queue',
    });
    const traceId = plain.toString('hex').match(/0a10([0-9a-f]{32})1208/)?.[1] ?? '';
    const read = await readable(traceId, 1);
    expect(read).toMatchObject({ name: 'chat', userId: 'u1', sessionId: 's1' });
    expect(read.observations[0]).toMatchObject({
      name: 'root',
      type: 'GENERATION',
      model: 'gpt-4o',
      input: { q: 1 },
    });
  });

  it('langfuse-otel-5.11.1-traces: JSON', async () => {
    const [request] = sdkCapture('langfuse-otel-5.11.1-traces').requests;
    const answer = await fetch(`${web.url}/api/public/otel/v1/traces`, {
      method: 'POST',
      headers: { ...labKey, 'content-type': 'application/json' },
      body: JSON.stringify(request?.bodyJson),
    });
    expect(answer.status).toBe(200);
    const read = await readable('d085838fde784c9c2c8cd044bdc7d69e', 3);
    expect(read).toMatchObject({
      name: 'chat',
      tags: ['x'],
      release: 'r1',
      version: 'v1',
      input: { q: 'hi' },
      output: 'done',
    });
    expect(read.observations.find(({ name }) => name === 'search')).toMatchObject({
      type: 'TOOL',
      level: 'WARNING',
    });
  });
});

describe('bad exports and events', () => {
  const post = async (
    path: string,
    headers: Record<string, string>,
    body: string | Buffer,
  ): Promise<[number, unknown]> => {
    const answer = await fetch(`${web.url}/api/public${path}`, {
      method: 'POST',
      headers: { ...labKey, ...headers },
      body,
    });
    return [answer.status, await answer.json()];
  };
  const json = { 'content-type': 'application/json' };

  it.each([
    ['no content type', { 'content-type': 'text/plain' }, '{}', 'Invalid content type'],
    ['broken JSON', json, '{', 'Failed to parse OTel JSON Trace'],
    [
      'broken protobuf',
      { 'content-type': 'application/x-protobuf' },
      randomBytes(40).fill(0xff),
      'Failed to parse OTel Protobuf Trace',
    ],
    ['broken gzip', { ...json, 'content-encoding': 'gzip' }, 'x', 'Failed to decompress request body'],
    [
      'too new',
      { ...json, 'x-langfuse-ingestion-version': '5' },
      '{"resourceSpans":[{}]}',
      'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".',
    ],
  ])('OTLP with %s: 400', async (_what, headers, body, error) => {
    expect(await post('/otel/v1/traces', headers, body)).toEqual([400, { error }]);
  });

  it('an empty export is fine', async () => {
    expect(await post('/otel/v1/traces', json, '{}')).toEqual([200, {}]);
  });

  it('refuses events one by one inside the 207', async () => {
    const good = { id: 'g', type: 'trace-create', timestamp: new Date().toISOString(), body: { id: 'g' } };
    const batch = [
      good,
      { ...good, id: 'b1', type: 'nope' },
      { ...good, id: 'b2', timestamp: 'yesterday' },
      7,
    ];
    const [status, body] = await post('/ingestion', json, JSON.stringify({ batch }));
    expect(status).toBe(207);
    expect(body).toMatchObject({
      successes: [{ id: 'g', status: 201 }],
      errors: [
        { id: 'b1', status: 400, message: 'Invalid request data' },
        { id: 'b2', status: 400, message: 'Invalid request data' },
        { id: 'unknown', status: 400, message: 'Invalid request data' },
      ],
    });
  });

  it.each([
    ['no batch', '{"events":[]}', 400],
    ['no JSON', 'hello', 400],
    ['5 MB', JSON.stringify({ batch: [], fill: 'x'.repeat(5_000_000) }), 413],
  ])('a body with %s is refused whole', async (_what, body, status) => {
    expect((await post('/ingestion', json, body))[0]).toBe(status);
  });

  it('lets a public key alone write scores and nothing else', async () => {
    const bearer = { ...json, authorization: 'Bearer pk-lf-lab' };
    const at = new Date().toISOString();
    const batch = [
      { id: 't', type: 'trace-create', timestamp: at, body: { id: 't' } },
      { id: 's', type: 'score-create', timestamp: at, body: { traceId: 't', name: 'n', value: 1 } },
    ];
    const [, body] = await post('/ingestion', bearer, JSON.stringify({ batch }));
    expect(body).toMatchObject({
      successes: [{ id: 's' }],
      errors: [{ id: 't', status: 401, error: 'Access Scope Denied' }],
    });
  });
});

describe('media', () => {
  it('is uploaded by the client to the presigned URL, and known the second time', async () => {
    const bytes = Buffer.from('media');
    const sha256Hash = createHash('sha256').update(bytes).digest('base64');
    const wanted = {
      traceId: 't',
      contentType: 'text/plain',
      contentLength: bytes.length,
      sha256Hash,
      field: 'input',
    };
    const ask = async (): Promise<{ mediaId: string; uploadUrl: string | null }> => {
      const headers = { ...labKey, 'content-type': 'application/json' };
      const answer = await fetch(`${web.url}/api/public/media`, {
        method: 'POST',
        headers,
        body: JSON.stringify(wanted),
      });
      expect(answer.status).toBe(201);
      return (await answer.json()) as { mediaId: string; uploadUrl: string | null };
    };
    const { mediaId, uploadUrl } = await ask();
    const put = await fetch(uploadUrl ?? '', {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', 'x-amz-checksum-sha256': sha256Hash },
      body: bytes,
    });
    expect(put.status).toBe(200);
    const report = { uploadedAt: new Date().toISOString(), uploadHttpStatus: put.status };
    const headers = { ...labKey, 'content-type': 'application/json' };
    await fetch(`${web.url}/api/public/media/${mediaId}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify(report),
    });
    expect((await ask()).uploadUrl).toBeNull();
    const read = (await (
      await fetch(`${web.url}/api/public/media/${mediaId}`, { headers: labKey })
    ).json()) as { url: string };
    expect(await (await fetch(read.url)).text()).toBe('media');
  });
});

describe('other endpoints', () => {
  const get = async (path: string, headers: Record<string, string> = labKey): Promise<Response> =>
    await fetch(`${web.url}${path}`, { headers });

  it('deletes a score through the queue', async () => {
    const headers = { ...labKey, 'content-type': 'application/json' };
    const body = JSON.stringify({ id: 'doomed', traceId: 't-doomed', name: 'n', value: 1 });
    await fetch(`${web.url}/api/public/scores`, { method: 'POST', headers, body });
    await eventually(async () => expect((await get('/api/public/scores/doomed')).status).toBe(200));
    const asked = await fetch(`${web.url}/api/public/scores/doomed`, { method: 'DELETE', headers: labKey });
    expect([asked.status, await asked.json()]).toEqual([
      202,
      { message: 'Score deletion queued successfully' },
    ]);
    await eventually(async () => expect((await get('/api/public/scores/doomed')).status).toBe(404));
  });

  it.each([
    ['/api/public/sessions/nope', 404],
    ['/api/public/observations/nope', 404],
    ['/api/public/v2/observations?limit=1', 404],
    ['/api/public/v2/datasets/nope', 404],
    ['/api/public/media/nope', 404],
    ['/api/public/traces?limit=0', 400],
    ['/api/public/traces?limit=101', 400],
    ['/api/public/traces?page=x', 400],
    ['/api/public/observations?limit=2&type=SPAN', 200],
    ['/api/public/v2/scores?limit=2', 200],
    ['/api/public/sessions', 200],
    ['/api/public/v2/prompts', 200],
    ['/api/public/v2/datasets', 200],
  ])('GET %s: %i in JSON', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect((await get(path, {})).status).toBe(401);
  });

  it('shows a page to a browser, and another for what is not there', async () => {
    expect(await (await get('/')).text()).toContain('<title>Langfuse</title>');
    const absent = await get('/api/public/nothing');
    expect([absent.status, absent.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it('counts and manages queues for the admin key alone', async () => {
    expect(await (await get('/api/admin/bullmq', {})).json()).toEqual({
      error: 'Unauthorized: No authorization header provided',
    });
    expect(await (await get('/api/admin/bullmq', { authorization: 'Bearer x' })).json()).toEqual({
      error: 'ADMIN_API_KEY is not set',
    });
    const admin = lab.start(langfuseWebServer, { ADMIN_API_KEY: 'canary-admin' });
    const ask = async (key: string, init: RequestInit = {}): Promise<Response> =>
      await eventually(
        async () =>
          await fetch(`${admin.url}/api/admin/bullmq`, {
            ...init,
            headers: { authorization: `Bearer ${key}` },
          }),
      );
    expect((await ask('wrong')).status).toBe(401);
    const depths = (await (await ask('canary-admin')).json()) as { queueName: string; jobCount: object }[];
    expect(depths.find(({ queueName }) => queueName === 'ingestion-queue')?.jobCount).toHaveProperty(
      'waiting-children',
      0,
    );
    const body = JSON.stringify({ action: 'retry', queueNames: ['ingestion-queue'] });
    expect((await ask('canary-admin', { method: 'POST', body })).status).toBe(200);
    expect(admin.log.join('\n')).not.toContain('canary-admin');
    await admin.stop();
  });
});
