import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../src/deployment/model.ts';
import type { HttpAnswer } from '../../../src/ports/langfuse.ts';
import { publicUrlProbe } from '../../../src/validate/probes/public-url.ts';
import { answer } from '../_answer.ts';
import { canary, contextOf, deployment, failure, type Asked, type Reply } from './_context.ts';

const url = 'https://lf.example.com';
const route: Deployment['routes'][number] = {
  kind: 'Ingress',
  name: 'lf',
  namespace: 'ns',
  hosts: ['lf.example.com'],
  className: 'nginx',
  tls: true,
};
const exposed = async (parts: Partial<Deployment> = {}): Promise<Deployment> =>
  await deployment({ publicUrl: url, routes: [route], ...parts });

const projects = { data: [{ id: 'project', name: 'one' }] };
const arrived = { observations: [{}], scores: [{}] };

/** Langfuse behind the public URL, with some answers as given. */
const langfuse =
  (own: Readonly<Record<string, HttpAnswer>> = {}): Reply =>
  ({ path }) =>
    own[path] ??
    {
      '/api/public/health': answer(200, { status: 'OK', version: '3.199.0' }),
      '/api/public/projects': answer(200, projects),
      [`/api/public/traces/${canary.traceId}`]: answer(200, arrived),
    }[path] ??
    answer(404);

const look = async (reply: Reply, given: Deployment, publicUrl: string | null = null) => {
  const context = contextOf({ reply, run: { deployment: given }, wishes: { publicUrl } });
  return { ...(await publicUrlProbe.look(context)), asked: context.asked };
};

const paths = (asked: readonly Asked[]): string[] => asked.map(({ path }) => path);

describe('the public URL', () => {
  it('leads to the same Langfuse, and the canary is read there', async () => {
    const found = await look(langfuse(), await exposed());
    expect(found).toMatchObject({
      status: 'ok',
      detail: `${url} (NEXTAUTH_URL): Langfuse 3.199.0, and the canary is read there`,
      from: 'machine',
    });
    expect(new Set(found.asked.map((one) => `${one.url} ${one.from}`))).toEqual(new Set([`${url}/ here`]));
  });

  it('names another version behind it', async () => {
    const health = answer(200, { status: 'OK', version: '3.200.0' });
    const found = await look(langfuse({ '/api/public/health': health }), await exposed());
    expect(found.detail).toContain('Langfuse 3.200.0 there, 3.199.0 by the other way');
  });

  it.each<[string, string, HttpAnswer]>([
    ['answered by something in front', '/api/public/health', answer(502, '<title>502 Bad Gateway</title>')],
    [
      'redirect to https://sso.example.com/',
      '/api/public/health',
      { ...answer(302, ''), location: 'https://sso.example.com/?rd=x' },
    ],
    ['health answers 503', '/api/public/health', answer(503, { status: 'down' })],
    [
      'another deployment, or Authorization is dropped',
      '/api/public/projects',
      answer(401, { message: 'no' }),
    ],
    ['open another project', '/api/public/projects', answer(200, { data: [{ id: 'other' }] })],
    ['the canary is not read there', `/api/public/traces/${canary.traceId}`, answer(404, { message: 'no' })],
  ])('fails where it is %s', async (text, path, given) => {
    const found = await look(langfuse({ [path]: given }), await exposed());
    expect(found.status).toBe('fail');
    expect(found.detail).toContain(text);
  });

  it('gets no keys where no route has its host: a variable may name a stranger', async () => {
    const found = await look(langfuse(), await exposed({ routes: [] }));
    expect(found).toMatchObject({ status: 'ok' });
    expect(found.detail).toContain('no keys were sent');
    expect(found.asked.every(({ keys }) => !keys)).toBe(true);
    expect(paths(found.asked)).toEqual(['/api/public/health']);
  });

  it('gets no keys in plain text, unless it was given by hand', async () => {
    const plain = await exposed({ publicUrl: 'http://lf.example.com' });
    expect(paths((await look(langfuse(), plain)).asked)).toEqual(['/api/public/health']);
    const given = await look(langfuse(), plain, 'http://127.0.0.1:8080');
    expect(given.detail).toContain('the canary is read there');
  });

  it('is known by NEXTAUTH_URL below a base path, without the login that it may hold, else by a route', async () => {
    const based = await exposed({ publicUrl: 'https://user:hunter22@lf.example.com/base/api/auth' });
    const { asked, detail } = await look(langfuse(), based);
    expect(asked[0]?.url).toBe(`${url}/base`);
    expect(detail).not.toContain('hunter22');
    const local = await exposed({ publicUrl: 'http://localhost:3000' });
    expect((await look(langfuse(), local)).detail).toContain(`${url} (the route)`);
    const nowhere = await exposed({ publicUrl: 'http://localhost:3000', routes: [] });
    expect(await look(langfuse(), nowhere)).toMatchObject({ status: 'skipped', from: null });
  });

  it.each([
    ['LANGFUSE_UNKNOWN_HOST', 'unknown'],
    ['LANGFUSE_TIMEOUT', 'unknown'],
    ['LANGFUSE_TLS', 'unknown'],
    ['LANGFUSE_REFUSED', 'fail'],
    ['LANGFUSE_CLOSED', 'fail'],
  ] as const)('of which %s is all that is known is %s', async (code, status) => {
    const reply: Reply = () => {
      throw failure(code, `HTTP at lf.example.com:443: words of ${code}`);
    };
    const found = await look(reply, await exposed());
    expect(found).toMatchObject({ status, detail: `${url} (NEXTAUTH_URL): words of ${code}` });
  });

  it('that was given by hand and does not resolve fails', async () => {
    const reply: Reply = () => {
      throw failure('LANGFUSE_UNKNOWN_HOST');
    };
    expect(await look(reply, await exposed(), url)).toMatchObject({ status: 'fail' });
  });
});
