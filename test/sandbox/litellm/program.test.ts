import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeExport } from '../../../src/sandbox/programs/langfuse/otlp-protobuf.ts';
import { liteLlmProgram } from '../../../src/sandbox/programs/litellm/program.ts';
import { runProgram } from '../redis/program-run.ts';
import type { ProgramRun } from '../redis/program-run.ts';

const secretKey = 'sk-lf-canary-5b2e';
const config = `
model_list:
  - model_name: gpt-4o-mini
    litellm_params: { model: openai/gpt-4o-mini, mock_response: hello }
  - model_name: far
    litellm_params: { model: openai/far }
litellm_settings:
  success_callback: ["langfuse"]
  failure_callback: ["langfuse"]
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

interface Received {
  readonly path: string;
  readonly authorization: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: {
    readonly batch?: readonly { readonly type: string; readonly body: Record<string, unknown> }[];
  } & Record<string, unknown>;
}

let folder: string;
let langfuse: Server;
let received: Received[];
let answer: { readonly status: number; readonly body: string };
const runs: ProgramRun[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lfctl-litellm-'));
  received = [];
  answer = { status: 207, body: '{"successes":[],"errors":[]}' };
  langfuse = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // Which project a pair belongs to is asked once for each client: test/sandbox/litellm/captures.test.ts.
      if (request.url !== '/api/public/projects')
        received.push({
          path: request.url ?? '',
          authorization: Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString(),
          headers: request.headers,
          body: bodyOf(request.headers['content-type'], Buffer.concat(chunks)),
        });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  langfuse.listen(0, '127.0.0.1');
  await once(langfuse, 'listening');
});

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear();
  langfuse.closeAllConnections();
  langfuse.close();
  await rm(folder, { recursive: true, force: true });
});

function bodyOf(type: string | undefined, body: Buffer): Received['body'] {
  if (type === 'application/x-protobuf') return { resourceSpans: decodeExport(body, 'text') };
  return JSON.parse(body.toString()) as Received['body'];
}

const host = (): string => `http://langfuse.ns.svc:${(langfuse.address() as AddressInfo).port}`;

async function start(
  text: string,
  env: Readonly<Record<string, string>>,
  resolve: (name: string) => Promise<string> = () => Promise.resolve('127.0.0.1'),
  timeScale = 25,
): Promise<ProgramRun> {
  await writeFile(join(folder, 'config.yaml'), text);
  const run = await runProgram(liteLlmProgram, {
    args: ['--config', '/etc/litellm/config.yaml', '--port', '4000'],
    mounts: { '/etc/litellm': folder },
    imageTag: 'main-v1.74.3-stable',
    timeScale,
    resolve,
    env: {
      LITELLM_MASTER_KEY: 'sk-1234',
      LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
      LANGFUSE_SECRET_KEY: secretKey,
      ...env,
    },
  });
  runs.push(run);
  await run.line(/Uvicorn running/);
  return run;
}

function ask(run: ProgramRun, body: unknown, key = 'sk-1234'): Promise<Response> {
  return fetch(`http://${run.address}:4000/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function unknownName(name: string): Promise<string> {
  return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
}

describe('the LiteLLM proxy', () => {
  it('is alive and ready, and names its callbacks', async () => {
    const run = await start(config, { LANGFUSE_HOST: host() });
    const base = `http://${run.address}:4000`;
    expect(await (await fetch(`${base}/health/liveliness`)).json()).toBe("I'm alive!");
    // By its configured name until the first call, then by the class that took it over.
    await expect
      .poll(async () => await (await fetch(`${base}/health/readiness`)).json(), { timeout: 20_000 })
      .toMatchObject({
        status: 'healthy',
        litellm_version: '1.74.3',
        success_callbacks: expect.arrayContaining(['LangfusePromptManagement']),
      });
    const models = await fetch(`${base}/v1/models`, { headers: { authorization: 'Bearer sk-1234' } });
    expect(await models.json()).toMatchObject({ data: [{ id: 'gpt-4o-mini' }, { id: 'far' }] });
  });

  it('answers with its mock, and refuses as LiteLLM does', async () => {
    const run = await start(config, { LANGFUSE_HOST: host() });
    const good = await ask(run, { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] });
    expect(await good.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'hello', role: 'assistant' } }],
    });
    expect((await ask(run, { model: 'gpt-4o-mini' }, 'wrong')).status).toBe(400);
    expect((await ask(run, { model: 'gpt-4o-mini' }, '')).status).toBe(401);
    expect((await ask(run, { model: 'nope' })).status).toBe(400);
    expect((await ask(run, '{')).status).toBe(400);
    expect((await ask(run, { model: 'far', messages: [] })).status).toBe(500);
  });

  it('sends a trace at its start and one for each call, in batches of the Python SDK', async () => {
    const run = await start(config, { LANGFUSE_HOST: host() });
    await expect.poll(() => events().length, { timeout: 20_000 }).toBe(2);
    await ask(run, {
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'hi' }],
      user: 'u1',
      metadata: { trace_name: 'mine', session_id: 's1', tags: ['t'] },
    });
    await ask(run, { model: 'far', messages: [] });
    await expect.poll(() => events().length, { timeout: 20_000 }).toBe(6);
    expect(received[0]).toMatchObject({
      path: '/api/public/ingestion',
      authorization: `pk-lf-1:${secretKey}`,
      headers: { x_langfuse_sdk_name: 'python', x_langfuse_public_key: 'pk-lf-1' },
      body: { metadata: { sdk_integration: 'litellm', sdk_name: 'python' } },
    });
    expect(events()[0]).toMatchObject({ type: 'trace-create', body: { name: 'startup' } });
    expect(events()[2]).toMatchObject({
      type: 'trace-create',
      body: { name: 'mine', userId: 'u1', sessionId: 's1', tags: ['t'], output: { content: 'hello' } },
    });
    expect(events()[3]).toMatchObject({
      type: 'generation-create',
      body: { model: 'gpt-4o-mini', level: 'DEFAULT' },
    });
    expect(events()[5]).toMatchObject({
      body: { level: 'ERROR', statusMessage: expect.stringContaining('Connection error') },
    });
    expect(run.lines.join('\n')).not.toContain(secretKey);
  });

  it('sends nothing without a callback', async () => {
    const run = await start(config.replaceAll('["langfuse"]', '[]'), { LANGFUSE_HOST: host() });
    expect((await ask(run, { model: 'gpt-4o-mini', messages: [] })).status).toBe(200);
    await run.stop();
    expect(received).toEqual([]);
  });

  it('takes keys and host from environment_variables of its config', async () => {
    const text = `${config}environment_variables:\n  LANGFUSE_HOST: ${host()}\n  LANGFUSE_PUBLIC_KEY: os.environ/OTHER_KEY\n`;
    await start(text, { LANGFUSE_HOST: 'http://overridden', OTHER_KEY: 'pk-lf-2' });
    await expect
      .poll(() => received.map(({ authorization }) => authorization), { timeout: 20_000 })
      .toEqual([`pk-lf-2:${secretKey}`]);
  });

  function events(): readonly { readonly type: string; readonly body: Record<string, unknown> }[] {
    return received.flatMap(({ body }) => body.batch ?? []);
  }
});

const unexpected =
  'ERROR:langfuse:Unexpected error occurred. Please check your request and contact support: https://langfuse.com/support.';

describe('what LiteLLM logs when Langfuse', () => {
  const answers = async (run: ProgramRun): Promise<void> => {
    expect((await ask(run, { model: 'gpt-4o-mini', messages: [] })).status).toBe(200);
    expect(run.lines.join('\n')).not.toContain(secretKey);
  };

  it('refuses its keys', async () => {
    answer = {
      status: 401,
      body: '{"message":"Invalid credentials. Confirm that you\'ve configured the correct host."}',
    };
    const run = await start(config, { LANGFUSE_HOST: host() });
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    await answers(run);
    await run.stop();
    // The SDK drops what is refused with 4xx without a word.
    expect(run.lines.filter((line) => line.startsWith('ERROR'))).toEqual([]);
  });

  it('is not set: the public cloud, which the cluster does not know', async () => {
    const names: string[] = [];
    const run = await start(config, {}, (name) => {
      names.push(name);
      return unknownName(name);
    });
    expect(await run.line(/^ERROR:langfuse/)).toBe(unexpected);
    expect(new Set(names)).toEqual(new Set(['cloud.langfuse.com']));
    await answers(run);
  });

  it('refuses connections', async () => {
    const run = await start(config, { LANGFUSE_HOST: 'langfuse:1' });
    await answers(run);
    await run.line(/^ERROR:langfuse:Unexpected error/);
    await answers(run);
  });

  it('comes up later than LiteLLM: its first trace waits', async () => {
    const port = (langfuse.address() as AddressInfo).port;
    langfuse.close();
    await once(langfuse, 'close');
    let known = false;
    const run = await start(config, { LANGFUSE_HOST: `http://langfuse:${port}` }, (name) =>
      known ? Promise.resolve('127.0.0.1') : unknownName(name),
    );
    langfuse.listen(port, '127.0.0.1');
    known = true;
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    expect(run.lines.join('\n')).not.toMatch(/refused|not known/);
  });

  it('never answers', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const run = await start(config, {
      LANGFUSE_HOST: `http://langfuse:${(silent.address() as AddressInfo).port}`,
    });
    await run.line(/^ERROR:langfuse:Unexpected error/);
    await answers(run);
    silent.close();
  });

  it('never answers the first client: no probe is answered meanwhile', async () => {
    const held: ServerResponse[] = [];
    langfuse.removeAllListeners('request');
    langfuse.on('request', (_request, response: ServerResponse) => held.push(response));
    const run = await start(config, { LANGFUSE_HOST: host() }, undefined, 1);
    await expect.poll(() => held.length, { timeout: 20_000 }).toBeGreaterThan(0);
    let alive = false;
    const probe = fetch(`http://${run.address}:4000/health/liveliness`).then(() => {
      alive = true;
      return null;
    });
    // Its batch of the startup trace comes a second later: the probe has had that long.
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(3);
    expect(alive).toBe(false);
    for (const response of held) response.end('{}');
    await probe;
    expect(alive).toBe(true);
  });

  it('closes half-way', async () => {
    const rude = createTcpServer(
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200')),
    ).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const run = await start(config, {
      LANGFUSE_HOST: `http://langfuse:${(rude.address() as AddressInfo).port}`,
    });
    await run.line(/^ERROR:langfuse:Unexpected error/);
    await answers(run);
    rude.close();
  });

  it('has an error of its own', async () => {
    answer = { status: 500, body: '{"message":"Internal Server Error"}' };
    const run = await start(config, { LANGFUSE_HOST: host() });
    await run.line(/^ERROR:langfuse:API error occurred: Internal server error occurred\./);
    await answers(run);
  });

  it('refuses single events inside a 207', async () => {
    answer = {
      status: 207,
      body: '{"successes":[],"errors":[{"id":"1","status":400,"message":"Invalid request data"}]}',
    };
    const run = await start(config, { LANGFUSE_HOST: host() });
    await run.line(/^ERROR:langfuse:API errors occurred: Bad request\./);
    await answers(run);
  });

  it('has no keys for it', async () => {
    const run = await start(config, { LANGFUSE_HOST: host(), LANGFUSE_PUBLIC_KEY: '' });
    await run.line(/^WARNING:langfuse:Langfuse client is disabled since no public_key was provided/);
    await answers(run);
    expect(received).toEqual([]);
  });
});

describe('the langfuse_otel callback', () => {
  const otel = config.replace(/success_callback.*\n.*\n/, 'callbacks: ["langfuse_otel"]\n');

  it('posts spans', async () => {
    answer = { status: 200, body: '{}' };
    await start(otel, { LANGFUSE_OTEL_HOST: host(), LANGFUSE_HOST: 'http://other' });
    await expect
      .poll(() => received[0], { timeout: 20_000 })
      .toMatchObject({
        path: '/api/public/otel/v1/traces',
        authorization: `pk-lf-1:${secretKey}`,
        body: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'litellm_request' }] }] }] },
      });
  });

  it.each([
    [
      401,
      '{"message":"No authorization header"}',
      /trace_exporter:Failed to export batch code: 401, reason: \{"message":"No auth/,
    ],
    [
      503,
      '',
      /trace_exporter:Transient error Service Unavailable encountered while exporting span batch, retrying in 1s\./,
    ],
  ])('logs %i', async (status, body, line) => {
    answer = { status, body };
    const run = await start(otel, { LANGFUSE_HOST: host() });
    await run.line(line);
  });

  it('goes to the public cloud without a host, and says that nobody knows it', async () => {
    const run = await start(otel, {}, unknownName);
    expect(await run.line(/NameResolutionError/)).toContain("host='us.cloud.langfuse.com', port=443");
  });
});

describe('a config that cannot be read', () => {
  it.each([
    ['not there', null, /Config file not found: \/etc\/litellm\/config\.yaml/],
    ['no YAML', 'model_list: [', /Error while reading config file/],
  ])('%s: LiteLLM ends', async (_, text, line) => {
    if (text !== null) await writeFile(join(folder, 'config.yaml'), text);
    const run = await runProgram(liteLlmProgram, {
      args: ['--config', '/etc/litellm/config.yaml'],
      mounts: { '/etc/litellm': folder },
    });
    expect(await run.exit).toBe(3);
    expect(run.lines.join('\n')).toMatch(line);
    await run.clear();
  });
});
