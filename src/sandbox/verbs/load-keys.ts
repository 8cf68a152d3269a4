import { LfctlError } from '../../errors/error.ts';
import type { KubeSecret } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubeClient } from '../kube-client.ts';

/** A pair as a client sends it. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** The pair of the moment, and how many there have been. */
export interface KeySource {
  readonly current: () => KeyPair;
  readonly pairs: () => number;
  readonly close: () => void;
}

/** One pair for the whole run. */
export function fixedPair(pair: KeyPair): KeySource {
  return { current: () => pair, pairs: () => 1, close: () => undefined };
}

/** Where the pair is kept, by the names that LiteLLM and the SDKs read. */
export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
}

/** `NAME`, or `NAMESPACE/NAME`. */
export function secretPlace(text: string, namespace: string): SecretPlace {
  const [first = '', second] = text.split('/');
  return second === undefined ? { namespace, name: first } : { namespace: first, name: second };
}

const everyMs = 1000;

/**
 * The pair in a Secret, read again each second as a client reads a mounted file. What cannot be read in between leaves
 * the last pair in use.
 *
 * @throws LfctlError KUBE_NOT_FOUND when there is no such pair at the start
 */
export async function followSecret(
  client: Pick<KubeClient, 'get'>,
  place: SecretPlace,
  refreshMs = everyMs,
): Promise<KeySource> {
  const first = await readPair(client, place);
  if (first === null) {
    const what = 'LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY';
    const message = `no ${what} in the Secret ${place.namespace}/${place.name}`;
    throw new LfctlError('KUBE_NOT_FOUND', { message });
  }
  let pair = first;
  let pairs = 1;
  const refresh = async (): Promise<void> => {
    const next = await readPair(client, place).catch(() => null);
    if (next === null || (next.publicKey === pair.publicKey && next.secretKey === pair.secretKey)) return;
    pair = next;
    pairs += 1;
  };
  const timer = setInterval(() => void refresh(), refreshMs);
  return { current: () => pair, pairs: () => pairs, close: () => clearInterval(timer) };
}

async function readPair(
  client: Pick<KubeClient, 'get'>,
  { namespace, name }: SecretPlace,
): Promise<KeyPair | null> {
  const secret = await client.get<KubeSecret>(resources.secrets, namespace, name);
  const value = (key: string): string => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();
  const [publicKey, secretKey] = [value('LANGFUSE_PUBLIC_KEY'), value('LANGFUSE_SECRET_KEY')];
  return publicKey === '' || secretKey === '' ? null : { publicKey, secretKey };
}
