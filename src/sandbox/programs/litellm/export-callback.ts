import { gte } from 'semver';
import { langfuseUrl } from './callback.ts';
import type { Callback, CallbackHost } from './callback.ts';
import { langfuseSpan } from './otel-span.ts';
import { encodeSpans } from './otlp-encode.ts';
import type { Span } from './otlp-encode.ts';
import { send } from './send.ts';
import type { SendAnswer } from './send.ts';
import { spanQueue } from './span-queue.ts';

const flushIntervalMs = 1000;
const timeoutMs = 20_000;
const mostRetries = 3;
/** The SDK whose attribute names LiteLLM takes. */
const sdkVersion = '4.18.0';

/** From 1.104.0 on the `langfuse` callback exports spans; 1.103.11 still sent batches. */
export function exportsSpans(version: string): boolean {
  return gte(version, '1.104.0');
}

/**
 * The `langfuse` callback of LiteLLM 1.104 and later: OTLP in protobuf by an exporter of its own. Held to
 * test/fixtures/captures/litellm-1.106.2.
 */
export function langfuseExportCallback(host: CallbackHost): Callback {
  const { env } = host;
  // Python's word for nothing goes out as it is.
  const [publicKey, secretKey] = [env['LANGFUSE_PUBLIC_KEY'] || 'None', env['LANGFUSE_SECRET_KEY'] || 'None'];
  const base = env['LANGFUSE_HOST'] || env['LANGFUSE_BASE_URL'] || 'https://cloud.langfuse.com';
  const url = langfuseUrl(base, '/api/public/otel/v1/traces');
  const headers = {
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
    'user-agent': `litellm/${host.version}`,
    'content-type': 'application/x-protobuf',
    'x-langfuse-sdk-name': 'python',
    'x-langfuse-sdk-version': sdkVersion,
    'x-langfuse-public-key': publicKey,
    'x-langfuse-ingestion-version': '4',
  };
  const post = (spans: readonly Span[]): Promise<SendAnswer> => {
    const body = encodeSpans({ resource: {}, scope: 'langfuse-sdk', spans });
    return send(url, { headers, body, timeoutMs: host.deadline(timeoutMs), resolve: host.resolve });
  };
  const spans = spanQueue(flushIntervalMs, (batch) => exportBatch(host, url, () => post(batch)));
  return {
    url,
    listed: (names) => names,
    record: (completion) => spans.add(langfuseSpan(completion)),
    free: () => Promise.resolve(),
    flush: spans.flush,
  };
}

async function exportBatch(host: CallbackHost, url: URL, post: () => Promise<SendAnswer>): Promise<void> {
  const say = (level: 'WARNING' | 'ERROR', text: string): void =>
    host.print(
      `${new Date(host.clock()).toISOString().slice(11, 19)} - LiteLLM:${level}: langfuse_sdk.py - ${text}`,
    );
  for (let tries = 0; ; tries += 1) {
    const failure = await attempt(post);
    if (failure === null) return;
    if (typeof failure === 'number')
      return say('ERROR', `Langfuse rejected an export to ${url.href} with HTTP ${failure}`);
    if (failure !== '') say('WARNING', `Langfuse export to ${url.href} raised ${failure}`);
    if (tries === mostRetries)
      return say('ERROR', `Langfuse export to ${url.href} failed after ${mostRetries} retries`);
    const waitSeconds = 2 ** tries;
    say('WARNING', `Langfuse export to ${url.href} failed, retrying in ${waitSeconds.toFixed(1)}s`);
    await host.pause(waitSeconds * 1000);
  }
}

/** Null when it is sent, the status when it is refused for good, else what went wrong; empty for a server's own error. */
async function attempt(post: () => Promise<SendAnswer>): Promise<string | number | null> {
  try {
    const { status } = await post();
    if (status < 300) return null;
    return status >= 500 || status === 408 || status === 429 ? '' : status;
  } catch (cause) {
    return raised(cause);
  }
}

/** As httpx says it. */
function raised(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return '[Errno -2] Name or service not known';
    case 'ECONNREFUSED':
      return '[Errno 111] Connection refused';
    case 'ETIMEDOUT':
      return 'litellm.Timeout: Connection timed out after 20.0 seconds.';
    default:
      return 'Server disconnected without sending a response.';
  }
}
