import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, labTimeoutMs, openLab2, send, type Answered, type Lab2, type Web2Run } from './lab.ts';

let lab: Lab2;
let web: Web2Run;

beforeAll(async () => {
  lab = await openLab2();
  web = await lab.web();
  const usage = { input: 1, output: 2, unit: 'TOKENS' };
  await send(web, [
    ['generation-create', { id: 'g1', traceId: 't', name: 'say "hi", now', model: 'gpt-4o', usage }],
    ['span-create', { id: 's1', traceId: 't' }],
  ]);
}, labTimeoutMs);
afterAll(async () => await lab.close());

/** A session as NextAuth 4 seals it. */
function session(email: string, secret = 'secret', lifeSeconds = 60): Record<string, string> {
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header));
  const claims = { email, exp: Math.floor(new Date().getTime() / 1000) + lifeSeconds };
  const text = Buffer.concat([cipher.update(JSON.stringify(claims)), cipher.final()]);
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return { cookie: `other=1; next-auth.session-token=${header}..${parts.join('.')}` };
}

const input = (change: object = {}): string =>
  JSON.stringify({
    json: { projectId: 'lab-project', fileFormat: 'JSON', filter: [], orderBy: null, ...change },
  });

const exported = async (to: Web2Run, headers: Record<string, string>, wanted = input()): Promise<Answered> =>
  await ask(`${to.url}/api/trpc/generations.export?input=${encodeURIComponent(wanted)}`, { headers });

const resultOf = (body: unknown): { type: string; url: string; fileName: string; data: string } =>
  (body as { result: { data: { json: { type: string; url: string; fileName: string; data: string } } } })
    .result.data.json;

describe('exports', () => {
  it('go to the bucket of S3_BUCKET_NAME, at its root, behind a link', async () => {
    const [status, body] = await exported(web, session('admin@example.test'));
    expect(status).toBe(200);
    const { type, url, fileName } = resultOf(body);
    expect(type).toBe('s3');
    expect(fileName).toMatch(/^lf-export-lab-project-\d{4}-\d\d-\d\dT[\d:.]+Z\.json$/);
    expect(new URL(url).pathname).toBe(`/langfuse/${encodeURIComponent(fileName)}`);
    const file = (await (await fetch(url)).json()) as unknown[];
    expect(file).toMatchObject([{ id: 'g1', type: 'GENERATION', totalTokens: 3 }]);
  });

  it('are CSV as well', async () => {
    const [, body] = await exported(web, session('admin@example.test'), input({ fileFormat: 'CSV' }));
    const text = await (await fetch(resultOf(body).url)).text();
    expect(text).toMatch(/^id,traceId,/);
    expect(text).toContain('"say ""hi"", now"');
  });

  it('without a bucket are given in the answer', async () => {
    const plain = await lab.web({ S3_BUCKET_NAME: undefined });
    const [, body] = await exported(plain, session('admin@example.test'));
    expect(resultOf(body)).toMatchObject({ type: 'data', data: expect.stringContaining('"g1"') as unknown });
    await plain.stop();
  });

  it('fail with a line in the log when the bucket is not there', async () => {
    const broken = await lab.web({ S3_BUCKET_NAME: 'missing' });
    const [status, body] = await exported(broken, session('admin@example.test'));
    expect([status, body]).toMatchObject([500, { error: { json: { message: 'Internal error' } } }]);
    expect(broken.log.join('\n')).toMatch(
      /error \tFailed to upload file to lf-export-lab-project-.*bucket does not exist/,
    );
    await broken.stop();
  });

  it.each([
    ['nobody', {}],
    ['a stranger', session('stranger@example.test')],
    ['a session of before', session('admin@example.test', 'secret', -1)],
    ['a session under another secret', session('admin@example.test', 'other')],
    ['an API key', { authorization: 'Basic cGstbGYtbGFiOnNrLWxmLWxhYg==' }],
  ])('are refused to %s', async (_who, headers) => {
    expect(await exported(web, headers)).toMatchObject([
      401,
      { error: { json: { message: 'UNAUTHORIZED' } } },
    ]);
  });

  it('need to know of which project', async () => {
    expect((await exported(web, session('admin@example.test'), '{}'))[0]).toBe(400);
  });
});
