import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { classifyLog } from '../../src/doctor/classify-log.ts';
import { canary } from '../adapters/support.ts';
import { freePort } from './real/process.ts';

/** LiteLLM's proxy in one of its forms. */
export interface LiteLlmTarget {
  /** Starts it with the `langfuse` callback, a model `gpt-4o-mini` that answers `hello`, and these variables. */
  readonly run: (env: Readonly<Record<string, string>>) => Promise<RunningLiteLlm>;
}

/** A proxy that listens. */
export interface RunningLiteLlm {
  readonly url: string;
  readonly masterKey: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

const pair = { LANGFUSE_PUBLIC_KEY: 'pk-lf-contract', LANGFUSE_SECRET_KEY: canary };
const open: { readonly stop: () => Promise<void> }[] = [];

/** What lfctl counts on: how LiteLLM is asked, where it sends to, and that its log tells when it cannot. */
export function liteLlmSuite(target: () => LiteLlmTarget): void {
  afterEach(async () => {
    for (const one of open.splice(0)) await one.stop();
  });
  const started = async (env: Readonly<Record<string, string>>): Promise<RunningLiteLlm> => {
    const running = await target().run({ ...pair, ...env });
    open.push(running);
    return running;
  };

  it(
    'sends a call to Langfuse with the pair of its variables',
    async () => {
      const { host, asked } = await fakeLangfuse(200);
      const running = await started({ LANGFUSE_HOST: host });
      expect(await (await fetch(`${running.url}/health/liveliness`)).json()).toBe("I'm alive!");
      expect(await (await fetch(`${running.url}/health/readiness`)).json()).toMatchObject({
        status: 'healthy',
      });
      expect((await fetch(`${running.url}/v1/models`)).ok).toBe(false);
      expect(await call(running)).toBe('hello');
      const login = `Basic ${Buffer.from(`pk-lf-contract:${canary}`).toString('base64')}`;
      await expect.poll(() => asked, patience).toContain(`POST ${login}`);
      expect(patterns(running)).toEqual([]);
    },
    mostMs,
  );

  it(
    'answers while Langfuse refuses its keys, and says nothing else than that',
    async () => {
      const { host, asked } = await fakeLangfuse(401);
      const running = await started({ LANGFUSE_HOST: host });
      expect(await call(running)).toBe('hello');
      await expect.poll(() => asked.some((one) => one.startsWith('POST')), patience).toBe(true);
      expect([[], ['litellm-unauthorized']]).toContainEqual(patterns(running));
      expect(running.log()).not.toContain(canary);
    },
    mostMs,
  );

  it(
    'tells in its log that it cannot connect, and answers all the same',
    async () => {
      const running = await started({ LANGFUSE_HOST: `http://127.0.0.1:${await freePort()}` });
      expect(await call(running)).toBe('hello');
      await expect.poll(() => patterns(running), patience).toEqual(['litellm-unreachable']);
      expect(running.log()).not.toContain(canary);
    },
    mostMs,
  );
}

/** Python's proxy takes its time to start on a busy machine. */
const mostMs = 180_000;
const patience = { timeout: 40_000, interval: 100 };

const patterns = (running: RunningLiteLlm): string[] => [
  ...new Set(classifyLog(running.log(), (line) => line).map(({ pattern }) => pattern)),
];

async function call({ url, masterKey }: RunningLiteLlm): Promise<unknown> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }),
  });
  const { choices } = (await answer.json()) as {
    readonly choices: readonly { readonly message: { readonly content: unknown } }[];
  };
  return choices[0]?.message.content;
}

/** Answers everything alike and remembers who asked: method and login. */
async function fakeLangfuse(status: number): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`);
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  open.push({ stop });
  return { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
