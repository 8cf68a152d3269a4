import { Langfuse } from 'langfuse';
import { LangfuseClient } from '@langfuse/client';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../stores/host.ts';
import { labTimeoutMs, openLab2, type Lab2, type Web2Run } from './lab.ts';

const keys = { publicKey: 'pk-lf-lab', secretKey: 'sk-lf-lab' };
let lab: Lab2;
let web: Web2Run;

beforeAll(async () => {
  lab = await openLab2();
  web = await lab.web();
}, labTimeoutMs);
afterAll(async () => await lab.close());

describe('langfuse 3.39, the SDK of its time', () => {
  it('sends a trace and reads it back', async () => {
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
    const { data: read } = await client.fetchTrace(trace.id);
    expect(read).toMatchObject({ name: 'chat', userId: 'u1', sessionId: 's1', tags: ['x'], output: 'done' });
    expect(read.scores).toMatchObject([{ name: 'quality', value: 0.9, comment: 'c' }]);
    const llm = read.observations.find(({ name }) => name === 'llm');
    expect(llm).toMatchObject({
      model: 'gpt-4o',
      output: 'hello',
      totalTokens: 15,
      calculatedTotalCost: 0.000125,
    });
    const { data: traces } = await client.fetchTraces({ userId: 'u1' });
    expect(traces.map(({ id }) => id)).toEqual([trace.id]);
    const { data: sessions } = await client.fetchSessions();
    expect(sessions.map(({ id }) => id)).toEqual(['s1']);
    const { data: observations } = await client.fetchObservations({ traceId: trace.id, type: 'SPAN' });
    expect(observations.map(({ name }) => name)).toEqual(['retrieval']);
    await client.shutdownAsync();
  });

  it('reads prompts, and says when there is none', async () => {
    await lab.sql(
      `INSERT INTO prompts (id, project_id, created_by, name, version, prompt, labels)
       VALUES ('p1', 'lab-project', 'API', 'greeting', 1, '"hello {{name}}"', '{production}')`,
    );
    const client = new Langfuse({ ...keys, baseUrl: web.url });
    expect((await client.getPrompt('greeting')).compile({ name: 'Ada' })).toBe('hello Ada');
    await expect(client.getPrompt('none')).rejects.toThrow(
      /Prompt not found: 'none' with label 'production'/,
    );
    await client.shutdownAsync();
  });

  it('loses its events with wrong keys; the log of web tells', async () => {
    const client = new Langfuse({ ...keys, secretKey: 'sk-lf-wrong', baseUrl: web.url, fetchRetryCount: 0 });
    client.trace({ name: 'lost' });
    await client.flushAsync();
    const refused = /^\S+ error \tError verifying auth header: Invalid credentials$/;
    await eventually(async () => expect(web.log.some((line) => refused.test(line))).toBe(true));
    expect(await lab.sql(`SELECT id FROM traces WHERE name = 'lost'`)).toEqual([]);
    await client.shutdownAsync();
  });
});

describe('SDKs of later times', () => {
  it('@langfuse/otel 5 finds no place for its spans: nothing arrives', async () => {
    const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: web.url });
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    provider.getTracer('langfuse-sdk').startSpan('lost-span').end();
    await processor.forceFlush().catch(() => undefined);
    await provider.shutdown().catch(() => undefined);
    expect(await lab.sql(`SELECT id FROM observations WHERE name = 'lost-span'`)).toEqual([]);
  });

  it('@langfuse/client 5 writes scores and knows the project', async () => {
    const client = new LangfuseClient({ ...keys, baseUrl: web.url });
    expect((await client.api.projects.get()).data[0]).toMatchObject({ id: 'lab-project' });
    client.score.create({ traceId: 't-scored', name: 'q', value: 1 });
    await client.flush();
    await eventually(async () =>
      expect(await lab.sql(`SELECT name FROM scores WHERE trace_id = 't-scored'`)).toEqual([{ name: 'q' }]),
    );
  });
});
