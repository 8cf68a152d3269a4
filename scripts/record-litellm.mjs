// Records how a real LiteLLM proxy behaves when Langfuse is healthy, refuses it, or is away: one JSON file a case.
// Usage: LANGFUSE_PUBLIC_KEY=… LANGFUSE_SECRET_KEY=… node scripts/record-litellm.mjs <venv> <URL of Langfuse> <out folder> [case …]
// The venv has litellm[proxy] with a langfuse SDK, and opentelemetry's sdk and OTLP exporter; see the captures' README.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

const [venv, target, out, ...wanted] = process.argv.slice(2);
const keys = {
  LANGFUSE_PUBLIC_KEY: process.env.LANGFUSE_PUBLIC_KEY,
  LANGFUSE_SECRET_KEY: process.env.LANGFUSE_SECRET_KEY,
};
const proxyUrl = 'http://127.77.0.1:4000';
const langfuseHost = 'http://127.77.0.2:3000';
// Newer versions refuse to start with a key that anyone could guess.
const master = 'sk-8f3b1f0a6c2e4d5796b7c8d9e0f1a2b3';

/** The 207 of a Langfuse 4 in its default write mode: test/fixtures/captures/langfuse-4.16.0/score-and-dropped-span.json. */
const eventsOnly = (body) => ({
  successes: [],
  errors: JSON.parse(body).batch.map(({ id, type }) => ({
    id,
    status: 400,
    message: 'Event type not accepted',
    error: `Event type "${type}" is not accepted by /api/public/ingestion when LANGFUSE_MIGRATION_V4_WRITE_MODE is events_only. This endpoint only accepts score and log events. Upgrade the client or integration to a v4-compatible SDK or OTLP ingestion path. As a temporary migration bridge, set LANGFUSE_MIGRATION_V4_WRITE_MODE=dual on both the web and worker services and redeploy. Docs: https://langfuse.com/self-hosting/upgrade/upgrade-guides/upgrade-v3-to-v4`,
  })),
});

/** What a case changes; `settleS` is how long it watches after the calls: retries and timeouts take their time. */
const faults = {
  healthy: { settleS: 8 },
  refusals: { settleS: 8, refusals: true },
  'wrong-secret': { env: { LANGFUSE_SECRET_KEY: 'sk-lf-00000000-0000-4000-8000-00000000dead' }, settleS: 10 },
  'unknown-key': { env: { LANGFUSE_PUBLIC_KEY: 'pk-lf-00000000-0000-4000-8000-00000000dead' }, settleS: 10 },
  'no-keys': { env: { LANGFUSE_PUBLIC_KEY: null, LANGFUSE_SECRET_KEY: null }, settleS: 10 },
  'no-host': { env: { LANGFUSE_HOST: null }, settleS: 25 },
  'host-without-scheme': { env: { LANGFUSE_HOST: '127.77.0.2:3000' }, settleS: 10 },
  'unknown-host': { env: { LANGFUSE_HOST: 'http://langfuse.nowhere.svc.cluster.local:3000' }, settleS: 25 },
  'dead-host': { env: { LANGFUSE_HOST: 'http://127.77.0.2:3999' }, settleS: 25 },
  'never-answers': { answer: () => null, settleS: 90 },
  'answers-500': { answer: () => [500, { message: 'Internal Server Error' }], settleS: 80 },
  'answers-503': { answer: () => [503, 'no healthy upstream'], settleS: 80 },
  'answers-403': { answer: () => [403, 'RBAC: access denied'], settleS: 15 },
  'answers-404': { answer: () => [404, { message: 'Not Found' }], settleS: 15 },
  'events-only': {
    answer: (path, body) => (path.endsWith('/ingestion') ? [207, eventsOnly(body)] : null),
    settleS: 15,
    only: ['langfuse'],
  },
  // For a venv whose langfuse SDK is not of the major that this LiteLLM wants; only when asked for.
  'sdk-mismatch': { settleS: 8, only: ['langfuse'], unasked: false },
};

const configOf = (callback) => `model_list:
  - model_name: gpt-4o-mini
    litellm_params: { model: openai/gpt-4o-mini, api_key: none, mock_response: hello }
  - model_name: far
    litellm_params: { model: openai/far, api_key: none, api_base: "http://127.77.0.3:9/v1", max_retries: 0 }
litellm_settings:
${callback === 'langfuse_otel' ? '  callbacks: ["langfuse_otel"]' : '  success_callback: ["langfuse"]\n  failure_callback: ["langfuse"]'}
  num_retries: 0
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

async function bodyOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a request on to the Langfuse behind; resolves with its status and text. */
function forward({ method, url, headers }, body) {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url, target), {
      method,
      headers: { ...headers, 'accept-encoding': 'identity', host: new URL(target).host },
    });
    sent.on('error', reject).on('response', (answer) => {
      const { statusCode, headers: told } = answer;
      bodyOf(answer).then((bytes) => resolve([statusCode, bytes, told['content-type']]), reject);
    });
    sent.end(body);
  });
}

/** Stands before Langfuse and writes down what comes; `answer` stands in for it where a case says so. */
async function recorder(answer, requests) {
  const take = async (message, response) => {
    const raw = await bodyOf(message);
    const plain = message.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const isJson = /json/.test(message.headers['content-type'] ?? '');
    const entry = {
      method: message.method,
      path: message.url,
      headers: readable(message.headers),
      ...(isJson ? { bodyJson: JSON.parse(plain) } : { bodyBase64: plain.toString('base64') }),
      answer: null,
    };
    requests.push(entry);
    const own = answer?.(message.url, plain.toString());
    if (own === null && answer !== undefined && answer.length === 0) return;
    const [status, body, type = 'application/json'] = own ?? (await forward(message, raw));
    const sent = Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    entry.answer = { status, type, body: /json|text/.test(type) ? sent.toString() : `${sent.length} bytes` };
    response.writeHead(status, { 'content-type': type, 'content-length': sent.length }).end(sent);
  };
  const server = createServer((message, response) => void take(message, response));
  await new Promise((resolve) => server.listen(3000, '127.77.0.2', resolve));
  return server;
}

function readable({ authorization, ...headers }) {
  const pair = Buffer.from((authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  return { ...(authorization === undefined ? {} : { authorization: `Basic ${pair}` }), ...headers };
}

async function ask(method, path, { key = master, body } = {}) {
  const began = performance.now();
  const headers = {
    'content-type': 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  };
  const answer = await fetch(`${proxyUrl}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return {
    method,
    path,
    ...(body === undefined ? {} : { body }),
    status: answer.status,
    ms: Math.round(performance.now() - began),
    answer: text,
  };
}

const chat = (model, more = {}) => ({
  model,
  messages: [{ role: 'user', content: 'hi' }],
  user: 'u1',
  ...more,
});

/** What a probe and a client ask; `refusals` are also what LiteLLM says when it is they who are wrong. */
async function calls(settleS, refusals) {
  const seen = [
    await ask('GET', '/health/liveliness', { key: null }),
    await ask('GET', '/health/readiness', { key: null }),
  ];
  if (refusals) {
    seen.push(await ask('GET', '/v1/models'), await ask('GET', '/v1/models', { key: 'sk-wrong' }));
    seen.push(await ask('GET', '/v1/models', { key: null }));
    seen.push(await ask('POST', '/v1/chat/completions', { body: chat('nope') }));
    seen.push(await ask('POST', '/v1/chat/completions', { body: chat('far') }));
  }
  const metadata = { trace_name: 'mine', session_id: 's1', tags: ['t'] };
  const first = ask('POST', '/v1/chat/completions', {
    body: chat('gpt-4o-mini', { temperature: 0.5, metadata }),
  });
  // Whether the kubelet would hear anything while the first call makes Langfuse's client.
  const meanwhile = wait(500).then(() => ask('GET', '/health/liveliness', { key: null }));
  seen.push(await first, { ...(await meanwhile), note: 'asked half a second after the call before it' });
  await wait(settleS * 1000);
  seen.push(await ask('GET', '/health/readiness', { key: null }));
  seen.push(await ask('POST', '/v1/chat/completions', { body: chat('gpt-4o-mini') }));
  await wait(2000);
  return seen;
}

/** Starts LiteLLM, asks, and stops it. */
async function run(callback, { env = {}, answer, settleS, refusals = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'lfctl-record-'));
  const requests = [];
  const log = [];
  const server = await recorder(answer, requests);
  const own = { ...keys, LANGFUSE_HOST: langfuseHost, ...env };
  const set = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  writeFileSync(join(folder, 'config.yaml'), configOf(callback));
  const child = spawn(
    join(venv, 'bin', 'litellm'),
    ['--config', join(folder, 'config.yaml'), '--host', '127.77.0.1', '--port', '4000'],
    {
      cwd: folder,
      env: {
        PATH: `${join(venv, 'bin')}:/usr/bin:/bin`,
        HOME: folder,
        PYTHONUNBUFFERED: '1',
        NO_COLOR: '1',
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        LITELLM_MASTER_KEY: master,
        ...set,
      },
    },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => log.push(text));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  let http = [];
  try {
    const up = await Promise.race([started(), ended.then(() => false)]);
    if (up) http = await calls(settleS, refusals);
  } finally {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
  }
  const exit = await ended;
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    env: own,
    config: configOf(callback),
    exit,
    http,
    requests,
    log: log.join('').split('\n'),
    folder,
  };
}

async function started() {
  for (let count = 0; count < 480; count += 1) {
    if (
      await fetch(`${proxyUrl}/health/liveliness`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return true;
    await wait(250);
  }
  throw new Error('LiteLLM did not start within two minutes');
}

const packages = Object.fromEntries(
  execFileSync(join(venv, 'bin', 'pip'), ['list', '--format', 'freeze'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) =>
      /^(litellm|langfuse|openai|httpx|requests|uvicorn|backoff|opentelemetry-(api|sdk|exporter-otlp))==/.test(
        line,
      ),
    )
    .map((line) => line.split('==')),
);

/** Takes secrets and this machine's folders out. */
function clean(text, folder) {
  const secret = (value) =>
    value ? [value, Buffer.from(`${keys.LANGFUSE_PUBLIC_KEY}:${value}`).toString('base64')] : [];
  let cleaned = text;
  for (const one of secret(keys.LANGFUSE_SECRET_KEY)) cleaned = cleaned.replaceAll(one, 'sk-lf-***');
  return cleaned
    .replaceAll(keys.LANGFUSE_PUBLIC_KEY, 'pk-lf-1234')
    .replaceAll(venv, '/app/.venv')
    .replaceAll(folder, '/etc/litellm')
    .replaceAll(/\/[\w./-]*\/(?=(?:lib\/python3\.\d+|[a-z_]+\.py"))/g, (path) =>
      path.startsWith('/app') ? path : '/usr/',
    );
}

mkdirSync(out, { recursive: true });
for (const callback of ['langfuse', 'langfuse_otel'])
  for (const [fault, change] of Object.entries(faults)) {
    const name = `${callback}-${fault}`;
    if (change.only !== undefined && !change.only.includes(callback)) continue;
    const asked = wanted.some((word) => name === word || fault === word);
    if (!asked && (wanted.length > 0 || change.unasked === false)) continue;
    const { folder, ...seen } = await run(callback, change);
    const capture = { capture: name, litellm: packages.litellm, packages, ...seen };
    writeFileSync(join(out, `${name}.json`), clean(`${JSON.stringify(capture, null, 1)}\n`, folder));
    process.stdout.write(`${name}: ${seen.requests.length} requests, ${seen.log.length} lines\n`);
  }
