import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { shellExports } from '../../../src/sandbox/verbs/env.ts';
import type { SdkRequest } from '../../../src/sandbox/verbs/traffic.ts';
import { jsonBatch, otlpSpans, scoreBatch, shapesFor } from '../../../src/sandbox/verbs/traffic.ts';

interface Capture {
  readonly requests: readonly {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyJson: Record<string, unknown>;
  }[];
}

async function recorded(name: string): Promise<Capture['requests'][number]> {
  const text = await readFile(`test/fixtures/captures/sdk/${name}.json`, 'utf8');
  const [first] = (JSON.parse(text) as Capture).requests;
  if (first === undefined) throw new Error(`${name} holds no request`);
  return first;
}

const at = new Date('2026-11-20T18:51:33.083Z');

function expectSameHeaders(sent: SdkRequest, real: Capture['requests'][number]): void {
  for (const [name, value] of Object.entries(sent.headers))
    if (name !== 'x-langfuse-public-key') expect([name, real.headers[name]]).toEqual([name, value]);
}

describe('the load in the shape of the SDKs', () => {
  it('is a batch of langfuse-js 3.39', async () => {
    const real = await recorded('langfuse-js-3.39.2-ingestion');
    const sent = jsonBatch('pk-lf-1', at);
    expect(sent.path).toBe(real.path);
    expectSameHeaders(sent, real);
    const [event] = (sent.body as { batch: Record<string, unknown>[] }).batch;
    const [realEvent] = real.bodyJson['batch'] as Record<string, unknown>[];
    expect(Object.keys(event ?? {})).toEqual(Object.keys(realEvent ?? {}));
    const metadata = (sent.body as { metadata: object }).metadata;
    expect(Object.keys(metadata).sort()).toEqual(Object.keys(real.bodyJson['metadata'] as object).sort());
  });

  it.each([
    [2, null, [jsonBatch]],
    [3, null, [jsonBatch, otlpSpans]],
    [4, null, [scoreBatch, otlpSpans]],
    [4, 'events_only', [scoreBatch, otlpSpans]],
    [4, 'dual', [jsonBatch, otlpSpans]],
    [4, 'legacy', [jsonBatch, otlpSpans]],
  ] as const)('on %i (%s) is what is taken there', (generation, writeMode, shapes) => {
    expect(shapesFor(generation, writeMode)).toEqual(shapes);
  });

  it('is an export of @langfuse/otel 5.11', async () => {
    const real = await recorded('langfuse-otel-5.11.1-immediate');
    const sent = otlpSpans('pk-lf-1', at);
    expect(sent.path).toBe(real.path);
    expectSameHeaders(sent, real);
    expect(Object.keys(firstSpan(sent.body))).toEqual(Object.keys(firstSpan(real.bodyJson)));
  });
});

function firstSpan(body: unknown): object {
  const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] };
  return resourceSpans[0]?.scopeSpans[0]?.spans[0] ?? {};
}

describe('the exports for a shell', () => {
  it('survive spaces and quotes', () => {
    expect(shellExports({ KUBECONFIG: '/home/a/kubeconfig' })).toBe('export KUBECONFIG=/home/a/kubeconfig');
    expect(shellExports({ A: "it's here" })).toBe(`export A='it'\\''s here'`);
  });
});
