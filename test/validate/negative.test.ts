import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import { LfctlError } from '../../src/errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../../src/ports/langfuse.ts';
import type { PostgresPort } from '../../src/ports/postgres.ts';
import { makeCanary } from '../../src/validate/canary.ts';
import type { KeyPair } from '../../src/validate/keys.ts';
import type { NegativeContext, OpenWith } from '../../src/validate/negative/case.ts';
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
  requests: HttpRequest[];
  closed: () => number;
} {
  const logins: Login[] = [];
  const requests: HttpRequest[] = [];
  let closed = 0;
  const open: OpenWith = (keys): LangfusePort => {
    const login = keys === null ? null : { user: keys.publicKey, password: keys.secretKey.reveal() };
    if (login !== null) logins.push(login);
    const send = async (request: HttpRequest): Promise<HttpAnswer> => {
      requests.push(request);
      return await Promise.resolve(reply(login, request));
    };
    const get = (path: string): Promise<HttpAnswer> => send({ method: 'GET', path });
    return { get, getWithKeys: get, send, sendWithKeys: send, close: () => void (closed += 1) };
  };
  return { open, logins, requests, closed: () => closed };
}

const sizeLimit = 4.5 * 1024 * 1024;

/** By the secret key alone, as Langfuse does; a malformed event is an error inside the 207. */
const langfuse = (login: Login | null, { method, body }: HttpRequest): HttpAnswer => {
  if (login?.password !== 'sk-lf-right') return answer(401);
  if (method === 'GET') return answer(200, '{"data":[{"id":"project","name":"One"}]}');
  if ((body?.length ?? 0) > sizeLimit) return answer(413, '{"message":"Body exceeded 4.5mb limit"}');
  const { batch } = JSON.parse(body?.toString() ?? '') as { batch: readonly { id: string; body: object }[] };
  const isValid = (one: { body: object }): boolean => 'value' in one.body;
  return answer(
    207,
    JSON.stringify({
      successes: batch.filter(isValid).map(({ id }) => ({ id, status: 201 })),
      errors: batch.filter((one) => !isValid(one)).map(({ id }) => ({ id, status: 400 })),
    }),
  );
};

/** Another project's key is all that there is to read. */
const postgres = { query: () => Promise.resolve([{ key: 'pk-lf-other' }]) } as unknown as PostgresPort;

function contextOf(open: OpenWith, more: Partial<NegativeContext> = {}): NegativeContext {
  const now = new Date('2026-11-21T02:00:00Z');
  return {
    open,
    pair,
    projectId: 'project',
    stranger: new Secret('sk-lf-stranger'),
    postgres: { state: 'open', port: postgres },
    keys: {
      deployment: null,
      generation: 3,
      version: '3.199.0',
      cache: { state: 'skipped', why: 'not configured' },
      salt: null,
      now: () => now,
    },
    neighbour: makeCanary('project', 'json', now),
    arrived: () => Promise.resolve(null),
    ...more,
  };
}

const statusOf = async (open: OpenWith, more?: Partial<NegativeContext>): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await negativeCases(contextOf(open, more))).map(({ case: name, status }) => [name, status]),
  );

const anyPublicKey = 'unknown public key, right secret key';
const otherPublicKey = "public key of another project, this project's secret key";
const malformed = 'malformed event beside a valid one';
const oversized = 'body of more than 4.5 MB';
const revoked = 'revoked key';

describe('what must not get through', () => {
  it('does not, and a wrong public key that Langfuse takes is no failure', async () => {
    const { open, closed } = doors(langfuse);
    const reports = await negativeCases(contextOf(open));
    expect(reports.filter(({ status }) => status !== 'ok')).toEqual([
      {
        case: revoked,
        expected: '200 while it is there, 401 once it is revoked',
        status: 'skipped',
        observed: 'SALT of web is not known: the key would stay in the cache of keys',
      },
    ]);
    const observed = Object.fromEntries(reports.map((one) => [one.case, one.observed]));
    expect(observed).toMatchObject({
      [anyPublicKey]: '200',
      [otherPublicKey]: "200, of the secret key's own project",
      [malformed]: '207, an error for it alone',
      [oversized]: '413 of web itself',
    });
    expect(closed()).toBe(reports.length - 1);
  });

  it('never sends the secret key as a user name, which Langfuse writes to its log', async () => {
    const { open, logins } = doors(langfuse);
    await negativeCases(contextOf(open));
    expect(logins.map(({ user }) => user)).not.toContain('sk-lf-right');
    expect(logins.map(({ password }) => password)).toContain(pair.publicKey);
  });

  it('sends events that every mode of Langfuse 4 looks at: of another type web would log an old SDK', async () => {
    const { open, requests } = doors(langfuse);
    await negativeCases(contextOf(open));
    const types = requests
      .filter(({ body }) => body !== undefined && body.length < sizeLimit)
      .flatMap(({ body }) =>
        (JSON.parse(body?.toString() ?? '') as { batch: { type: string }[] }).batch.map(({ type }) => type),
      );
    expect(types).toEqual(['score-create', 'score-create']);
  });

  it('is a failure each where it does, and a Langfuse that compares public keys is none', async () => {
    const all = await statusOf(doors(() => answer(200)).open);
    expect(all).toMatchObject({
      'wrong secret key': 'fail',
      'keys swapped': 'fail',
      [anyPublicKey]: 'ok',
      [otherPublicKey]: 'fail',
      [malformed]: 'fail',
      [oversized]: 'fail',
    });
    expect(await statusOf(doors(() => answer(401)).open)).toMatchObject({
      [anyPublicKey]: 'ok',
      [otherPublicKey]: 'ok',
    });
    expect(await statusOf(doors(() => answer(403)).open)).toMatchObject({ [anyPublicKey]: 'fail' });
  });

  it('is a failure where another project answers to its public key', async () => {
    const mixed = doors((login, request) =>
      login?.user === 'pk-lf-other' ? answer(200, '{"data":[{"id":"other"}]}') : langfuse(login, request),
    );
    expect(await statusOf(mixed.open)).toMatchObject({ [otherPublicKey]: 'fail' });
  });

  it('is not looked at where there is no second project, or no way into the database', async () => {
    const alone = { query: () => Promise.resolve([]) } as unknown as PostgresPort;
    const { open } = doors(langfuse);
    expect(await statusOf(open, { postgres: { state: 'open', port: alone } })).toMatchObject({
      [otherPublicKey]: 'skipped',
    });
    const closed = { state: 'skipped', detail: 'not configured: Postgres' } as const;
    expect(await statusOf(open, { postgres: closed })).toMatchObject({
      [otherPublicKey]: 'skipped',
      [revoked]: 'skipped',
    });
  });
});

describe('the neighbour of a malformed event', () => {
  it('must be named a success', async () => {
    const all = doors((login, request) =>
      request.method === 'POST' && (request.body?.length ?? 0) < sizeLimit
        ? answer(207, '{"successes":[],"errors":[{"id":"x"}]}')
        : langfuse(login, request),
    );
    expect(await statusOf(all.open)).toMatchObject({ [malformed]: 'fail' });
  });

  it('is not known to be well as long as it is not seen', async () => {
    const arrived = (): Promise<string> => Promise.resolve('no row yet in scores');
    const reports = await negativeCases(contextOf(doors(langfuse).open, { arrived }));
    expect(reports.find((one) => one.case === malformed)).toMatchObject({
      status: 'unknown',
      observed: expect.stringContaining('no row yet in scores') as string,
    });
  });
});

describe('nothing is known', () => {
  const brief = { postgres: { state: 'skipped', detail: 'not configured' } } as const;

  it('where nothing answers, or a server that fails', async () => {
    const silent = doors(() => {
      throw new LfctlError('LANGFUSE_TIMEOUT', { message: 'no answer within 10 s' });
    });
    for (const { open } of [silent, doors(() => answer(502))])
      expect(new Set(Object.values(await statusOf(open, brief)))).toEqual(new Set(['unknown', 'skipped']));
  });

  it('but a server that hangs up on too large a body has refused it', async () => {
    const cutting = doors((login, request) => {
      if ((request.body?.length ?? 0) > sizeLimit)
        throw new LfctlError('LANGFUSE_CLOSED', { message: 'the connection was closed' });
      return langfuse(login, request);
    });
    expect(await statusOf(cutting.open, brief)).toMatchObject({ [oversized]: 'ok' });
  });
});
