import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, labTimeoutMs, openLab2, send, type Answered, type Lab2, type Web2Run } from './lab.ts';

let lab: Lab2;
let web: Web2Run;

beforeAll(async () => {
  lab = await openLab2();
  web = await lab.web({ KEEP_ALIVE_TIMEOUT: '7000' });
}, labTimeoutMs);
afterAll(async () => await lab.close());

const get = async (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
  await ask(`${web.url}/api/public/${path}`, { headers });
const bearer = { authorization: 'Bearer pk-lf-lab' };
const version = '2.95.12';

describe('health and ready', () => {
  it('answer with the version', async () => {
    expect(await get('health')).toEqual([200, { status: 'OK', version }]);
    expect(await get('ready')).toEqual([200, { status: 'OK', version }]);
  });

  it('know which events are recent by the time they came, traces first', async () => {
    const asked = 'health?failIfNoRecentEvents=true';
    expect(await get(asked)).toEqual([503, { status: 'No traces within the last 3 minutes', version }]);
    await send(web, [['trace-create', { id: 'recent', timestamp: '2020-01-01T00:00:00Z' }]]);
    expect(await get(asked)).toEqual([503, { status: 'No observations within the last 3 minutes', version }]);
    await send(web, [
      ['span-create', { id: 'recent', traceId: 'recent', startTime: '2020-01-01T00:00:00Z' }],
    ]);
    expect(await get(asked)).toEqual([200, { status: 'OK', version }]);
  });

  it.each(['failIfClickhouseUnavailable=true', 'failIfRedisUnavailable=true', 'failIfDatabaseUnavailable=1'])(
    'ignore what they do not know: %s',
    async (query) => {
      expect((await get(`health?${query}`))[0]).toBe(200);
    },
  );

  it('say how long a connection is kept', async () => {
    const answer = await fetch(`${web.url}/api/public/health`);
    await answer.text();
    expect(answer.headers.get('keep-alive')).toBe('timeout=7');
  });
});

describe('traces', () => {
  beforeAll(async () => {
    await send(web, [
      [
        'trace-create',
        { id: 'a', name: 'chat', userId: 'u1', tags: ['x', 'y'], timestamp: '2026-01-01T00:00:00Z' },
      ],
      [
        'trace-create',
        { id: 'b', name: 'chat', userId: 'u2', tags: ['x'], timestamp: '2026-01-02T00:00:00Z' },
      ],
      [
        'generation-create',
        {
          id: 'a-1',
          traceId: 'a',
          name: 'llm',
          model: 'gpt-4o',
          modelParameters: { temperature: 0.1 },
          startTime: '2026-01-01T00:00:00.000Z',
          completionStartTime: '2026-01-01T00:00:00.500Z',
          endTime: '2026-01-01T00:00:02.000Z',
          usage: { input: 10, output: 5, unit: 'TOKENS' },
        },
      ],
      [
        'score-create',
        { id: 'a-score', traceId: 'a', observationId: 'a-1', name: 'q', value: 0.5, comment: 'c' },
      ],
    ]);
  });

  it('one with its observations and scores', async () => {
    const [status, trace] = await get('traces/a');
    expect(status).toBe(200);
    expect(trace).toMatchObject({
      id: 'a',
      projectId: 'lab-project',
      name: 'chat',
      userId: 'u1',
      tags: ['x', 'y'],
      externalId: null,
      bookmarked: false,
      public: false,
      timestamp: '2026-01-01T00:00:00.000Z',
      htmlPath: '/project/lab-project/traces/a',
      totalCost: 0.000125,
      latency: 2,
      observations: [
        {
          id: 'a-1',
          type: 'GENERATION',
          modelId: 'b9854a5c92dc496b997d99d20',
          modelParameters: { temperature: 0.1 },
          usage: { unit: 'TOKENS', input: 10, output: 5, total: 15 },
          inputPrice: 0.000005,
          calculatedInputCost: 0.00005,
          latency: 2,
          timeToFirstToken: 0.5,
        },
      ],
      scores: [{ id: 'a-score', value: 0.5, dataType: 'NUMERIC', source: 'API', comment: 'c' }],
    });
  });

  it.each([
    ['userId=u1', ['a']],
    ['name=chat', ['b', 'a']],
    ['name=chat&orderBy=timestamp.asc', ['a', 'b']],
    ['tags=x,y', ['a']],
    ['tags=x&tags=y', ['a']],
    ['tags=x&limit=1&page=2', ['a']],
    ['name=chat&fromTimestamp=2026-01-02T00:00:00Z', ['b']],
    ['name=chat&toTimestamp=2026-01-02T00:00:00Z', ['a']],
  ])('listed by %s', async (query, ids) => {
    const [status, body] = await get(`traces?${query}`);
    const { data, meta } = body as { data: { id: string }[]; meta: object };
    expect([status, data.map(({ id }) => id)]).toEqual([200, ids]);
    expect(Object.keys(meta)).toEqual(['page', 'limit', 'totalItems', 'totalPages']);
  });

  it('listed with ids of what belongs to them', async () => {
    const [, body] = await get('traces?userId=u1');
    expect(body).toMatchObject({
      data: [{ observations: ['a-1'], scores: ['a-score'], totalCost: 0.000125, latency: 2 }],
      meta: { page: 1, limit: 50, totalItems: 1, totalPages: 1 },
    });
  });

  it.each([
    ['traces?limit=101', 400, 'Number must be less than or equal to 100'],
    ['traces?page=x', 400, 'Expected number, received nan'],
    ['traces?fromTimestamp=yesterday', 400, 'Invalid datetime'],
  ])('%s: %i', async (path, status, message) => {
    expect(await get(path)).toMatchObject([
      status,
      { message: 'Invalid request data', error: [{ message }] },
    ]);
  });

  it('cannot be deleted, and there is no OpenTelemetry', async () => {
    const refused = [405, { message: 'Method not allowed', error: 'MethodNotAllowedError' }];
    const body = JSON.stringify({ traceIds: ['a'] });
    expect(await ask(`${web.url}/api/public/traces`, { method: 'DELETE', body })).toEqual(refused);
    expect(await ask(`${web.url}/api/public/traces/a`, { method: 'DELETE' })).toEqual(refused);
    const otel = await fetch(`${web.url}/api/public/otel/v1/traces`, { method: 'POST', body: '{}' });
    expect([otel.status, otel.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await get('traces/a'))[0]).toBe(200);
  });

  it('can be posted alone, as before there were batches', async () => {
    const body = JSON.stringify({ name: 'old' });
    const [status, made] = await ask(`${web.url}/api/public/traces`, { method: 'POST', body });
    expect(status).toBe(200);
    expect(await get(`traces/${(made as { id: string }).id}`)).toMatchObject([200, { name: 'old' }]);
  });

  it('have daily metrics', async () => {
    expect(await get('metrics/daily')).toMatchObject([
      200,
      {
        data: expect.arrayContaining([
          {
            date: '2026-01-01',
            countTraces: 1,
            countObservations: 1,
            totalCost: 0.000125,
            usage: [expect.objectContaining({ model: 'gpt-4o', inputUsage: 10, totalUsage: 15 })],
          },
        ]),
      },
    ]);
  });
});

describe('scores', () => {
  it('are written, listed with their trace, read and deleted at once', async () => {
    await send(web, [['trace-create', { id: 'scored', userId: 'u9' }]]);
    const body = JSON.stringify({ id: 'doomed', traceId: 'scored', name: 'n', value: 'good' });
    expect(await ask(`${web.url}/api/public/scores`, { method: 'POST', body })).toEqual([
      200,
      { id: 'doomed' },
    ]);
    expect(await get('scores?userId=u9')).toMatchObject([
      200,
      {
        data: [{ id: 'doomed', stringValue: 'good', trace: { userId: 'u9', tags: [] } }],
        meta: { totalItems: 1 },
      },
    ]);
    const remove = async (): Promise<Answered> =>
      await ask(`${web.url}/api/public/scores/doomed`, { method: 'DELETE' });
    expect(await remove()).toEqual([200, { message: 'Score deleted successfully' }]);
    const error = 'LangfuseNotFoundError';
    expect(await get('scores/doomed')).toEqual([404, { message: 'Score not found', error }]);
    expect(await remove()).toEqual([404, { message: 'Score not found within authorized project', error }]);
  });

  it('need the secret key when they are posted alone', async () => {
    const body = JSON.stringify({ traceId: 't', name: 'n', value: 1 });
    expect(await ask(`${web.url}/api/public/scores`, { method: 'POST', body, headers: bearer })).toEqual([
      401,
      { message: 'Access denied - need to use basic auth with secret key' },
    ]);
  });

  it('that are wrong are refused with the reason', async () => {
    const body = JSON.stringify({ traceId: 't', name: 'n', value: null });
    expect((await ask(`${web.url}/api/public/scores`, { method: 'POST', body }))[0]).toBe(400);
  });
});

describe('other endpoints', () => {
  it('sessions with their traces', async () => {
    await send(web, [['trace-create', { id: 'in-session', sessionId: 's1' }]]);
    expect(await get('sessions')).toMatchObject([200, { data: [{ id: 's1', projectId: 'lab-project' }] }]);
    const [, session] = await get('sessions/s1');
    expect(session).toMatchObject({ id: 's1', traces: [{ id: 'in-session', sessionId: 's1' }] });
  });

  it('projects: id and name, for a public key too', async () => {
    const expected = [200, { data: [{ id: 'lab-project', name: 'production' }] }];
    expect(await get('projects')).toEqual(expected);
    expect(await get('projects', bearer)).toEqual(expected);
  });

  it('prompts by label, version and name', async () => {
    await lab.sql(
      `INSERT INTO prompts (id, project_id, created_by, name, version, prompt, labels)
       VALUES ('p1', 'lab-project', 'API', 'p', 1, '"hello"', '{production}')`,
    );
    expect(await get('v2/prompts/p')).toMatchObject([200, { name: 'p', version: 1, prompt: 'hello' }]);
    expect(await get('v2/prompts/p?version=1')).toMatchObject([200, { version: 1 }]);
    expect(await get('v2/prompts/p?version=2')).toMatchObject([
      404,
      { message: "Prompt not found: 'p' with version 2" },
    ]);
    expect(await get('v2/prompts')).toMatchObject([
      200,
      { data: [{ name: 'p', versions: [1], labels: ['production'] }], pagination: { totalItems: 1 } },
    ]);
  });

  it.each([
    ['traces/nope', 404, 'Trace not found within authorized project'],
    ['observations/nope', 404, 'Observation not found within authorized project'],
    ['sessions/nope', 404, 'Session not found within authorized project'],
    ['media/nope', 404, 'Media asset not found'],
    ['v2/datasets/nope', 404, 'Dataset not found'],
    ['v2/prompts/nope', 404, "Prompt not found: 'nope' with label 'production'"],
  ])('%s: %i', async (path, status, message) => {
    expect(await get(path)).toMatchObject([status, { message, error: 'LangfuseNotFoundError' }]);
    expect((await get(path, { authorization: 'Basic eDp5' }))[0]).toBe(401);
  });

  it.each(['observations?type=SPAN', 'v2/datasets', 'scores?dataType=NUMERIC'])(
    '%s: a page',
    async (path) => {
      expect(await get(path)).toMatchObject([200, { data: expect.any(Array) as unknown, meta: { page: 1 } }]);
    },
  );

  it('logs each call of a route that needs a key', async () => {
    await get('sessions');
    expect(web.log.at(-1)).toMatch(/^\S+ info \tRequest to route Get Sessions projectId lab-project$/);
  });
});

describe('media', () => {
  const bytes = Buffer.from('media');
  const sha256Hash = createHash('sha256').update(bytes).digest('base64');
  const wanted = {
    traceId: 't',
    contentType: 'text/plain',
    contentLength: bytes.length,
    sha256Hash,
    field: 'input',
  };
  const post = async (to: Web2Run, body: unknown): Promise<Answered> =>
    await ask(`${to.url}/api/public/media`, { method: 'POST', body: JSON.stringify(body) });

  it('go to the presigned URL, and are known the second time', async () => {
    const [status, place] = await post(web, wanted);
    expect(status).toBe(201);
    const { mediaId, uploadUrl } = place as { mediaId: string; uploadUrl: string };
    expect(mediaId).toMatch(/^[0-9a-f-]{36}$/);
    expect(uploadUrl).toContain(`/langfuse/media/lab-project/${mediaId}.txt`);
    expect(await get(`media/${mediaId}`)).toMatchObject([404, { message: 'Media not yet uploaded' }]);
    const headers = { 'content-type': 'text/plain', 'x-amz-checksum-sha256': sha256Hash };
    const put = await fetch(uploadUrl, { method: 'PUT', headers, body: bytes });
    expect(put.status).toBe(200);
    const report = JSON.stringify({ uploadedAt: new Date().toISOString(), uploadHttpStatus: put.status });
    const patched = await ask(`${web.url}/api/public/media/${mediaId}`, { method: 'PATCH', body: report });
    expect(patched).toEqual([200, { message: 'OK' }]);
    expect(await post(web, { ...wanted, observationId: 'o' })).toEqual([201, { mediaId, uploadUrl: null }]);
    const [, read] = await get(`media/${mediaId}`);
    expect(await (await fetch((read as { url: string }).url)).text()).toBe('media');
    expect(await lab.sql('SELECT trace_id FROM trace_media')).toEqual([{ trace_id: 't' }]);
    expect(await lab.sql('SELECT observation_id FROM observation_media')).toEqual([{ observation_id: 'o' }]);
  });

  it.each([
    ['a video', { contentType: 'video/mp4' }],
    ['no hash', { sha256Hash: 'short' }],
    ['another field', { field: 'tags' }],
  ])('%s: 400', async (_what, change) => {
    expect((await post(web, { ...wanted, ...change }))[0]).toBe(400);
  });

  it('need the switch: 500 without it', async () => {
    const off = await lab.web({ LANGFUSE_S3_MEDIA_UPLOAD_ENABLED: undefined });
    const other = createHash('sha256').update('other').digest('base64');
    expect(await post(off, { ...wanted, sha256Hash: other })).toEqual([
      500,
      {
        message: 'Media upload to blob storage not enabled or no bucket configured',
        error: 'InternalServerError',
      },
    ]);
    await off.stop();
  });
});
