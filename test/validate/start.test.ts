import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/deployment/settings.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { Skipped } from '../../src/doctor/fact.ts';
import type { OpenPorts } from '../../src/doctor/ports.ts';
import type { ErrorCode } from '../../src/errors/catalog.ts';
import { LfctlError } from '../../src/errors/error.ts';
import { start } from '../../src/validate/start.ts';
import type { Refusal, ValidateOptions } from '../../src/validate/start.ts';

const from = { source: 'env', origin: 'LANGFUSE_PUBLIC_KEY' } as const;

/** A start whose first request ends with an error. */
async function startWith(code: ErrorCode): Promise<unknown> {
  const failing = async (): Promise<never> => await Promise.reject(new LfctlError(code, { message: 'no' }));
  const settings = {
    url: { value: 'http://langfuse.test', ...from },
    publicKey: { value: 'pk-lf-1', ...from },
    secretKey: { value: new Secret('sk-lf-1'), ...from },
  } as unknown as Settings;
  const client = { get: failing, getWithKeys: failing, close: () => undefined };
  const options = {
    settings,
    openers: { openLangfuse: () => client },
    clock: { elapsed: () => 0 },
    onProgress: () => undefined,
    onNote: () => undefined,
  } as unknown as ValidateOptions;
  const deployment = async (): Promise<never> => await Promise.reject(new Skipped('no cluster'));
  return await start(options, { deployment, ports: {} } as unknown as OpenPorts);
}

describe('the first request', () => {
  it('that web does not answer is a failure of the first hop', async () => {
    const { refusal } = (await startWith('LANGFUSE_REFUSED')) as Refusal;
    expect(refusal.code).toBe('LANGFUSE_REFUSED');
  });

  it.each<ErrorCode>(['KUBE_CONFIG', 'KUBE_FORBIDDEN', 'KUBE_UNREACHABLE'])(
    'that gets no way to web (%s) says nothing about web',
    async (code) => {
      await expect(startWith(code)).rejects.toMatchObject({ code });
    },
  );
});
