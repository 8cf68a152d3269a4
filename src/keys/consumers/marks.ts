/** Which of the keys of this Langfuse a text holds, and the text with another pair in their place. */
import { Secret } from '../../deployment/secret.ts';
import type { KeyPair } from '../pair.ts';

/** What of a pair stands somewhere. `basic-auth`: both halves in base64, as an OTLP exporter's headers have them. */
type KeyPart = 'public-key' | 'secret-key' | 'basic-auth';

/** One half of a pair, or both, in one text. */
export interface Mark {
  /** The row's public key, also where only the secret stands. */
  readonly publicKey: string;
  readonly part: KeyPart;
}

/** The keys of a deployment, as far as texts are compared with them. */
export interface KnownKeys {
  readonly publicKeys: ReadonlySet<string>;
  /** Public key of the row whose secret key this text is; null for any other text. */
  readonly ofSecret: (text: string) => Promise<string | null>;
}

/** Keys are short; what is longer is a file, and is searched for keys of the usual form alone. */
const wholeKeyLength = 200;
/** A Secret holds at most 1 MiB; texts beyond this are no configuration. */
const searchedLength = 262_144;
const usualPublicKey = /pk-lf-[\w-]{8,64}/g;
const usualSecretKey = /sk-lf-[\w-]{8,64}/g;
/** `Basic <base64 of public:secret>` and the same in a URL or a header variable. */
const base64Run = /[A-Za-z0-9+/]{24,}={0,2}/g;

/** All that a text holds of known pairs, each once. */
export async function marksOf(text: string, known: KnownKeys): Promise<readonly Mark[]> {
  if (text.length > searchedLength) return [];
  const found = new Map<string, Mark>();
  const add = (publicKey: string | null, part: KeyPart): void => {
    if (publicKey !== null && known.publicKeys.has(publicKey))
      found.set(`${publicKey} ${part}`, { publicKey, part });
  };
  const whole = text.trim();
  for (const candidate of new Set([whole, ...all(text, usualPublicKey)])) add(candidate, 'public-key');
  const secrets = whole.length <= wholeKeyLength && whole !== '' ? [whole] : [];
  for (const candidate of new Set([...secrets, ...all(text, usualSecretKey)]))
    add(await known.ofSecret(candidate), 'secret-key');
  for (const secret of loginsOf(text)) add(await known.ofSecret(secret), 'basic-auth');
  return [...found.values()];
}

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([whole]) => whole);

/** The secret key of this row, where the text holds it. */
export async function secretIn(text: string, publicKey: string, known: KnownKeys): Promise<Secret | null> {
  for (const candidate of [text.trim(), ...all(text, usualSecretKey), ...loginsOf(text)])
    if ((await known.ofSecret(candidate)) === publicKey) return new Secret(candidate);
  return null;
}

/** Secret halves of `public:secret` logins in base64. */
function loginsOf(text: string): string[] {
  return [...new Set(all(text, base64Run))].flatMap((run) => {
    const decoded = Buffer.from(run, 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    return colon > 0 && /^[\x21-\x7e]+$/.test(decoded) ? [decoded.slice(colon + 1)] : [];
  });
}

/** The text with the new pair wherever the old one stands; everything else, line ends included, stays. */
export function replacePair(text: string, old: KeyPair, next: KeyPair): string {
  return text
    .replaceAll(loginText(old), () => loginText(next))
    .replaceAll(old.secretKey.reveal(), () => next.secretKey.reveal())
    .replaceAll(old.publicKey, () => next.publicKey);
}

const loginText = ({ publicKey, secretKey }: KeyPair): string =>
  Buffer.from(`${publicKey}:${secretKey.reveal()}`).toString('base64');

/** Whether the text holds the pair, or a half of it. */
export const holdsPair = (text: string, pair: KeyPair): boolean =>
  [loginText(pair), pair.secretKey.reveal(), pair.publicKey].some((part) => text.includes(part));
