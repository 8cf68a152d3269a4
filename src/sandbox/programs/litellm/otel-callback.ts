import type { Callback, CallbackHost } from './callback.ts';
import { openInferenceSpan } from './otel-span.ts';
import { encodeSpans } from './otlp-encode.ts';
import type { Span } from './otlp-encode.ts';
import { spanQueue } from './span-queue.ts';
import { requestsError } from './python.ts';
import { send } from './send.ts';
import type { SendAnswer } from './send.ts';

/** OTEL_BSP_SCHEDULE_DELAY and OTEL_EXPORTER_OTLP_TIMEOUT by default. */
const scheduleDelayMs = 5000;
const timeoutMs = 10_000;
const mostTries = 6;
const exporter = 'opentelemetry.exporter.otlp.proto.http.trace_exporter';
const noKeys =
  'ERROR:LiteLLM:[Non-Blocking Error] Error initializing custom logger: LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY must be set for Langfuse OpenTelemetry integration.';

/**
 * The `langfuse_otel` callback of LiteLLM 1.74: spans in protobuf by OpenTelemetry's exporter 1.25. Held to
 * test/fixtures/captures/litellm-1.74.3.
 */
export function langfuseOtelCallback(host: CallbackHost): Callback {
  const { env } = host;
  const url = otelUrl(env);
  const [publicKey = '', secretKey = ''] = [env['LANGFUSE_PUBLIC_KEY'], env['LANGFUSE_SECRET_KEY']];
  const off = publicKey === '' || secretKey === '';
  if (off) host.print(noKeys);
  const headers = {
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
    'content-type': 'application/x-protobuf',
    'user-agent': 'OTel-OTLP-Exporter-Python/1.25.0',
  };
  const post = (spans: readonly Span[]): Promise<SendAnswer> => {
    const body = encodeSpans({ resource, scope: 'litellm', spans });
    return send(url, { headers, body, timeoutMs: host.deadline(timeoutMs), resolve: host.resolve });
  };
  const spans = spanQueue(host.scaled(scheduleDelayMs), (batch) => exportSpans(host, url, () => post(batch)));
  return {
    url,
    listed: (names) => listed(names, off),
    record: (completion) => {
      if (off) host.print(noKeys);
      else spans.add(openInferenceSpan(completion));
    },
    free: () => Promise.resolve(),
    flush: spans.flush,
  };
}

const resource = {
  'telemetry.sdk.language': 'python',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '1.25.0',
  'service.name': 'litellm',
  'deployment.environment': 'production',
  model_id: 'litellm',
};

/** Without a scheme it is https here, unlike the `langfuse` callback: litellm/integrations/langfuse/langfuse_otel.py. */
function otelUrl(env: Readonly<Record<string, string>>): URL {
  const base = env['LANGFUSE_OTEL_HOST'] || env['LANGFUSE_HOST'] || 'https://us.cloud.langfuse.com';
  const full = /^https?:\/\//.test(base) ? base : `https://${base}`;
  return new URL(`${full.replace(/\/$/, '')}/api/public/otel/v1/traces`);
}

/** Readiness has the logger's class, and nothing where it could not be made. */
function listed(names: readonly string[], off: boolean): string[] {
  return names
    .filter((name) => name !== 'langfuse_otel')
    .flatMap((name) =>
      name === '_PROXY_VirtualKeyModelMaxBudgetLimiter' && !off ? [name, 'OpenTelemetry'] : [name],
    );
}

async function exportSpans(host: CallbackHost, url: URL, post: () => Promise<SendAnswer>): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    let answer: SendAnswer;
    try {
      answer = await post();
    } catch (cause) {
      host.print('ERROR:opentelemetry.sdk.trace.export:Exception while exporting Span batch.');
      host.print('Traceback (most recent call last):');
      host.print(requestsError(cause, url));
      return;
    }
    if (answer.status < 400) return;
    if (answer.status < 500 && answer.status !== 408) {
      host.print(`ERROR:${exporter}:Failed to export batch code: ${answer.status}, reason: ${answer.body}`);
      return;
    }
    const waitSeconds = 2 ** (tries - 1);
    host.print(
      `WARNING:${exporter}:Transient error ${answer.reason} encountered while exporting span batch, retrying in ${waitSeconds}s.`,
    );
    await host.pause(waitSeconds * 1000);
  }
}
