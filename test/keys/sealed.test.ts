import { beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import { seal, unseal, usualCost } from '../../src/keys/sealed.ts';

const passphrase = new Secret('correct horse battery');
const text = 'sk-lf-canary';
/** The usual cost takes a second for each guess, and that is what it is for. */
const cheap = { ...usualCost, N: 1024 };

let sealed = '';
beforeAll(async () => void (sealed = await seal(text, passphrase, cheap)));

describe('a sealed record', () => {
  it('is opened with its passphrase alone, and not after a change', async () => {
    expect(sealed).not.toContain(text);
    expect(sealed).not.toContain(Buffer.from(text).toString('base64'));
    expect(await unseal(sealed, passphrase)).toBe(text);
    await expect(unseal(sealed, new Secret('another passphrase'))).rejects.toThrow('another passphrase');
    const cheaper = sealed.replace('"N": 1024', '"N": 512');
    expect(cheaper).not.toBe(sealed);
    await expect(unseal(cheaper, passphrase)).rejects.toThrow('was changed');
  });

  it('says what it is: scrypt and AES-256-GCM, each time with another salt', async () => {
    expect(JSON.parse(sealed)).toMatchObject({
      format: 'lfctl-sealed/1',
      kdf: { name: 'scrypt', ...cheap },
      cipher: 'aes-256-gcm',
    });
    expect(usualCost.N).toBeGreaterThanOrEqual(131_072);
    const salt = (one: string): unknown => (JSON.parse(one) as { kdf: { salt: unknown } }).kdf.salt;
    expect(salt(await seal(text, passphrase, cheap))).not.toBe(salt(sealed));
  });

  it('is not made with a short passphrase, nor opened where it is none', async () => {
    await expect(seal(text, new Secret('short'))).rejects.toThrow('fewer than 12');
    await expect(unseal('{}', passphrase)).rejects.toThrow('lfctl-sealed/1');
    await expect(unseal('no json', passphrase)).rejects.toThrow('lfctl-sealed/1');
  });
});
