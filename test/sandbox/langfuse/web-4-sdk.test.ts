import { LangfuseClient } from '@langfuse/client';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { Langfuse } from 'langfuse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { langfuseWorkerProgram } from '../../../src/sandbox/programs/langfuse-worker/program.ts';
import { eventually } from '../stores/host.ts';
import { openLab, type Lab, type LabProgram } from './lab.ts';

const keys = { publicKey: 'pk-lf-lab', secretKey: 'sk-lf-lab' };
let lab: Lab;
let web: LabProgram;
let client: LangfuseClient;

beforeAll(async () => {
  lab = await openLab('4.16.0');
  web = lab.start(langfuseWebServer, { LANGFUSE_INGESTION_QUEUE_DELAY_MS: '50' });
  lab.start(langfuseWorkerProgram, { PORT: '13030' });
  await eventually(async () => await fetch(`${web.url}/api/public/ready`));
  client = new LangfuseClient({ ...keys, baseUrl: web.url });
}, 60_000);
afterAll(async () => {
  await client.shutdown();
  await lab.close();
});

describe('real SDKs and Langfuse 4 in events_only mode', () => {
  it('langfuse 3.39 learns that its trace is refused; its score arrives', async () => {
    // Left to itself it sends the batch three times more.
    const old = new Langfuse({ ...keys, baseUrl: web.url, flushAt: 50, fetchRetryCount: 0 });
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const trace = old.trace({ name: 'chat', userId: 'u1' });
    trace.generation({ name: 'llm', model: 'gpt-4o' }).end();
    trace.score({ name: 'quality', value: 0.9 });
    await old.flushAsync();
    await old.shutdownAsync();
    const words = said.mock.calls.map((call) => call.join(' ')).join('\n');
    expect(words).toContain('[Langfuse SDK] 207: Unexpected error occurred.');
    said.mockRestore();
    const found = await eventually(async () => {
      const { data } = await client.api.scoresV3.getManyV3({ traceId: trace.id });
      expect(data).toHaveLength(1);
      return data;
    });
    expect(found[0]).toMatchObject({ name: 'quality', value: 0.9, source: 'API' });
    const observations = await client.api.observations.getMany({ traceId: trace.id });
    expect(observations.data).toEqual([]);
    expect(web.log.join('\n')).toContain(
      'Rejected 3 event(s) from the legacy /api/public/ingestion endpoint',
    );
  });

  it('@langfuse/otel 5.11 arrives and @langfuse/client 5.11 reads it', async () => {
    const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: web.url, environment: 'staging' });
    const provider = new BasicTracerProvider({ spanProcessors: [processor] });
    setLangfuseTracerProvider(provider);
    const root = startObservation('chat', { input: { q: 'hi' } });
    root.otelSpan.setAttributes({ 'user.id': 'u1', 'session.id': 's1', 'langfuse.trace.tags': ['x'] });
    const llm = root.startObservation('llm', { model: 'gpt-4o', input: 'hi' }, { asType: 'generation' });
    llm.update({ output: 'hello', usageDetails: { input: 10, output: 5, total: 15 } }).end();
    root.update({ output: 'done' }).end();
    await processor.forceFlush();
    const fields = 'core,basic,io,usage,model,trace_context';
    const { data } = await eventually(async () => {
      const listing = await client.api.observations.getMany({ traceId: root.traceId, fields });
      expect(listing.data).toHaveLength(2);
      return listing;
    });
    expect(data.find(({ id }) => id === root.id)).toMatchObject({
      name: 'chat',
      userId: 'u1',
      sessionId: 's1',
      environment: 'staging',
      isRootObservation: true,
      input: '{"q":"hi"}',
      output: 'done',
      tags: ['x'],
    });
    expect(data.find(({ id }) => id === llm.id)).toMatchObject({
      type: 'GENERATION',
      parentObservationId: root.id,
      model: 'gpt-4o',
      usageDetails: { input: 10, output: 5, total: 15 },
      totalCost: 0.000075,
    });
    await provider.shutdown();
  });

  it('@langfuse/client 5.11 scores, asks for metrics, and is told what is gone', async () => {
    client.score.create({ traceId: 't-scored', name: 'q', value: 1 });
    await client.flush();
    await eventually(async () => {
      const { data } = await client.api.scoresV3.getManyV3({ traceId: 't-scored' });
      expect(data.map(({ name }) => name)).toEqual(['q']);
    });
    const query = JSON.stringify({
      view: 'observations',
      metrics: [{ measure: 'count', aggregation: 'count' }],
      fromTimestamp: '2020-01-01T00:00:00Z',
      toTimestamp: '2100-01-01T00:00:00Z',
    });
    const { data } = await client.api.metrics.metrics({ query });
    expect(data).toEqual([{ count_count: expect.any(Number) }]);
    await expect(client.api.trace.list({ limit: 1 })).rejects.toThrow(/v4 events_only mode/);
    await expect(client.api.legacy.observationsV1.getMany()).rejects.toThrow(/v4 events_only mode/);
  });
});
