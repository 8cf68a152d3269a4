/**
 * A text under a passphrase. JSON with `format` lfctl-sealed/1, `kdf` (scrypt with its numbers and salt), `cipher`
 * aes-256-gcm, `iv`, `tag` and `data`, all bytes in base64. The format, the numbers and the salt are authenticated with
 * the text: `format`, then N, r and p, then the salt, joined by spaces.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import type { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';

const format = 'lfctl-sealed/1';
/** https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt: N 2^17, r 8, p 1. */
export const usualCost: ScryptCost = { N: 131_072, r: 8, p: 1 };
const memoryBytes = 256 * 1024 * 1024;
const cipherName = 'aes-256-gcm';
const keyBytes = 32;

interface Sealed {
  readonly format: typeof format;
  readonly kdf: {
    readonly name: 'scrypt';
    readonly N: number;
    readonly r: number;
    readonly p: number;
    readonly salt: string;
  };
  readonly cipher: typeof cipherName;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** Too short a passphrase is guessed however long each guess takes. */
const shortestPassphrase = 12;

/** @throws LfctlError KEY_EXPORT_INVALID for a passphrase that is too short */
export async function seal(text: string, passphrase: Secret, cost: ScryptCost = usualCost): Promise<string> {
  if (passphrase.reveal().length < shortestPassphrase)
    throw new LfctlError('KEY_EXPORT_INVALID', {
      message: `the passphrase has fewer than ${String(shortestPassphrase)} characters`,
    });
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv(cipherName, await keyOf(passphrase, salt, cost), iv);
  cipher.setAAD(boundBy(cost, salt));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const sealed: Sealed = {
    format,
    kdf: { name: 'scrypt', ...cost, salt: salt.toString('base64') },
    cipher: cipherName,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

/** @throws LfctlError KEY_EXPORT_INVALID for another format, a wrong passphrase, or a changed text */
export async function unseal(text: string, passphrase: Secret): Promise<string> {
  const sealed = parse(text);
  const { N, r, p, salt } = sealed.kdf;
  const bytes = (field: string): Buffer => Buffer.from(field, 'base64');
  try {
    const key = await keyOf(passphrase, bytes(salt), { N, r, p });
    const decipher = createDecipheriv(cipherName, key, bytes(sealed.iv));
    decipher.setAAD(boundBy({ N, r, p }, bytes(salt)));
    decipher.setAuthTag(bytes(sealed.tag));
    return Buffer.concat([decipher.update(bytes(sealed.data)), decipher.final()]).toString('utf8');
  } catch {
    throw new LfctlError('KEY_EXPORT_INVALID', { message: 'another passphrase, or the record was changed' });
  }
}

/** What each guess of a passphrase costs. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const boundBy = ({ N, r, p }: ScryptCost, salt: Buffer): Buffer =>
  Buffer.from([format, N, r, p, salt.toString('base64')].join(' '));

async function keyOf(passphrase: Secret, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    scrypt(passphrase.reveal(), salt, keyBytes, { N, r, p, maxmem: memoryBytes }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function parse(text: string): Sealed {
  try {
    const value = JSON.parse(text) as Partial<Sealed> | null;
    const { kdf, iv, tag, data } = value ?? {};
    const whole = [kdf?.salt, iv, tag, data].every((field) => typeof field === 'string');
    if (value?.format === format && value.cipher === cipherName && whole) return value as Sealed;
  } catch {
    // Not JSON: said below in the same words.
  }
  throw new LfctlError('KEY_EXPORT_INVALID', { message: `it does not begin as ${format}` });
}
