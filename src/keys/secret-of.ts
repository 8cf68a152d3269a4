import { fastHash } from '../deployment/key-hash.ts';
import { configMapValues, secretValues } from '../deployment/resolve-env.ts';
import { Secret } from '../deployment/secret.ts';
import { LfctlError } from '../errors/error.ts';
import type { ConfigMap, KubeSecret } from '../ports/kube-objects.ts';
import { resources } from '../ports/kube-resources.ts';
import type { Tenancy } from '../tenancy/access.ts';
import type { Consumers } from './consumers/find.ts';
import type { Holder } from './consumers/holders.ts';
import { matches } from './pair.ts';
import type { KeyRow } from './row.ts';

/**
 * The secret of a key, where lfctl's own settings or an object of the cluster hold it: with it web is asked as a
 * client would. Null where nothing that may be read has it.
 */
export async function secretOf(
  tenancy: Tenancy,
  row: KeyRow,
  consumers: Consumers | null,
): Promise<Secret | null> {
  const own = tenancy.settings.secretKey?.value ?? null;
  if (own !== null && (await isSecretOf(tenancy.salt, row, own))) return own;
  for (const holder of consumers?.holders ?? []) {
    const found = await inHolder(tenancy, row, holder);
    if (found !== null) return found;
  }
  return null;
}

/** By the fast hash, which is quick; by bcrypt where SALT is not known or was changed. */
export async function isSecretOf(
  salt: Secret | null,
  { fastHash: hash, hashed, displaySecret }: KeyRow,
  secret: Secret,
): Promise<boolean> {
  const text = secret.reveal();
  if (salt !== null && hash !== null && fastHash(text, salt.reveal()) === hash) return true;
  return displaySecret.slice(-4) === text.slice(-4) && (await matches(secret, hashed));
}

async function inHolder(tenancy: Tenancy, row: KeyRow, holder: Holder): Promise<Secret | null> {
  const marked = holder.entries.filter(
    ({ publicKey, part }) => publicKey === row.publicKey && part === 'secret-key',
  );
  if (marked.length === 0) return null;
  const values = await valuesOf(tenancy, holder);
  for (const { key } of marked) {
    const text = values.get(key)?.trim();
    const candidates = text === undefined ? [] : [text, ...(text.match(/sk-lf-[\w-]{8,64}/g) ?? [])];
    for (const candidate of candidates.map((each) => new Secret(each)))
      if (await isSecretOf(tenancy.salt, row, candidate)) return candidate;
  }
  return null;
}

async function valuesOf(
  { kube }: Tenancy,
  { kind, namespace, name }: Holder,
): Promise<ReadonlyMap<string, string>> {
  if (kube.state !== 'open') return new Map();
  try {
    if (kind === 'Secret') {
      const found = await kube.port.get<KubeSecret>(resources.secrets, namespace, name);
      return found === null ? new Map() : secretValues(found);
    }
    const found = await kube.port.get<ConfigMap>(resources.configMaps, namespace, name);
    return found === null ? new Map() : configMapValues(found);
  } catch (error) {
    if (error instanceof LfctlError) return new Map();
    throw error;
  }
}
