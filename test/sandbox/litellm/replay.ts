import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { liteLlmProgram } from '../../../src/sandbox/programs/litellm/program.ts';
import { runProgram } from '../redis/program-run.ts';
import type { ProgramRun } from '../redis/program-run.ts';
import type { LiteLlmCapture, SentRequest } from './captures.ts';
import { toldLines } from './captures.ts';

/** What the stand-in did when asked and answered as the recording has it. */
export interface Replay {
  readonly log: readonly string[];
  readonly requests: readonly SentRequest[];
  readonly http: readonly { readonly path: string; readonly status: number; readonly answer: unknown }[];
  readonly exit: number;
}

/** Runs the stand-in against a server that answers Langfuse's part of a recording. */
export async function replay(capture: LiteLlmCapture): Promise<Replay> {
  const folder = await mkdtemp(join(tmpdir(), 'lfctl-replay-'));
  const requests: SentRequest[] = [];
  const langfuse = createServer((message, response) => void answer(capture, requests, message, response));
  langfuse.listen(0, '127.0.0.1');
  await once(langfuse, 'listening');
  await writeFile(join(folder, 'config.yaml'), capture.config);
  const run = await runProgram(liteLlmProgram, hostOf(capture, folder, langfuse));
  try {
    const http = await (typeof capture.exit === 'number' ? Promise.resolve([]) : askAll(capture, run));
    if (typeof capture.exit !== 'number') await seenAll(capture, run, requests);
    const exit = typeof capture.exit === 'number' ? await run.exit : await run.stop();
    return { log: run.lines, requests, http, exit };
  } finally {
    langfuse.closeAllConnections();
    langfuse.close();
    await run.clear();
    await rm(folder, { recursive: true, force: true });
  }
}

function hostOf(
  capture: LiteLlmCapture,
  folder: string,
  langfuse: Server,
): NonNullable<Parameters<typeof runProgram>[1]> {
  const { port } = langfuse.address() as AddressInfo;
  const env: Record<string, string> = { LITELLM_MASTER_KEY: masterKey };
  for (const [name, value] of Object.entries(capture.env)) if (value !== null) env[name] = value;
  const host = env['LANGFUSE_HOST'];
  if (host !== undefined) env['LANGFUSE_HOST'] = host.replace('127.77.0.2:3000', `127.0.0.1:${port}`);
  const isMismatch = capture.capture.endsWith('sdk-mismatch');
  return {
    args: ['--config', '/etc/litellm/config.yaml', '--port', '4000'],
    mounts: { '/etc/litellm': folder },
    imageTag: `main-v${capture.litellm}-${isMismatch ? 'langfuse-3' : 'stable'}`,
    // Retries come soon, and an answer still has two seconds on a busy machine.
    timeScale: 25,
    resolve: (name) =>
      /^[\d.]+$/.test(name)
        ? Promise.resolve(name)
        : Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })),
    env,
  };
}

const masterKey = 'sk-1234';

/** As the recording has it for this path; a request that was never answered there stays open here. */
async function answer(
  capture: LiteLlmCapture,
  requests: SentRequest[],
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = '', url: path = '' } = message;
  const recorded = capture.requests.find((one) => one.method === method && one.path === path)?.answer;
  requests.push({
    method,
    path,
    headers: readable(message),
    ...bodyOf(message, Buffer.concat(chunks)),
    answer: null,
  });
  if (recorded === null) return;
  const { status, body } = recorded ?? { status: 404, body: '{}' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function readable({ headers }: IncomingMessage): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const found = Object.fromEntries(all) as Record<string, string>;
  const pair = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  return headers.authorization === undefined ? found : { ...found, authorization: `Basic ${pair}` };
}

function bodyOf({ headers }: IncomingMessage, body: Buffer): Pick<SentRequest, 'bodyJson' | 'bodyBase64'> {
  if (body.length === 0) return {};
  if (headers['content-type'] !== 'application/json') return { bodyBase64: body.toString('base64') };
  return { bodyJson: JSON.parse(body.toString()) as unknown };
}

/** The recorded questions in their order. */
async function askAll(capture: LiteLlmCapture, run: ProgramRun): Promise<Replay['http']> {
  await run.line(/Uvicorn running/);
  const seen: { path: string; status: number; answer: unknown }[] = [];
  for (const { method, path, body, answer: recorded } of capture.http) {
    const key = keyFor(recorded);
    const got = await fetch(`http://${run.address}:4000${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    seen.push({ path, status: got.status, answer: plain(await got.text()) });
  }
  return seen;
}

/** The recording does not name the key of a question, but its answer tells which it was. */
function keyFor(answered: string): string | null {
  if (answered.includes('No api key passed in')) return null;
  return answered.includes('No connected db.') ? 'sk-wrong' : masterKey;
}

/** An answer without what differs from call to call. */
export function plain(text: string): unknown {
  const own: Readonly<Record<string, true>> = { id: true, created: true };
  return JSON.parse(text, (key, value: unknown) => (own[key] === true ? undefined : value)) as unknown;
}

/** Waits until the stand-in has sent and said what the recording has; what never comes is for the test to show. */
async function seenAll(
  capture: LiteLlmCapture,
  run: ProgramRun,
  requests: readonly SentRequest[],
): Promise<void> {
  const paths = new Set(capture.requests.map(({ method, path }) => `${method} ${path}`));
  const isThere = (): boolean => {
    const seen = new Set(requests.map(({ method, path }) => `${method} ${path}`));
    const said = toldLines(run.lines);
    return (
      [...paths].every((one) => seen.has(one)) && toldLines(capture.log).every((one) => said.includes(one))
    );
  };
  const endMs = performance.now() + mostMs;
  while (!isThere() && performance.now() < endMs) await wait(20);
}

const mostMs = 45_000;
