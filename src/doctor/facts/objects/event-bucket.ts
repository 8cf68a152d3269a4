import { LfctlError } from '../../../errors/error.ts';
import type { ObjectsTarget } from '../../../ports/objects.ts';
import { parseS3Url } from '../../../deployment/targets/objects.ts';
import { defineFact } from '../../fact.ts';
import { tryLogin } from '../_login.ts';
import { bucketHost, headBucket, withKey } from './_bucket.ts';

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
      host: bucketHost,
      login: async (target) => await headBucket(context, withKey(target)),
    });
  },
});

function fromUrl(url: string, origin: string): ObjectsTarget {
  const parsed = parseS3Url(url);
  if (parsed.target !== null) return parsed.target;
  throw new LfctlError('CONFIG_INVALID', { message: `${origin}: ${parsed.why}` });
}
