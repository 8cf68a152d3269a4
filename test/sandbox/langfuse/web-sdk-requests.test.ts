import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { eventually } from '../stores/host.ts';
import { labKey, openLab, type Captured, type Lab, type LabProgram } from './lab.ts';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyJson?: unknown;
  readonly bodyBase64?: string;
}

const folder = 'test/fixtures/captures/sdk';
const recorded = readdirSync(folder).flatMap((file) => {
  const capture = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
    requests?: readonly SdkRequest[];
  };
  return (capture.requests ?? []).map(
    (request, index) => [`${file} ${index}: ${request.method} ${request.path}`, request] as const,
  );
});

/** What each endpoint answers to what the SDKs ask, by release; the first path that fits. */
const expected: Readonly<Record<Captured, readonly (readonly [path: string, status: number])[]>> = {
  '3.199.0': [
    ['/api/public/ingestion', 207],
    ['/api/public/v2/prompts/p', 404],
    ['/api/public/v2/observations', 404],
    ['/api/public/v2/metrics', 400],
    ['/api/public/', 200],
  ],
  '4.16.0': [
    ['/api/public/ingestion', 207],
    ['/api/public/traces', 404],
    ['/api/public/v2/prompts/p', 404],
    ['/api/public/v2/metrics', 400],
    ['/api/public/', 200],
  ],
};

/** As it was on the wire: gzip was undone in the recording. */
function bodyOf({ headers, bodyJson, bodyBase64 }: SdkRequest): string | Buffer | undefined {
  if (bodyJson !== undefined) return JSON.stringify(bodyJson);
  if (bodyBase64 === undefined) return undefined;
  const bytes = Buffer.from(bodyBase64, 'base64');
  return headers['content-encoding'] === 'gzip' ? gzipSync(bytes) : bytes;
}

const sent = (headers: SdkRequest['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      /^(content-type|content-encoding|x-langfuse-|x_langfuse_)/.test(name),
    ),
  );

describe.each<Captured>(['3.199.0', '4.16.0'])('requests of real SDKs, sent again to %s', (release) => {
  let lab: Lab;
  let web: LabProgram;

  beforeAll(async () => {
    lab = await openLab(release);
    web = lab.start(langfuseWebServer);
    await eventually(async () => await fetch(`${web.url}/api/public/ready`));
  }, 60_000);
  afterAll(async () => await lab.close());

  it.each(recorded)('%s', async (_name, request) => {
    const status = expected[release].find(([path]) => request.path.startsWith(path))?.[1];
    const body = bodyOf(request);
    const ask = async (authorization: Readonly<Record<string, string>>): Promise<Response> =>
      await fetch(`${web.url}${request.path}`, {
        method: request.method,
        headers: { ...sent(request.headers), ...authorization },
        ...(body === undefined ? {} : { body }),
      });
    const answer = await ask(labKey);
    expect([request.path, answer.status]).toEqual([request.path, status]);
    const said = (await answer.json()) as {
      successes?: readonly object[];
      errors?: readonly { id: string }[];
    };
    if (status === 207) expectSorted(release, request, said);
    const isOpen = request.path.startsWith('/api/public/health') || (release === '4.16.0' && status === 404);
    if (!isOpen) expect((await ask({ authorization: 'Basic cGs6c2s=' })).status).toBe(401);
  });
});

/** 3 takes every event; 4 only scores and log lines. */
function expectSorted(
  release: Captured,
  { bodyJson }: SdkRequest,
  said: { readonly successes?: readonly object[]; readonly errors?: readonly { readonly id: string }[] },
): void {
  const { batch } = bodyJson as { batch: readonly { readonly id: string; readonly type: string }[] };
  const kept = (type: string): boolean =>
    release === '3.199.0' || type === 'score-create' || type === 'sdk-log';
  expect(said.errors?.map(({ id }) => id)).toEqual(
    batch.filter(({ type }) => !kept(type)).map(({ id }) => id),
  );
  expect(said.successes).toHaveLength(batch.filter(({ type }) => kept(type) && type !== 'sdk-log').length);
}
