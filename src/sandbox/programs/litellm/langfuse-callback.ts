import { langfuseUrl } from './callback.ts';
import type { Callback, CallbackHost } from './callback.ts';
import { batchBody, eventsOf, sdkVersion } from './ingestion-batch.ts';
import type { IngestionEvent } from './ingestion-batch.ts';
import { lineOfAnswer, lineOfFailure } from './sdk-errors.ts';
import { send } from './send.ts';
import type { SendAnswer } from './send.ts';

const flushAt = 15;
const flushIntervalMs = 1000;
const mostTries = 3;
const timeoutMs = 20_000;
const promptManagement = 'LangfusePromptManagement';

/**
 * The `langfuse` callback of LiteLLM 1.74: batches of the Python SDK 2 to /api/public/ingestion. Held to
 * test/fixtures/captures/litellm-1.74.3.
 */
export function langfuseCallback(host: CallbackHost): Callback {
  const { env } = host;
  const keys = { publicKey: env['LANGFUSE_PUBLIC_KEY'] ?? '', secretKey: env['LANGFUSE_SECRET_KEY'] ?? '' };
  const base = env['LANGFUSE_HOST'] || 'https://cloud.langfuse.com';
  const missing = keys.publicKey === '' ? 'public_key' : keys.secretKey === '' ? 'secret_key' : null;
  if (missing !== null) host.print(disabledLine(missing));
  const batches = missing === null ? batchesTo(host, langfuseUrl(base, '/api/public/ingestion'), keys) : null;
  let clients = 0;
  let asked: Promise<void> = Promise.resolve();

  /** A client asks for its project at the first call; LiteLLM makes one to log with and one for prompts. */
  const openClients = (): void => {
    while (clients < 2) {
      clients += 1;
      if (missing !== null) host.print(disabledLine(missing));
      const answered = askProject(host, langfuseUrl(base, '/api/public/projects'), keys);
      // The first client is made in the event loop: not even a probe is answered before its answer has come.
      if (clients === 1) asked = answered;
    }
  };
  return {
    url: langfuseUrl(base, '/'),
    listed: (names) =>
      clients === 0 ? names : [...names.filter((name) => name !== 'langfuse'), promptManagement],
    record: (completion) => {
      openClients();
      batches?.add(eventsOf(completion, host.clock()));
      host.print('INFO:LiteLLM:Langfuse Layer Logging - logging success');
    },
    free: () => asked,
    flush: async () => await batches?.flush(),
  };
}

/** Without keys the SDK says so and drops everything. */
function disabledLine(missing: 'public_key' | 'secret_key'): string {
  return `WARNING:langfuse:Langfuse client is disabled since no ${missing} was provided as a parameter or environment variable 'LANGFUSE_${missing.toUpperCase()}'. See our docs: https://langfuse.com/docs/sdk/python/low-level-sdk#initialize-client`;
}

interface Keys {
  readonly publicKey: string;
  readonly secretKey: string;
}

function authorization({ publicKey, secretKey }: Keys): string {
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
}

/** Only for links in alerts: whatever comes back, LiteLLM goes on and says nothing. */
async function askProject(host: CallbackHost, url: URL, keys: Keys): Promise<void> {
  const headers = {
    ...(keys.publicKey === '' || keys.secretKey === '' ? {} : { authorization: authorization(keys) }),
    'user-agent': `litellm/${host.version}`,
    'x-fern-language': 'Python',
    'x-langfuse-sdk-name': 'python',
    'x-langfuse-sdk-version': sdkVersion,
    ...(keys.publicKey === '' ? {} : { 'x-langfuse-public-key': keys.publicKey }),
  };
  const options = { headers, body: null, timeoutMs: host.deadline(timeoutMs), resolve: host.resolve };
  await send(url, options).catch(() => undefined);
}

interface Batches {
  readonly add: (events: readonly IngestionEvent[]) => void;
  readonly flush: () => Promise<void>;
}

/** One consumer thread: batches go one after the other. */
function batchesTo(host: CallbackHost, url: URL, keys: Keys): Batches {
  let pending: IngestionEvent[] = [];
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const events = pending;
    pending = [];
    if (events.length > 0) sending = sending.then(() => sendBatch(host, url, keys, events));
    return sending;
  };
  return {
    add: (events) => {
      pending.push(...events);
      if (pending.length >= flushAt) void flush();
      else timer ??= setTimeout(() => void flush(), flushIntervalMs);
    },
    flush,
  };
}

async function sendBatch(
  host: CallbackHost,
  url: URL,
  keys: Keys,
  events: readonly IngestionEvent[],
): Promise<void> {
  const headers = {
    authorization: authorization(keys),
    'content-type': 'application/json',
    'user-agent': 'python-httpx/0.28.1',
    // langfuse-python 2 writes these names with underscores: langfuse/request.py.
    x_langfuse_sdk_name: 'python',
    x_langfuse_sdk_version: sdkVersion,
    x_langfuse_public_key: keys.publicKey,
  };
  const body = batchBody(events, keys.publicKey);
  const options = { headers, body, timeoutMs: host.deadline(timeoutMs), resolve: host.resolve };
  for (let tries = 1; ; tries += 1) {
    const text = await attempt(() => send(url, options));
    if (text === null) return;
    if (tries === mostTries) return text.split('\n').forEach(host.print);
    await host.pause(1000 * 2 ** (tries - 1));
  }
}

/** Null when it is over: sent, or refused for good. Else the line to log when no more tries are left. */
async function attempt(post: () => Promise<SendAnswer>): Promise<string | null> {
  try {
    return lineOfAnswer(await post());
  } catch {
    return lineOfFailure;
  }
}
