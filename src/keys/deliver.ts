/** Where a new pair goes: shown once, or put where its consumer reads it. It is never journalled. */
import { open, readFile, rm } from 'node:fs/promises';
import { LfctlError } from '../errors/error.ts';
import type { Json } from '../plan/json.ts';
import type { KubeSecret } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import { writerOf } from './consumers/writer.ts';
import type { KeyIdentity, NewKey } from './create.ts';
import type { KeyPair } from './pair.ts';

/** Names of the two values, in a Secret or a file. */
export interface PairNames {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Where a pair goes. */
export type Place =
  /** On the terminal that the person sits at, once. */
  | { readonly kind: 'terminal' }
  /** In the command's result, where `--reveal` asks for it. */
  | { readonly kind: 'result' }
  /** Who gave the pair has it. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string; readonly names: PairNames }
  | { readonly kind: 'file'; readonly path: string; readonly names: PairNames };

export const usualNames: PairNames = {
  publicKey: 'LANGFUSE_PUBLIC_KEY',
  secretKey: 'LANGFUSE_SECRET_KEY',
};

/** For people: `Secret litellm/langfuse-keys`. */
export function placeText(place: Place): string {
  switch (place.kind) {
    case 'terminal':
      return 'the terminal';
    case 'result':
      return 'the output';
    case 'nowhere':
      return 'nowhere: it was given';
    case 'secret':
      return `Secret ${place.namespace}/${place.name}`;
    case 'file':
      return place.path;
  }
}

/** The pair as lines of a shell or of a .env file. */
export const pairLines = ({ publicKey, secretKey }: KeyPair, names: PairNames = usualNames): string =>
  `${names.publicKey}=${publicKey}\n${names.secretKey}=${secretKey.reveal()}\n`;

/**
 * Whether the place is free, before anything is made. `own`: the key that a killed run may have put there.
 * @throws LfctlError KEY_TARGET_TAKEN, KUBE_*
 */
export async function checkPlace(tenancy: Tenancy, place: Place, own: KeyIdentity): Promise<void> {
  if (place.kind === 'secret') await checkSecret(tenancy, place, own);
  if (place.kind === 'file') await checkFile(place.path, place.names, own);
}

export type SecretPlace = Extract<Place, { kind: 'secret' }>;

async function checkSecret(tenancy: Tenancy, place: SecretPlace, own: KeyIdentity): Promise<void> {
  const found = await readSecret(tenancy, place);
  if (found === null) return;
  const writer = writerOf(found);
  if (writer !== null) throw taken(place, `it is written by ${writer.name}; put the pair ${writer.instead}`);
  const { publicKey, secretKey } = place.names;
  if (isOwn(found, place, own)) return;
  const there = [publicKey, secretKey].filter((name) => found.data?.[name] !== undefined);
  if (there.length > 0) throw taken(place, `it has ${there.join(' and ')} already`);
}

const isOwn = ({ data }: KubeSecret, { names }: SecretPlace, { publicKey }: KeyIdentity): boolean =>
  Buffer.from(data?.[names.publicKey] ?? '', 'base64').toString('utf8') === publicKey;

async function checkFile(path: string, names: PairNames, own: KeyIdentity): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fileError(path, error);
  });
  if (text === null || text.startsWith(`${names.publicKey}=${own.publicKey}\n`)) return;
  throw taken({ kind: 'file', path, names }, 'a file of this name is there');
}

const taken = (place: Place, why: string): LfctlError =>
  new LfctlError('KEY_TARGET_TAKEN', { message: `${placeText(place)}: ${why}; nothing was made` });

const fileError = (path: string, error: NodeJS.ErrnoException): LfctlError =>
  new LfctlError('OUTPUT_WRITE', { message: `${path}: ${error.code ?? error.message}` });

/** What `createKeyStep` hands the pair to. `show` writes to the terminal. */
export function delivery(
  tenancy: Tenancy,
  place: Place,
  show: (text: string) => void,
): Required<Pick<NewKey, 'deliver' | 'withdraw'>> {
  return {
    deliver: async (made) => {
      await checkPlace(tenancy, place, made);
      if (place.kind === 'terminal') show(`shown once, and kept nowhere:\n${pairLines(made).trimEnd()}`);
      if (place.kind === 'secret') return await intoSecret(tenancy, place, made);
      if (place.kind === 'file') return await intoFile(place.path, pairLines(made, place.names));
      return { place: place.kind };
    },
    withdraw: async (delivered) => {
      if (place.kind === 'secret') await fromSecret(tenancy, place, delivered);
      if (place.kind === 'file' && delivered !== undefined) await rm(place.path, { force: true });
    },
  };
}

async function readSecret(tenancy: Tenancy, { namespace, name }: SecretPlace): Promise<KubeSecret | null> {
  const kube = need(tenancy.kube, 'a Secret is written in the cluster');
  return await kube.get<KubeSecret>(resources.secrets, namespace, name);
}

export async function intoSecret(tenancy: Tenancy, place: SecretPlace, pair: KeyPair): Promise<Json> {
  const kube = need(tenancy.kube, 'a Secret is written in the cluster');
  const { namespace, name, names } = place;
  const data = {
    [names.publicKey]: Buffer.from(pair.publicKey).toString('base64'),
    [names.secretKey]: Buffer.from(pair.secretKey.reveal()).toString('base64'),
  };
  const found = await readSecret(tenancy, place);
  if (found !== null) {
    // Both values in one write, on the very version that was looked at.
    const { resourceVersion } = found.metadata;
    await kube.patch(resources.secrets, namespace, name, { metadata: { resourceVersion }, data });
    return { place: 'secret', publicKey: pair.publicKey };
  }
  const labels = { 'app.kubernetes.io/managed-by': 'lfctl' };
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'Opaque', data };
  const { metadata } = await kube.create<KubeSecret>(resources.secrets, namespace, object);
  return { place: 'secret', publicKey: pair.publicKey, uid: metadata.uid ?? '' };
}

export async function fromSecret(
  tenancy: Tenancy,
  place: SecretPlace,
  delivered: Json | undefined,
): Promise<void> {
  if (typeof delivered !== 'object' || delivered === null || !('publicKey' in delivered)) return;
  const { publicKey, uid } = delivered;
  if (typeof publicKey !== 'string') return;
  const found = await readSecret(tenancy, place);
  // Somebody has put another pair there: it is theirs.
  if (found === null || !isOwn(found, place, { id: '', publicKey })) return;
  const kube = need(tenancy.kube, 'a Secret is written in the cluster');
  const { namespace, name, names } = place;
  if (uid !== undefined && uid === found.metadata.uid && Object.keys(found.data ?? {}).length === 2) {
    await kube.remove(resources.secrets, namespace, name, { uid });
    return;
  }
  const data = { [names.publicKey]: null, [names.secretKey]: null };
  const { resourceVersion } = found.metadata;
  await kube.patch(resources.secrets, namespace, name, { metadata: { resourceVersion }, data });
}

/** A killed run's own file makes way. */
async function intoFile(path: string, text: string): Promise<Json> {
  await rm(path, { force: true });
  await writeNewFile(path, text);
  return { place: 'file' };
}

/** Only this user may read it, from its first byte on. @throws LfctlError KEY_TARGET_TAKEN, OUTPUT_WRITE */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const failure: NodeJS.ErrnoException = error;
    if (failure.code !== 'EEXIST') throw fileError(path, failure);
    throw taken({ kind: 'file', path, names: usualNames }, 'a file of this name is there');
  }
}
