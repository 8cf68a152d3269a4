import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../../src/ports/langfuse.ts';
import type { KeyPair } from '../../src/validate/keys.ts';
import type { OpenWith } from '../../src/validate/negative.ts';
import { negativeCases } from '../../src/validate/negative.ts';
import { answer } from './_answer.ts';

const pair: KeyPair = {
  publicKey: 'pk-lf-right',
  secretKey: new Secret('sk-lf-right'),
  origin: 'the environment',
};

interface Login {
  readonly user: string;
  readonly password: string;
}

/** Clients whose web answers by the login and the request. */
function doors(reply: (login: Login | null, request: HttpRequest) => HttpAnswer): {
  open: OpenWith;
  logins: Login[];
  closed: () => number;
} {
  const logins: Login[] = [];
  let closed = 0;
  const open: OpenWith = (keys): LangfusePort => {
    const login = keys === null ? null : { user: keys.publicKey, password: keys.secretKey.reveal() };
    if (login !== null) logins.push(login);
    const send = async (request: HttpRequest): Promise<HttpAnswer> =>
      await Promise.resolve(reply(login, request));
    const get = (path: string): Promise<HttpAnswer> => send({ method: 'GET', path });
    return { get, getWithKeys: get, send, sendWithKeys: send, close: () => void (closed += 1) };
  };
  return { open, logins, closed: () => closed };
}

/** By the secret key alone, as Langfuse does; a malformed event is an error inside the 207. */
const langfuse = (login: Login | null, { method }: HttpRequest): HttpAnswer => {
  if (login?.password !== 'sk-lf-right') return answer(401);
  return method === 'POST' ? answer(207, '{"successes":[],"errors":[{"status":400}]}') : answer(200);
};

const statusOf = async (open: OpenWith): Promise<Record<string, string>> =>
  Object.fromEntries((await negativeCases(open, pair)).map(({ case: name, status }) => [name, status]));

const anyPublicKey = 'unknown public key, right secret key';

describe('what must not get through', () => {
  it('does not, and a wrong public key that Langfuse takes is no failure', async () => {
    const { open, closed } = doors(langfuse);
    const reports = await negativeCases(open, pair);
    expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['ok']));
    expect(reports.find((one) => one.case === anyPublicKey)).toMatchObject({ observed: '200' });
    expect(closed()).toBe(reports.length);
  });

  it('never sends the secret key as a user name, which Langfuse writes to its log', async () => {
    const { open, logins } = doors(langfuse);
    await negativeCases(open, pair);
    expect(logins.map(({ user }) => user)).not.toContain('sk-lf-right');
    expect(logins.map(({ password }) => password)).toContain(pair.publicKey);
  });

  it('is a failure each where it does, and a Langfuse that compares public keys is none', async () => {
    const all = await statusOf(doors(() => answer(200)).open);
    expect(all).toMatchObject({ 'wrong secret key': 'fail', 'keys swapped': 'fail', [anyPublicKey]: 'ok' });
    expect(await statusOf(doors(() => answer(401)).open)).toMatchObject({ [anyPublicKey]: 'ok' });
    expect(await statusOf(doors(() => answer(403)).open)).toMatchObject({ [anyPublicKey]: 'fail' });
  });

  it('is not known where nothing answers, or a server that fails', async () => {
    const silent = doors(() => {
      throw new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });
    });
    for (const { open } of [silent, doors(() => answer(502))])
      expect(new Set(Object.values(await statusOf(open)))).toEqual(new Set(['unknown']));
  });
});
