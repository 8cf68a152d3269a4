import type { Deployment, LiteLlm } from '../deployment/model.ts';
import { envText } from '../deployment/resolve-env.ts';
import { Secret } from '../deployment/secret.ts';
import type { Settings } from '../deployment/settings.ts';
import { LfctlError } from '../errors/error.ts';

/** A key pair, and where it is from. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: Secret;
  readonly origin: string;
}

/**
 * The pair of the environment or the configuration, else that of a consumer in the cluster: LiteLLM holds one.
 * @throws LfctlError LANGFUSE_AUTH with where keys may come from
 */
export function keyPair(
  settings: Pick<Settings, 'publicKey' | 'secretKey'>,
  deployment: Pick<Deployment, 'liteLlm'> | null,
): KeyPair {
  const { publicKey, secretKey } = settings;
  if (publicKey !== null && secretKey !== null)
    return { publicKey: publicKey.value, secretKey: secretKey.value, origin: publicKey.origin };
  const half = publicKey ?? secretKey;
  // Another pair may be of another project than the one that is meant.
  if (half !== null)
    throw new LfctlError('LANGFUSE_AUTH', {
      message: `only half of a key pair is set: ${half.origin}`,
      fixes: [{ text: 'set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY both, or neither' }],
    });
  for (const consumer of deployment?.liteLlm ?? []) {
    const pair = pairOf(consumer);
    if (pair !== null) return pair;
  }
  throw new LfctlError('LANGFUSE_AUTH', {
    message: 'no key pair is known: none is set, and no LiteLLM in reach holds one',
    fixes: [{ text: 'set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY to a pair of the project to write to' }],
  });
}

/** The pair that a consumer of the cluster holds; null where it holds none, or it cannot be read. */
export function pairOf({ env, workload }: LiteLlm): KeyPair | null {
  const publicKey = envText(env, 'LANGFUSE_PUBLIC_KEY');
  const secretKey = envText(env, 'LANGFUSE_SECRET_KEY');
  if (publicKey === null || secretKey === null) return null;
  const origin = `${workload.namespace}/${workload.name}`;
  return { publicKey, secretKey: new Secret(secretKey), origin };
}
