import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import type { Sourced } from '../../src/deployment/settings.ts';
import type { HttpAnswer, LangfusePort } from '../../src/ports/langfuse.ts';
import { keyPair } from '../../src/validate/keys.ts';
import { eraOf } from '../../src/validate/target.ts';
import { answer } from './_answer.ts';

/** A web of this version, whose old endpoints answer with this status. */
function web(version: string, oldStatus: number): LangfusePort {
  const get = (path: string): Promise<HttpAnswer> =>
    Promise.resolve(
      path === '/api/public/health'
        ? answer(200, { status: 'OK', version })
        : answer(oldStatus, 'not available in events_only mode'),
    );
  const send = async ({ path }: { readonly path: string }): Promise<HttpAnswer> => await get(path);
  return { get, getWithKeys: get, send, sendWithKeys: send, close: () => undefined };
}

describe('what a canary is sent to', () => {
  it('writes as its variables say, though its image names no version', async () => {
    const digest = { imageVersion: null, writeMode: 'legacy' } as const;
    expect(await eraOf(web('4.16.0', 401), digest)).toEqual({
      version: '4.16.0',
      generation: 4,
      mode: 'legacy',
    });
    expect(await eraOf(web('3.199.0', 401), digest)).toMatchObject({ generation: 3, mode: 'clickhouse' });
  });

  it.each([
    [404, 'events_only'],
    [401, null],
  ] as const)(
    'where the variables are not known, an old endpoint that answers %i tells mode %s',
    async (old, mode) => {
      expect(await eraOf(web('4.16.0', old), null)).toMatchObject({ mode });
    },
  );
});

describe('the key pair', () => {
  const sourced = <Value>(value: Value, origin: string): Sourced<Value> => ({
    value,
    source: 'environment',
    origin,
  });
  const publicKey = sourced('pk-lf-a', 'LANGFUSE_PUBLIC_KEY');
  const secretKey = sourced(new Secret('sk-lf-a'), 'LANGFUSE_SECRET_KEY');

  it('is that of the settings', () => {
    expect(keyPair({ publicKey, secretKey }, null)).toMatchObject({ publicKey: 'pk-lf-a' });
  });

  it('is none by halves: another pair may be of another project', () => {
    const half = /only half of a key pair is set: LANGFUSE_/;
    expect(() => keyPair({ publicKey, secretKey: null }, null)).toThrow(half);
    expect(() => keyPair({ publicKey: null, secretKey }, null)).toThrow(half);
    expect(() => keyPair({ publicKey: null, secretKey: null }, null)).toThrow(/no key pair is known/);
  });
});
