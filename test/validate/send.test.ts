import { describe, expect, it } from 'vitest';
import { encodeSpans } from '../../src/adapters/otlp.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../../src/ports/langfuse.ts';
import { makeCanary } from '../../src/validate/canary.ts';
import { sendCanary } from '../../src/validate/send.ts';
import { answer } from './_answer.ts';

const at = new Date('2026-11-21T02:00:00Z');
const json = makeCanary('project', 'json', at);

interface Event {
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const batchIn = (request: HttpRequest): readonly Event[] =>
  (JSON.parse(String(request.body)) as { batch: Event[] }).batch;

/** A web server that answers with what the test says, and keeps what it was asked. */
function web(reply: (request: HttpRequest) => HttpAnswer): LangfusePort & { readonly asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    asked.push(request);
    return await Promise.resolve(reply(request));
  };
  const get = (path: string): Promise<HttpAnswer> => send({ method: 'GET', path });
  return { asked, get, getWithKeys: get, send, sendWithKeys: send, close: () => undefined };
}

const takenWhole = (request: HttpRequest): HttpAnswer =>
  answer(207, { successes: batchIn(request).map(({ id }) => ({ id, status: 201 })), errors: [] });

describe('sending a canary as JSON', () => {
  it('is accepted when every event is; it knows its objects and its jobs then', async () => {
    const server = web(takenWhole);
    const accepted = await sendCanary(server, json, encodeSpans, 'events/');
    expect(accepted).toMatchObject({
      state: 'accepted',
      files: {
        keys: [],
        prefixes: [
          `events/project/trace/${json.traceId}/`,
          `events/project/observation/${json.generationId}/`,
          `events/project/score/${json.scoreId}/`,
        ],
      },
      marks: [json.traceId, json.generationId, json.scoreId],
    });
    const [trace, generation, score] = batchIn(server.asked[0] ?? { method: 'GET', path: '' });
    expect(trace?.body).toMatchObject({
      id: json.traceId,
      environment: 'lfctl-canary',
      userId: 'lfctl',
      sessionId: json.sessionId,
      tags: ['lfctl', 'canary'],
      metadata: { way: 'json' },
    });
    expect(generation?.body).toMatchObject({ traceId: json.traceId, model: 'lfctl-canary' });
    expect(score?.body).toMatchObject({ traceId: json.traceId, value: 1 });
  });

  it.each<[string, (request: HttpRequest) => HttpAnswer, RegExp]>([
    [
      'errors inside the 207 (Langfuse 4 refuses traces that way)',
      (request) =>
        answer(207, {
          successes: [],
          errors: batchIn(request).map(({ id }) => ({ id, status: 400, message: 'Event type not accepted' })),
        }),
      /207 with 3 errors inside.*Event type not accepted/,
    ],
    [
      'a 207 that forgets an event',
      () => answer(207, { successes: [], errors: [] }),
      /names only 0 of 3 events/,
    ],
    ['a 207 without a JSON body', () => answer(207, '<html>'), /names only 0 of 3 events/],
    ['500', () => answer(500, 'Internal Server Error'), /answers 500: Internal Server Error/],
    ['401', () => answer(401, { message: 'Invalid credentials' }), /answers 401/],
  ])('is refused by %s', async (_, reply, detail) => {
    const refused = await sendCanary(web(reply), json, encodeSpans, '');
    expect(refused.state).toBe('refused');
    expect(refused.detail).toMatch(detail);
  });

  it('is refused by a server that does not answer, and a bug stays a bug', async () => {
    const failing = (error: Error): LangfusePort =>
      web(() => {
        throw error;
      });
    const silent = new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });
    expect(await sendCanary(failing(silent), json, encodeSpans, '')).toEqual({
      state: 'refused',
      marks: [],
      detail: 'no answer within 10 s',
      status: null,
    });
    await expect(sendCanary(failing(new TypeError('oops')), json, encodeSpans, '')).rejects.toThrow('oops');
  });
});

describe('sending a canary by OpenTelemetry', () => {
  const fileKey = 'events/otel/project/2026/11/21/02/00/x.json';
  const reply = (request: HttpRequest): HttpAnswer =>
    request.path === '/api/public/ingestion'
      ? takenWhole(request)
      : answer(200, { name: 'otel-ingestion-job', data: { payload: { data: { fileKey } } }, id: '1' });

  it.each([
    ['otlp-json', 'application/json'],
    ['otlp-protobuf', 'application/x-protobuf'],
  ] as const)('%s: spans by %s, the score as JSON; the answer names the object', async (way, contentType) => {
    const canary = makeCanary('project', way, at);
    const server = web(reply);
    expect(await sendCanary(server, canary, encodeSpans, 'events/')).toMatchObject({
      state: 'accepted',
      files: { keys: [fileKey], prefixes: [`events/project/score/${canary.scoreId}/`] },
      marks: [fileKey, canary.scoreId],
    });
    const [spans, score] = server.asked;
    expect(spans).toMatchObject({
      path: '/api/public/otel/v1/traces',
      headers: { 'content-type': contentType, 'x-langfuse-ingestion-version': '4' },
    });
    expect(batchIn(score ?? { method: 'GET', path: '' }).map(({ type }) => type)).toEqual(['score-create']);
  });

  it('writes ids in lower-case hex and attributes as the SDK names them', async () => {
    const canary = makeCanary('project', 'otlp-json', at);
    const server = web(reply);
    await sendCanary(server, canary, encodeSpans, '');
    const body = String(server.asked[0]?.body);
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: {
        scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string }[] }[];
      }[];
    };
    expect(resourceSpans[0]?.scopeSpans[0]?.spans).toMatchObject([
      { traceId: canary.traceId, spanId: canary.rootId },
      { traceId: canary.traceId, spanId: canary.generationId, parentSpanId: canary.rootId },
    ]);
    for (const name of [
      'langfuse.trace.name',
      'langfuse.environment',
      'user.id',
      'session.id',
      'langfuse.trace.tags',
    ])
      expect(body).toContain(`"${name}"`);
  });

  it('is refused whole, before the score is sent', async () => {
    const server = web(() => answer(400, { error: 'Invalid OTLP trace export' }));
    const refused = await sendCanary(server, makeCanary('project', 'otlp-protobuf', at), encodeSpans, '');
    expect(refused.detail).toMatch(/otel\/v1\/traces answers 400/);
    expect(server.asked).toHaveLength(1);
  });

  it('keeps what its spans are known by when the score is refused, or not answered', async () => {
    const canary = makeCanary('project', 'otlp-json', at);
    const silent = (): HttpAnswer => {
      throw new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });
    };
    for (const scoreReply of [() => answer(500, 'Internal Server Error'), silent]) {
      const server = web((request) =>
        request.path === '/api/public/ingestion' ? scoreReply() : reply(request),
      );
      expect(await sendCanary(server, canary, encodeSpans, '')).toMatchObject({
        state: 'refused',
        marks: [fileKey],
      });
    }
  });
});
