import { LfctlError } from '../../../errors/error.ts';
import type { ObjectsTarget } from '../../../ports/objects.ts';
import type { FactContext } from '../../fact.ts';

/** Host that a bucket is asked for at; without an endpoint it is AWS by region. */
export function bucketHost(target: ObjectsTarget): string {
  return target.endpoint === null ? 's3.amazonaws.com' : new URL(target.endpoint).hostname;
}

/** Asks for the bucket itself, which shows address, style, region and key. An object store tells no version: null. */
export async function headBucket(context: FactContext, target: ObjectsTarget): Promise<null> {
  const client = await context.ports.openObjects(target, { ...context.access, signal: context.signal });
  try {
    await client.headBucket();
    return null;
  } finally {
    client.close();
  }
}

/**
 * Without a key Langfuse opens the bucket as its pod (IRSA and the like); asked without one, it would refuse anybody.
 * @throws LfctlError STORE_NOT_SUPPORTED
 */
export function withKey(target: ObjectsTarget): ObjectsTarget {
  if (target.accessKeyId !== undefined) return target;
  const message = `no access key is set: Langfuse opens bucket ${target.bucket} as its pod, which lfctl is not`;
  throw new LfctlError('STORE_NOT_SUPPORTED', { message });
}
