import { once } from 'node:events';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TestApi } from './harness.ts';
import { pods, startTestApi, tokens } from './harness.ts';

const path = '/api/v1/namespaces/lf/pods';
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function withPods(): Promise<TestApi> {
  const test = await startTestApi();
  const containers = (...names: readonly string[]) => ({
    spec: { nodeName: 'n', containers: names.map((name) => ({ name, image: 'x' })) },
    status: { phase: 'Running' },
  });
  test.store.create(pods, { metadata: { name: 'one', namespace: 'lf' }, ...containers('web') });
  test.store.create(pods, {
    metadata: { name: 'fresh', namespace: 'lf' },
    ...containers('web', 'istio-proxy'),
  });
  return test;
}

interface Session {
  readonly channels: Readonly<Record<number, Buffer>>;
  readonly status: Record<string, unknown>;
}

function open({ api }: TestApi, target: string, token: string = tokens.admin): WebSocket {
  return new WebSocket(`${api.url.replace('http', 'ws')}${path}${target}`, ['v5.channel.k8s.io'], {
    headers: { authorization: `Bearer ${token}` },
  });
}

/** Collects what comes until the socket closes. */
async function session(socket: WebSocket, onOpen?: () => void): Promise<Session> {
  const channels: Record<number, Buffer> = {};
  socket.on('message', (data: Buffer) => {
    const channel = data[0] ?? 0;
    channels[channel] = Buffer.concat([channels[channel] ?? Buffer.alloc(0), data.subarray(1)]);
  });
  if (onOpen !== undefined) socket.on('open', onOpen);
  await once(socket, 'close');
  return { channels, status: JSON.parse(channels[3]?.toString() ?? '{}') as Record<string, unknown> };
}

/** The answer to a refused handshake. */
function refusal(socket: WebSocket): Promise<{ readonly code: number; readonly body: string }> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ code: answer.statusCode ?? 0, body }));
    });
  });
}

const command = (...words: readonly string[]): string =>
  `stdout=true&stderr=true&${words.map((word) => `command=${encodeURIComponent(word)}`).join('&')}`;

describe('logs', () => {
  it('come whole, by the tail, and of the run before', async () => {
    const { ask } = await withPods();
    expect((await ask('GET', `${path}/one/log`)).text).toMatch(/^line 0 of web\n[\s\S]*line 9 of web\n$/);
    expect((await ask('GET', `${path}/one/log?tailLines=1`)).text).toBe('line 9 of web\n');
    expect((await ask('GET', `${path}/one/log?tailLines=1&previous=true`)).text).toBe('before 9 of web\n');
  });

  it('need a container where there are several', async () => {
    const { ask } = await withPods();
    expect(await ask('GET', `${path}/fresh/log`)).toMatchObject({
      code: 400,
      json: {
        reason: 'BadRequest',
        message: 'a container name must be specified for pod fresh, choose one of: [web istio-proxy]',
      },
    });
    expect((await ask('GET', `${path}/fresh/log?container=nope`)).json['message']).toBe(
      'container nope is not valid for pod fresh',
    );
  });

  it('pass the kubelet’s refusal on', async () => {
    const { ask } = await withPods();
    expect(await ask('GET', `${path}/fresh/log?container=web&previous=true`)).toMatchObject({
      code: 400,
      json: { kind: 'Status', message: 'previous terminated container "web" in pod "fresh" not found' },
    });
  });

  it('follow until the client goes, and then stop at the kubelet', async () => {
    const { api, agent } = await withPods();
    const gone = new AbortController();
    const answer = await fetch(`${api.url}${path}/one/log?follow=true&tailLines=1`, {
      headers: { authorization: `Bearer ${tokens.admin}` },
      signal: gone.signal,
    });
    let seen = '';
    for await (const chunk of answer.body ?? []) {
      seen += Buffer.from(chunk).toString();
      if (seen.includes('more 2')) break;
    }
    gone.abort();
    await expect.poll(() => agent.stopped).toEqual(['one']);
  });
});

describe('exec', () => {
  it('gives both outputs and the exit code', async () => {
    const test = await withPods();
    const run = await session(
      open(test, `/one/exec?${command('sh', '-c', 'echo out; echo err >&2; exit 3')}`),
    );
    expect(run.channels[1]?.toString()).toBe('out\n');
    expect(run.channels[2]?.toString()).toBe('err\n');
    expect(run.status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });

  it('takes stdin to its end', async () => {
    const test = await withPods();
    const socket = open(test, `/one/exec?stdin=true&${command('wc', '-c')}`);
    const run = await session(socket, () => {
      for (let index = 0; index < 64; index += 1) socket.send(Buffer.alloc(65_537));
      socket.send(Buffer.from([255, 0]));
    });
    expect(run.channels[1]?.toString().trim()).toBe(String(64 * 65_536));
    expect(run.status).toMatchObject({ status: 'Success' });
  });

  it('carries 50 MB without holding them', async () => {
    const test = await withPods();
    const socket = open(test, `/one/exec?${command('head', '-c', '50000000', '/dev/zero')}`);
    let sizeBytes = 0;
    socket.on('message', (data: Buffer) => {
      if (data[0] === 1) sizeBytes += data.length - 1;
    });
    await once(socket, 'close');
    expect(sizeBytes).toBe(50_000_000);
  });

  it('says that a command does not exist', async () => {
    const test = await withPods();
    const run = await session(open(test, `/one/exec?${command('nope')}`));
    expect(run.status).toMatchObject({
      status: 'Failure',
      message: expect.stringContaining('not found in $PATH'),
    });
  });

  it('ends the command when the client goes', async () => {
    const test = await withPods();
    const socket = open(test, `/one/exec?${command('sh', '-c', 'echo $$; exec sleep 60')}`);
    const [data] = (await once(socket, 'message')) as [Buffer];
    const pid = Number(data.subarray(1).toString());
    const alive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(alive()).toBe(true);
    socket.terminate();
    await expect.poll(alive).toBe(false);
  });

  it('refuses before the handshake', async () => {
    const test = await withPods();
    const refused = async (target: string, token?: string) => refusal(open(test, target, token));
    expect(await refused(`/zzz/exec?${command('ls')}`)).toMatchObject({
      code: 404,
      body: expect.stringContaining('pods \\"zzz\\" not found'),
    });
    expect(await refused(`/one/exec?${command('ls')}`, tokens.nobody)).toMatchObject({
      code: 403,
      body: expect.stringContaining('cannot create resource \\"pods/exec\\"'),
    });
    expect((await refused(`/one/exec?${command('ls')}`, 'wrong')).code).toBe(401);
    expect((await refused('/one/exec?stdout=true')).code).toBe(400);
    expect((await refused('/one/portforward?ports=x')).code).toBe(400);
    expect((await refused('/one/log')).code).toBe(404);
  });
});

describe('port-forward', () => {
  async function echo(): Promise<number> {
    const server = createServer((socket) => socket.pipe(socket));
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return (server.address() as { readonly port: number }).port;
  }

  it('carries bytes both ways behind the port’s number', async () => {
    const test = await withPods();
    const port = await echo();
    const socket = open(test, `/one/portforward?ports=${port}`);
    const seen = session(socket, () => socket.send(Buffer.from('\0hello')));
    let received = '';
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0) received += data.subarray(1).toString('latin1');
    });
    await expect.poll(() => received).toContain('hello');
    socket.close();
    const { channels } = await seen;
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    expect(channels[0]).toEqual(Buffer.concat([number, Buffer.from('hello')]));
    expect(channels[1]).toEqual(number);
  });

  it('tells on the error channel that nothing listens', async () => {
    const test = await withPods();
    const { channels } = await session(open(test, '/one/portforward?ports=1'));
    expect(channels[1]?.subarray(2).toString()).toMatch(/error forwarding port 1 .*ECONNREFUSED/);
  });
});
