import { langfuseUrl } from './callback.ts';
import type { Callback, CallbackHost } from './callback.ts';
import { batchBody, eventsOf, sdkVersion } from './ingestion-batch.ts';
import type { IngestionEvent } from './ingestion-batch.ts';
import { post } from './post.ts';
import type { PostAnswer } from './post.ts';
import { httpxError, pythonText } from './python.ts';

const flushAt = 15;
const flushIntervalMs = 1000;
const mostTries = 3;
const timeoutMs = 20_000;
const support = 'https://langfuse.com/support';

/** Texts of langfuse-python 2, langfuse/parse_error.py. */
const texts: Readonly<Record<number, string>> = {
  400: 'Bad request. Please check your request for any missing or incorrect parameters. Refer to our API docs: https://api.reference.langfuse.com for details.',
  401: 'Unauthorized. Please check your public/private host settings. Refer to our installation and setup guide: https://langfuse.com/docs/sdk/typescript/guide for details on SDK configuration.',
  403: 'Forbidden. Please check your access control settings. Refer to our RBAC docs: https://langfuse.com/docs/rbac for details.',
  404: `Internal error occurred. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  429: 'Rate limit exceeded. For more information on rate limits please see: https://langfuse.com/faq/all/api-limits',
  500: `Internal server error occurred. For help, please contact support: ${support}`,
  502: `Bad gateway. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  503: `Service unavailable. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
  504: `Gateway timeout. This is an unusual occurrence and we are monitoring it closely. For help, please contact support: ${support}.`,
};
const unexpected = `Unexpected error occurred. Please check your request and contact support: ${support}.`;

/** The `langfuse` callback: batches of the Python SDK 2 to /api/public/ingestion. */
export function langfuseCallback(host: CallbackHost): Callback {
  const [publicKey, secretKey] = [host.env['LANGFUSE_PUBLIC_KEY'], host.env['LANGFUSE_SECRET_KEY']];
  if (!publicKey || !secretKey) return disabled(host, publicKey ? 'secret_key' : 'public_key');
  const url = langfuseUrl(host.env['LANGFUSE_HOST'] || 'https://cloud.langfuse.com', '/api/public/ingestion');
  const send = sender(host, url, publicKey, secretKey);
  let pending: IngestionEvent[] = [];
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const events = pending;
    pending = [];
    // One consumer thread: batches go one after the other.
    if (events.length > 0) sending = sending.then(() => send(events));
    return sending;
  };
  return {
    url,
    record: (completion) => {
      pending.push(...eventsOf(completion, host.clock()));
      if (pending.length >= flushAt) void flush();
      else timer ??= setTimeout(() => void flush(), flushIntervalMs);
    },
    flush,
  };
}

/** Without keys the SDK says so once and drops everything. */
function disabled(host: CallbackHost, missing: 'public_key' | 'secret_key'): Callback {
  host.print(
    `Langfuse client is disabled since no ${missing} was provided as a parameter or environment variable 'LANGFUSE_${missing.toUpperCase()}'. See our docs: https://langfuse.com/docs/sdk/python/low-level-sdk#initialize-client`,
  );
  return { url: null, record: () => undefined, flush: () => Promise.resolve() };
}

function sender(
  host: CallbackHost,
  url: URL,
  publicKey: string,
  secretKey: string,
): (events: readonly IngestionEvent[]) => Promise<void> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
    'content-type': 'application/json',
    'user-agent': 'litellm/1.74.3',
    // langfuse-python 2 writes these names with underscores: langfuse/request.py.
    x_langfuse_sdk_name: 'python',
    x_langfuse_sdk_version: sdkVersion,
    x_langfuse_public_key: publicKey,
  };
  return async (events) => {
    const body = batchBody(events, publicKey);
    for (let tries = 1; ; tries += 1) {
      const failure = await attempt(host, () =>
        post(url, { headers, body, timeoutMs: host.scaled(timeoutMs), resolve: host.resolve }),
      );
      if (failure === null) return;
      if (tries === mostTries) {
        for (const line of failure) host.print(line);
        return;
      }
      await host.pause(1000 * 2 ** (tries - 1));
    }
  };
}

/** Null when it is over: sent, or refused for good. Else the lines to log when no more tries are left. */
async function attempt(
  host: CallbackHost,
  send: () => Promise<PostAnswer>,
): Promise<readonly string[] | null> {
  let answer: PostAnswer;
  try {
    answer = await send();
  } catch (cause) {
    return [
      `Giving up execute_task_with_backoff(...) after ${mostTries} tries (${httpxError(cause)})`,
      unexpected,
    ];
  }
  const json = parseJson(answer.body);
  if (answer.status === 200 || answer.status === 201) return null;
  if (answer.status === 207) return partialFailure(host, json);
  if (json !== null) host.print(`received error response: ${pythonText(json)}`);
  // The SDK drops what the server refuses with 4xx, and says no more: langfuse/_task_manager/ingestion_consumer.py.
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return null;
  return [`API error occurred: ${texts[answer.status] ?? unexpected}`];
}

function partialFailure(host: CallbackHost, json: unknown): readonly string[] | null {
  const errors = typeof json === 'object' && json !== null && 'errors' in json ? json.errors : [];
  if (!Array.isArray(errors) || errors.length === 0) return null;
  host.print(`received error response: ${pythonText(errors)}`);
  const lines = errors.map((error: unknown) => texts[statusOf(error)] ?? unexpected);
  return [`API errors occurred: ${lines.join('\n')}`];
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
