import { setMaxListeners } from 'node:events';
import type { BucketStore, Deployment } from '../deployment/model.ts';
import { parseS3Url } from '../deployment/targets/objects.ts';
import { withKey } from '../doctor/facts/objects/_bucket.ts';
import { Skipped } from '../doctor/fact.ts';
import { noTarget } from '../doctor/no-target.ts';
import { LfctlError } from '../errors/error.ts';
import type { ObjectsPort, ObjectsTarget } from '../ports/objects.ts';
import type { Reach, Tenancy } from './access.ts';

/** What Langfuse keeps in a bucket. */
export type BucketUse = 'event' | 'media' | 'export';

/** One use of the object store, open. */
export interface Bucket {
  readonly objects: ObjectsPort;
  readonly name: string;
  /** Key prefix of this use, empty or ending with '/'. */
  readonly prefix: string;
}

const titles: Readonly<Record<BucketUse, string>> = {
  event: 'the event bucket',
  media: 'the media bucket',
  export: 'the export bucket',
};

/** Opens the bucket of one use, and asks for it. The URL of the settings stands for the event bucket. */
export async function openBucket(tenancy: Tenancy, use: BucketUse): Promise<Reach<Bucket>> {
  const { openers, opened } = tenancy;
  setMaxListeners(0, opened.access.signal);
  try {
    const target = targetOf(tenancy, use);
    const objects = await openers.openObjects(target, opened.access);
    await objects.headBucket();
    return { state: 'open', port: { objects, name: target.bucket, prefix: target.prefix } };
  } catch (error) {
    if (error instanceof Skipped) return { state: 'skipped', why: error.message };
    if (error instanceof LfctlError) return { state: 'unknown', why: error.message, error };
    throw error;
  }
}

/** @throws Skipped, LfctlError STORE_NOT_SUPPORTED, CONFIG_INVALID, KUBE_FORBIDDEN */
function targetOf({ settings, deployment }: Tenancy, use: BucketUse): ObjectsTarget {
  const given = settings.stores.s3Url;
  if (use === 'event' && given !== null) {
    const { target, why } = parseS3Url(given.value.reveal());
    if (target !== null) return target;
    throw new LfctlError('CONFIG_INVALID', { message: `${given.origin}: ${why ?? 'it does not parse'}` });
  }
  const store = deployment === null ? null : storeOf(deployment, use);
  if (store === null) throw new Skipped(`not configured: ${titles[use]}`);
  if (store.target === null) throw noTarget(store, titles[use]);
  return withKey(store.target);
}

function storeOf({ stores }: Deployment, use: BucketUse): BucketStore | null {
  switch (use) {
    case 'event':
      return stores.eventBucket;
    case 'media':
      return stores.mediaBucket;
    case 'export':
      return stores.exportBucket;
  }
}
