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
export function keyPair(settings: Settings, deployment: Deployment | null): KeyPair {
  const { publicKey, secretKey } = settings;
  if (publicKey !== null && secretKey !== null)
    return { publicKey: publicKey.value, secretKey: secretKey.value, origin: publicKey.origin };
  for (const consumer of deployment?.liteLlm ?? []) {
    const pair = pairOf(consumer);
    if (pair !== null) return pair;
  }
  throw new LfctlError('LANGFUSE_AUTH', {
    message: 'no key pair is known: none is set, and no LiteLLM in reach holds one',
    fixes: [{ text: 'set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY to a pair of the project to write to' }],
  });
}

function pairOf({ env, workload }: LiteLlm): KeyPair | null {
  const publicKey = envText(env, 'LANGFUSE_PUBLIC_KEY');
  const secretKey = envText(env, 'LANGFUSE_SECRET_KEY');
  if (publicKey === null || secretKey === null) return null;
  const origin = `${workload.namespace}/${workload.name}`;
  return { publicKey, secretKey: new Secret(secretKey), origin };
}
