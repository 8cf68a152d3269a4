/** Where the two pairs of a rotation are found: in memory, else in the Secrets of the consumers. */
import { secretValues } from '../../deployment/resolve-env.ts';
import type { Secret } from '../../deployment/secret.ts';
import { LfctlError } from '../../errors/error.ts';
import type { KubeSecret } from '../../ports/kube-objects.ts';
import { resources } from '../../ports/kube-resources.ts';
import type { KnownKeys } from '../consumers/marks.ts';
import { secretIn } from '../consumers/marks.ts';
import { knownKeys } from '../known.ts';
import type { KeyPair } from '../pair.ts';
import { keyByPublic, text } from '../row.ts';
import { previousName } from './previous.ts';
import type { Work } from './work.ts';

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** The pair that is replaced. @throws LfctlError ROTATE_PAIR_LOST */
export async function oldPair(work: Work): Promise<KeyPair> {
  const { rotation, pairs } = work;
  if (pairs.old !== null) return pairs.old;
  const kept = rotation.secrets.map(({ namespace }) => ({
    namespace,
    name: previousName(rotation.publicKey),
  }));
  const secretKey = await search(work, [...kept, ...rotation.secrets], rotation.publicKey, known(work));
  if (secretKey === null)
    throw new LfctlError('ROTATE_PAIR_LOST', {
      message: `no Secret holds the pair of ${rotation.publicKey} any more`,
    });
  return (pairs.old = { publicKey: rotation.publicKey, secretKey });
}

/** The old secret is recognised by the row as it was, whether it is still there or not. */
const known = ({ tenancy, rotation: { old } }: Work): KnownKeys =>
  knownKeys(
    [
      {
        publicKey: text(old, 'public_key') ?? '',
        fastHash: text(old, 'fast_hashed_secret_key'),
        hashed: text(old, 'hashed_secret_key') ?? '',
        displaySecret: text(old, 'display_secret_key') ?? '',
      },
    ],
    tenancy.salt,
  );

/** The pair that is new, where a Secret has it and its row is there; null when it has to be made. */
export async function nextPair(work: Work): Promise<KeyPair | null> {
  const { rotation, pairs, postgres, tenancy } = work;
  if (pairs.next !== null) return pairs.next;
  const { publicKey } = rotation.next;
  const row = await keyByPublic(postgres, publicKey);
  if (row === null) return null;
  const places = [...rotation.secrets, ...(rotation.target === null ? [] : [rotation.target])];
  const secretKey = await search(work, places, publicKey, knownKeys([row], tenancy.salt));
  return secretKey === null ? null : (pairs.next = { publicKey, secretKey });
}

/** The same, for steps that come after it was made. @throws LfctlError ROTATE_PAIR_LOST */
export async function newPair(work: Work): Promise<KeyPair> {
  const pair = await nextPair(work);
  if (pair !== null) return pair;
  throw new LfctlError('ROTATE_PAIR_LOST', {
    message: `no Secret holds the new pair ${work.rotation.next.publicKey}`,
  });
}

async function search(
  { kube }: Work,
  places: readonly Place[],
  publicKey: string,
  marks: KnownKeys,
): Promise<Secret | null> {
  for (const { namespace, name } of places) {
    const found = await kube.get<KubeSecret>(resources.secrets, namespace, name);
    if (found === null) continue;
    for (const value of secretValues(found).values()) {
      const secret = await secretIn(value, publicKey, marks);
      if (secret !== null) return secret;
    }
  }
  return null;
}
