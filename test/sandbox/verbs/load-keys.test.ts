import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../../src/errors/error.ts';
import { followSecret, secretPlace } from '../../../src/sandbox/verbs/load-keys.ts';
import { eventually } from '../stores/host.ts';

const place = { namespace: 'team', name: 'env' };
const encoded = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );

/** A cluster with one Secret, whose data may change; null: it cannot be read. */
function cluster(first: Record<string, string> | null) {
  let data = first;
  let reads = 0;
  const get = async (): Promise<never> => {
    reads += 1;
    if (data === null) throw new LfctlError('KUBE_API', { message: 'no answer' });
    return { data: encoded(data) } as never;
  };
  return { get, reads: () => reads, change: (next: typeof data): void => void (data = next) };
}

const pair = (id: string) => ({ LANGFUSE_PUBLIC_KEY: `pk-${id}`, LANGFUSE_SECRET_KEY: `sk-${id}` });

describe('the key pair of a Secret', () => {
  it('is the one of the moment, and the last one while it cannot be read', async () => {
    const kube = cluster(pair('a'));
    const keys = await followSecret(kube, place, 1);
    expect(keys.current()).toEqual({ publicKey: 'pk-a', secretKey: 'sk-a' });
    kube.change(null);
    const before = kube.reads();
    await eventually(async () => expect(kube.reads()).toBeGreaterThan(before + 1));
    expect(keys.current().publicKey).toBe('pk-a');
    kube.change(pair('b'));
    await eventually(async () => expect(keys.current().publicKey).toBe('pk-b'));
    expect(keys.pairs()).toBe(2);
    keys.close();
  });

  it('must be there at the start', async () => {
    const { LANGFUSE_SECRET_KEY: _missing, ...half } = pair('a');
    await expect(followSecret(cluster(half), place)).rejects.toMatchObject({
      code: 'KUBE_NOT_FOUND',
      message: 'no LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY in the Secret team/env',
    });
  });

  it('is looked for in the deployment’s namespace unless another is named', () => {
    expect(secretPlace('env', 'langfuse')).toEqual({ namespace: 'langfuse', name: 'env' });
    expect(secretPlace('team/env', 'langfuse')).toEqual(place);
  });
});
