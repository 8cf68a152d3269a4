import type { BucketStore } from '../../../deployment/model.ts';
import { LfctlError } from '../../../errors/error.ts';
import type { FactContext } from '../../fact.ts';
import { defineFact, Skipped } from '../../fact.ts';
import type { LoginView } from '../../views.ts';
import { tryLogin } from '../_login.ts';
import { bucketHost, headBucket, withKey } from './_bucket.ts';

/** How one use of the object store beside events was answered. */
export interface OtherBucketView {
  readonly use: 'media' | 'exports';
  readonly bucket: string | null;
  readonly login: LoginView;
}

/** HeadBucket on the buckets for media and exports, each with its own settings. Langfuse 2 has no others. */
export const objectsOtherBucketsFact = defineFact({
  id: 'objects/other-buckets',
  needs: [],
  after: ['deployment/discovery'],
  cost: 'read',
  collect: async (context): Promise<readonly OtherBucketView[]> => {
    const { mediaBucket, exportBucket } = (await context.deployment()).stores;
    const uses = [
      { use: 'media', store: mediaBucket },
      { use: 'exports', store: exportBucket },
    ] as const;
    const set = uses.flatMap(({ use, store }) => (store === null ? [] : [{ use, store }]));
    if (set.length === 0) throw new Skipped('not configured: buckets for media and exports');
    return await Promise.all(
      set.map(async ({ use, store }) => ({
        use,
        bucket: store.target?.bucket ?? null,
        login: await answerOf(context, store, `the bucket for ${use}`),
      })),
    );
  },
});

/** An address that is not known is an answer here: the other bucket may be fine. */
async function answerOf(context: FactContext, store: BucketStore, title: string): Promise<LoginView> {
  try {
    return await tryLogin(context, {
      title,
      url: null,
      byUrl: async () => await Promise.resolve(null),
      store: () => store,
      host: bucketHost,
      login: async (target) => await headBucket(context, withKey(target)),
    });
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { ok: false, route: 'direct', code: error.code, message: error.message };
  }
}
