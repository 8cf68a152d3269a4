import { createHash, randomBytes } from 'node:crypto';
import { langfuseUrl } from './callback.ts';
import type { Callback, CallbackHost } from './callback.ts';
import type { Completion } from './completion.ts';
import { post } from './post.ts';
import type { PostAnswer } from './post.ts';
import { requestsError } from './python.ts';

/** OTEL_BSP_SCHEDULE_DELAY and OTEL_EXPORTER_OTLP_TIMEOUT by default. */
const scheduleDelayMs = 5000;
const timeoutMs = 10_000;
const mostTries = 6;

/**
 * The `langfuse_otel` callback: spans to <host>/api/public/otel/v1/traces.
 * https://docs.litellm.ai/docs/observability/langfuse_otel_integration
 */
export function langfuseOtelCallback(host: CallbackHost): Callback {
  const { env } = host;
  const base = env['LANGFUSE_OTEL_HOST'] || env['LANGFUSE_HOST'] || 'https://us.cloud.langfuse.com';
  const url = langfuseUrl(base, '/api/public/otel/v1/traces');
  const pair = `${env['LANGFUSE_PUBLIC_KEY'] ?? ''}:${env['LANGFUSE_SECRET_KEY'] ?? ''}`;
  const headers = {
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
    'content-type': 'application/json',
    'user-agent': 'OTel-OTLP-Exporter-Python/1.25.0',
  };
  let pending: Completion[] = [];
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const completions = pending;
    pending = [];
    if (completions.length === 0) return sending;
    const body = JSON.stringify(traceRequest(completions));
    const send = (): Promise<PostAnswer> =>
      post(url, { headers, body, timeoutMs: host.scaled(timeoutMs), resolve: host.resolve });
    sending = sending.then(() => exportSpans(host, url, send));
    return sending;
  };
  return {
    url,
    record: (completion) => {
      pending.push(completion);
      timer ??= setTimeout(() => void flush(), host.scaled(scheduleDelayMs));
    },
    flush,
  };
}

async function exportSpans(host: CallbackHost, url: URL, send: () => Promise<PostAnswer>): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    let answer: PostAnswer;
    try {
      answer = await send();
    } catch (cause) {
      host.print('Exception while exporting Span.');
      host.print('Traceback (most recent call last):');
      host.print(requestsError(cause, url));
      return;
    }
    if (answer.status < 400) return;
    if (![408, 429, 502, 503, 504].includes(answer.status)) {
      host.print(`Failed to export span batch code: ${answer.status}, reason: ${answer.body}`);
      return;
    }
    const waitSeconds = 2 ** (tries - 1);
    host.print(
      `Transient error ${answer.reason} encountered while exporting span batch, retrying in ${waitSeconds}s.`,
    );
    await host.pause(waitSeconds * 1000);
  }
}

function traceRequest(completions: readonly Completion[]): unknown {
  const resource = attributes({
    'telemetry.sdk.language': 'python',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '1.25.0',
    'service.name': 'litellm',
  });
  const spans = completions.map(spanOf);
  return {
    resourceSpans: [
      { resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'litellm' }, spans }] },
    ],
  };
}

function spanOf(completion: Completion): unknown {
  const { outcome, promptTokens, metadata } = completion;
  const output = outcome.ok ? JSON.stringify({ role: 'assistant', content: outcome.text }) : outcome.error;
  return {
    traceId: createHash('md5').update(completion.callId).digest('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'litellm_request',
    kind: 1,
    startTimeUnixNano: nanoseconds(completion.startMs),
    endTimeUnixNano: nanoseconds(completion.endMs),
    attributes: attributes({
      'gen_ai.request.model': completion.model,
      'gen_ai.system': 'openai',
      'llm.request.type': 'completion',
      'langfuse.observation.input': JSON.stringify(completion.messages ?? null),
      'langfuse.observation.output': output,
      'gen_ai.usage.prompt_tokens': promptTokens,
      'gen_ai.usage.completion_tokens': outcome.ok ? outcome.completionTokens : 0,
      ...(completion.user === null ? {} : { 'user.id': completion.user }),
      ...(typeof metadata['session_id'] === 'string' ? { 'session.id': metadata['session_id'] } : {}),
    }),
    status: outcome.ok ? { code: 1 } : { code: 2, message: outcome.error },
  };
}

function attributes(values: Readonly<Record<string, string | number>>): unknown[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}
