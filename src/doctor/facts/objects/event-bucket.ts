import { LfctlError } from '../../../errors/error.ts';
import type { ObjectsTarget } from '../../../ports/objects.ts';
import { parseS3Url } from '../../../deployment/targets/objects.ts';
import type { FactContext } from '../../fact.ts';
import { defineFact } from '../../fact.ts';
import { tryLogin } from '../_login.ts';

/** HeadBucket on the event bucket with web's own settings: address, style, region and key. */
export const objectsEventBucketFact = defineFact({
  id: 'objects/event-bucket',
  needs: [],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context) => {
    const url = context.settings.stores.s3Url;
    return await tryLogin(context, {
      title: 'the event bucket',
      url,
      byUrl: async () => await headBucket(context, fromUrl(url?.value.reveal() ?? '', url?.origin ?? '')),
      store: (deployment) => deployment.stores.eventBucket,
      host: (target) => (target.endpoint === null ? 's3.amazonaws.com' : new URL(target.endpoint).hostname),
      login: async (target) => await headBucket(context, withKey(target)),
    });
  },
});

async function headBucket(context: FactContext, target: ObjectsTarget): Promise<null> {
  const client = await context.ports.openObjects(target, { ...context.access, signal: context.signal });
  try {
    await client.headBucket();
    return null;
  } finally {
    client.close();
  }
}

/** Without a key Langfuse opens the bucket as its pod (IRSA and the like); asked without one, it would refuse anybody. */
function withKey(target: ObjectsTarget): ObjectsTarget {
  if (target.accessKeyId !== undefined) return target;
  const message = 'no access key is set: Langfuse opens the event bucket as its pod, which lfctl is not';
  throw new LfctlError('STORE_NOT_SUPPORTED', { message });
}

function fromUrl(url: string, origin: string): ObjectsTarget {
  const parsed = parseS3Url(url);
  if (parsed.target !== null) return parsed.target;
  throw new LfctlError('CONFIG_INVALID', { message: `${origin}: ${parsed.why}` });
}
