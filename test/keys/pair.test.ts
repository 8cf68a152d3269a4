import { compare } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { fastHash } from '../../src/deployment/key-hash.ts';
import { Secret } from '../../src/deployment/secret.ts';
import {
  bcryptHash,
  hashSecret,
  matches,
  newPublicKey,
  newSecretKey,
  parsePair,
  requirePrefixes,
} from '../../src/keys/pair.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a key pair', () => {
  it('has the form that Langfuse gives it', () => {
    expect(newPublicKey().slice('pk-lf-'.length)).toMatch(uuid);
    expect(newSecretKey().reveal().slice('sk-lf-'.length)).toMatch(uuid);
    expect(String(newSecretKey())).toBe('[redacted]');
  });

  // The second vector was recorded on a server of 3.199.0.
  it.each([
    [
      'sk-lf-00000000-0000-4000-8000-000000000000',
      'mysalt',
      '02cf8583b11b2a6d2043873d73cea216a777732b948b5df8ff3b631886f2ed78',
    ],
    ['sk-lf-capture-0001', 'labsalt', '9b507ae1817427444ac8927cba4a9b3ae59ef7c0a0a5e39c8946c4e1a9fd25df'],
  ])('hashes %s as Langfuse does', (secret, salt, hash) => {
    expect(fastHash(secret, salt)).toBe(hash);
  });

  it('is kept as bcrypt with the marker of the app, its fast hash, and its ends', async () => {
    const secret = new Secret('sk-lf-00000000-0000-4000-8000-000000001234');
    const { hashed, fast, display } = await hashSecret(secret, new Secret('mysalt'));
    expect(hashed).toMatch(/^\$2a\$11\$.{53}$/);
    expect(await compare(secret.reveal(), hashed)).toBe(true);
    expect(fast).toBe(fastHash(secret.reveal(), 'mysalt'));
    expect(display).toBe('sk-lf-...1234');
  });

  it('has no fast hash without SALT, and web fills it in', async () => {
    expect((await hashSecret(newSecretKey(), null)).fast).toBeNull();
  });

  it('is compared by bcrypt; a hash that is none does not match', async () => {
    expect(await matches(new Secret('a'), await bcryptHash('a', 4))).toBe(true);
    expect(await matches(new Secret('b'), await bcryptHash('a', 4))).toBe(false);
    expect(await matches(new Secret('a'), 'nothing')).toBe(false);
  });
});

describe('a given pair', () => {
  it.each([
    ['LANGFUSE_PUBLIC_KEY=pk-lf-1\nLANGFUSE_SECRET_KEY=sk-lf-2\n'],
    ['export LANGFUSE_SECRET_KEY="sk-lf-2"\nexport LANGFUSE_PUBLIC_KEY="pk-lf-1"'],
    ['{"publicKey":"pk-lf-1","secretKey":"sk-lf-2"}'],
    ['{ "LANGFUSE_PUBLIC_KEY" : "pk-lf-1", "LANGFUSE_SECRET_KEY" : "sk-lf-2" }'],
    ['public_key: pk-lf-1\nsecret_key: sk-lf-2'],
  ])('is read from %j', (text) => {
    const { publicKey, secretKey } = parsePair(text, 'standard input');
    expect([publicKey, secretKey.reveal()]).toEqual(['pk-lf-1', 'sk-lf-2']);
  });

  it('says what is missing, and never what was given', () => {
    const refused = (text: string): string => {
      try {
        parsePair(text, 'standard input');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused('sk-lf-canary')).toBe('standard input has no public key');
    expect(refused('LANGFUSE_PUBLIC_KEY=pk-lf-1')).toBe('standard input has no secret key');
  });

  it('must have the beginnings that Langfuse asks for', () => {
    const pair = { publicKey: 'pk-lf-1', secretKey: new Secret('secret') };
    expect(() => requirePrefixes(pair)).toThrow('does not begin');
    expect(() => requirePrefixes({ ...pair, secretKey: new Secret('sk-lf-1') })).not.toThrow();
  });
});
