/** Which project a pair opens, and whether its public key is really the secret's. */
import { fastHash } from '../deployment/key-hash.ts';
import type { KubeSecret } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import { secretValues } from '../deployment/resolve-env.ts';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { Tenancy } from '../tenancy/access.ts';
import { need } from '../tenancy/access.ts';
import type { PairNames } from './deliver.ts';
import type { KeyPair } from './pair.ts';
import type { PodAnswer } from './prove.ts';
import { askPods, webPods } from './prove.ts';
import type { KeyRow } from './row.ts';
import { allKeys } from './row.ts';
import { isSecretOf } from './secret-of.ts';

/** What a pair is, as far as something tells. */
export interface KeyVerification {
  readonly publicKey: string;
  /** Where the pair was taken from. */
  readonly origin: string;
  /** How each web pod takes it; empty where none could be asked. */
  readonly pods: readonly PodAnswer[];
  /** The key that the secret opens; null where there is none, or it could not be looked up. */
  readonly opens: OpenedKey | null;
  /**
   * `yes`; `of-another`: the secret is another key's, and Langfuse goes by the secret alone; `no-key`: no row has
   * this secret; `unknown`.
   */
  readonly belongs: 'yes' | 'of-another' | 'no-key' | 'unknown';
  readonly notes: readonly string[];
  /** What could not be looked at. */
  readonly unknown: readonly string[];
  readonly verdict: 'ok' | 'findings' | 'unknown';
}

/** A key by what may be shown of it. */
export interface OpenedKey {
  readonly publicKey: string;
  readonly note: string | null;
  readonly scope: 'project' | 'organization';
  readonly projectId: string | null;
  readonly projectName: string | null;
  readonly organizationName: string | null;
}

/** A pair with where it is from. */
export interface NamedPair extends KeyPair {
  readonly origin: string;
}

/** Looks the secret up in Postgres, and asks every web pod. @throws LfctlError NOT_CONFIGURED where neither can be */
export async function verifyPair(tenancy: Tenancy, pair: NamedPair): Promise<KeyVerification> {
  const looked = await lookUp(tenancy, pair);
  const asked = await ask(tenancy, pair);
  const row = looked.row;
  const belongs = belongsOf(looked, pair);
  const unknown = [...looked.unknown, ...asked.unknown];
  const notes = [...notesOf(row, belongs, pair), ...asked.pods.flatMap((pod) => disagreement(pod, belongs))];
  return {
    publicKey: pair.publicKey,
    origin: pair.origin,
    pods: asked.pods,
    opens: row === null ? null : openedBy(row),
    belongs,
    notes,
    unknown,
    verdict: verdictOf(belongs, asked.pods),
  };
}

interface Looked {
  readonly row: KeyRow | null;
  readonly isKnown: boolean;
  readonly unknown: readonly string[];
}

async function lookUp({ postgres, salt }: Tenancy, { secretKey }: KeyPair): Promise<Looked> {
  if (postgres.state !== 'open') {
    const why = `whose secret it is was not looked up: ${postgres.why}`;
    return { row: null, isKnown: false, unknown: [why] };
  }
  try {
    const rows = await allKeys(postgres.port);
    const hash = salt === null ? null : fastHash(secretKey.reveal(), salt.reveal());
    const quick = rows.find((row) => hash !== null && row.fastHash === hash);
    if (quick !== undefined) return { row: quick, isKnown: true, unknown: [] };
    for (const row of rows)
      if (await isSecretOf(null, row, secretKey)) return { row, isKnown: true, unknown: [] };
    return { row: null, isKnown: true, unknown: [] };
  } catch (error) {
    if (error instanceof LfctlError) return { row: null, isKnown: false, unknown: [error.message] };
    throw error;
  }
}

async function ask(
  tenancy: Tenancy,
  pair: KeyPair,
): Promise<{ readonly pods: readonly PodAnswer[]; readonly unknown: readonly string[] }> {
  try {
    const pods = await webPods(tenancy);
    if (pods.length === 0) return { pods: [], unknown: ['no web pod could be asked: nothing leads to one'] };
    const answers = await askPods(tenancy, pods, pair);
    const silent = answers.filter(({ taken }) => taken === 'unknown');
    return { pods: answers, unknown: silent.map(({ pod, said }) => `${pod}: ${said}`) };
  } catch (error) {
    if (error instanceof LfctlError) return { pods: [], unknown: [`web: ${error.message}`] };
    throw error;
  }
}

function belongsOf({ row, isKnown }: Looked, { publicKey }: KeyPair): KeyVerification['belongs'] {
  if (!isKnown) return 'unknown';
  if (row === null) return 'no-key';
  return row.publicKey === publicKey ? 'yes' : 'of-another';
}

const openedBy = ({
  publicKey,
  note,
  scope,
  projectId,
  projectName,
  organizationName,
}: KeyRow): OpenedKey => ({
  publicKey,
  note,
  scope: scope === 'ORGANIZATION' ? 'organization' : 'project',
  projectId,
  projectName,
  organizationName,
});

function notesOf(row: KeyRow | null, belongs: KeyVerification['belongs'], { publicKey }: KeyPair): string[] {
  const notes: string[] = [];
  if (belongs === 'of-another' && row !== null)
    notes.push(
      `the secret is that of ${row.publicKey}: Langfuse accepts it under any public key, so traces go to its project, and revoking ${publicKey} would not stop it`,
    );
  if (row?.isAgentKey === true) notes.push('it is a key of the in-app agent: most requests are refused');
  if (row !== null && row.expiresAt !== null)
    notes.push(`it has an expiry date, ${row.expiresAt}, which Langfuse does not look at`);
  return notes;
}

/** A cache that holds on to what Postgres no longer has, or denies what it has. */
function disagreement({ pod, taken, said }: PodAnswer, belongs: KeyVerification['belongs']): string[] {
  if (taken === 'accepted' && belongs === 'no-key')
    return [
      `${pod} accepts it although no row has this secret: it lives in the cache of keys, or there is another Postgres`,
    ];
  if (taken === 'refused' && (belongs === 'yes' || belongs === 'of-another'))
    return [
      `${pod} answers ${said} although a row has this secret: the cache of keys denies it, or SALT differs`,
    ];
  return [];
}

function verdictOf(
  belongs: KeyVerification['belongs'],
  pods: readonly PodAnswer[],
): KeyVerification['verdict'] {
  const refused = pods.some(({ taken }) => taken === 'refused');
  if (belongs === 'of-another' || belongs === 'no-key' || refused) return 'findings';
  const seen = pods.length > 0 && pods.every(({ taken }) => taken === 'accepted');
  return belongs === 'yes' && (seen || pods.length === 0) ? 'ok' : 'unknown';
}

/** The pair that a Secret holds. @throws LfctlError USAGE, KEY_PAIR_INVALID, KUBE_* */
export async function pairInSecret(tenancy: Tenancy, where: string, names: PairNames): Promise<NamedPair> {
  const [namespace = '', name = '', ...more] = where.split('/');
  if (namespace === '' || name === '' || more.length > 0)
    throw new LfctlError('USAGE', { message: `--secret ${where}: it is NAMESPACE/NAME of a Secret` });
  const kube = need(tenancy.kube, 'a Secret is read from the cluster');
  const origin = `Secret ${namespace}/${name}`;
  const found = await kube.get<KubeSecret>(resources.secrets, namespace, name);
  const values = found === null ? new Map<string, string>() : secretValues(found);
  const publicKey = values.get(names.publicKey)?.trim();
  const secretKey = values.get(names.secretKey)?.trim();
  if (publicKey !== undefined && secretKey !== undefined)
    return { publicKey, secretKey: new Secret(secretKey), origin };
  const missing = publicKey === undefined ? names.publicKey : names.secretKey;
  throw new LfctlError('KEY_PAIR_INVALID', {
    message: found === null ? `${origin} is not there` : `${origin} has no key ${missing}`,
  });
}

/** The pair of the environment or the configuration. @throws LfctlError KEY_PAIR_INVALID */
export function ownPair({ settings }: Tenancy): NamedPair {
  const { publicKey, secretKey } = settings;
  if (publicKey !== null && secretKey !== null)
    return { publicKey: publicKey.value, secretKey: secretKey.value, origin: secretKey.origin };
  throw new LfctlError('KEY_PAIR_INVALID', {
    message: 'no pair is given: LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not both set',
    fixes: [{ text: 'name a Secret with --secret NAMESPACE/NAME, or give the pair with --from-input' }],
  });
}
