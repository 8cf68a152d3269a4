/** The previous pair, kept beside its consumers so that a rotation can be undone after the revocation too. */
import { createHash } from 'node:crypto';
import { LfctlError } from '../../errors/error.ts';
import { keptMs } from '../../plan/journal.ts';
import type { KubeSecret } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KubePort } from '../../ports/kube.ts';
import type { KeyPair } from '../pair.ts';

const digits = 12;
const labels = { 'app.kubernetes.io/managed-by': 'lfctl', 'lfctl.dev/part': 'previous-pair' } as const;
const untilAnnotation = 'lfctl.dev/kept-until';

/** Short, and the same for the same key: public keys of LANGFUSE_INIT_* may be no names. */
export const digest = (publicKey: string): string =>
  createHash('sha256').update(publicKey).digest('hex').slice(0, digits);

/** Name of the Secret that keeps the pair of this public key, in each namespace that has a consumer of it. */
export const previousName = (publicKey: string): string => `lfctl-previous-${digest(publicKey)}`;

/** Keeps the pair. One that is kept already is the same. */
export async function keepPrevious(
  kube: KubePort,
  namespace: string,
  { publicKey, secretKey }: KeyPair,
  now: Date,
): Promise<void> {
  const name = previousName(publicKey);
  const until = new Date(now.getTime() + keptMs).toISOString();
  const annotations = { [untilAnnotation]: until, 'lfctl.dev/public-key': publicKey };
  const data = { publicKey: base64(publicKey), secretKey: base64(secretKey.reveal()) };
  const object: KubeSecret = {
    kind: 'Secret',
    metadata: { name, labels, annotations },
    type: 'lfctl.dev/previous-pair',
    data,
  };
  try {
    await kube.create<KubeSecret>(resources.secrets, namespace, object);
  } catch (error) {
    if (!(error instanceof LfctlError) || error.code !== 'KUBE_CONFLICT') throw error;
    await kube.patch(resources.secrets, namespace, name, { metadata: { annotations }, data });
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Forgets the pair of a rotation that was undone. */
export async function forgetPrevious(kube: KubePort, namespace: string, publicKey: string): Promise<void> {
  await kube.remove(resources.secrets, namespace, previousName(publicKey));
}

/** Removes pairs whose time is over; gives how many. A namespace that may not be read is left alone. */
export async function dropExpired(kube: KubePort, namespaces: readonly string[], now: Date): Promise<number> {
  let dropped = 0;
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  for (const namespace of new Set(namespaces)) {
    const kept = await kube.list<KubeSecret>(resources.secrets, { namespace, labelSelector });
    for (const { metadata } of kept) {
      if (Date.parse(metadata.annotations?.[untilAnnotation] ?? '') > now.getTime()) continue;
      if (await kube.remove(resources.secrets, namespace, metadata.name)) dropped += 1;
    }
  }
  return dropped;
}
