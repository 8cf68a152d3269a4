import type { DeploymentView } from '../../../deployment/view.ts';
import type { Verdict } from '../../check.ts';
import { defineCheck } from '../../check.ts';
import type { Outcome } from '../../fact.ts';
import { valueOf } from '../../fact.ts';
import type { OtherBucketView } from '../../facts/objects/other-buckets.ts';
import type { LoginView } from '../../views.ts';
import { failing, manual } from '../../wording.ts';

export const objectsOtherBucketsCheck = defineCheck({
  id: 'objects/other-buckets',
  area: 'objects',
  title: 'the buckets for media and exports can be used',
  why: 'Each use has variables of its own (LANGFUSE_S3_MEDIA_UPLOAD_*, LANGFUSE_S3_BATCH_EXPORT_*; S3_* for exports of Langfuse 2), and nothing looks at them at start: a wrong one shows when somebody uploads an image or asks for an export.',
  severity: 'warning',
  uses: ['objects/other-buckets'],
  sees: ['deployment/discovery'],
  explains: [],
  evaluate: ({ facts, outcomes }) => {
    const buckets = facts['objects/other-buckets'];
    const hostStyle = buckets.find(({ use }) => isVirtualHost(outcomes['deployment/discovery'], use));
    if (hostStyle !== undefined) return noSuchHost(hostStyle);
    const refused = buckets.find(({ login }) => !login.ok && /_(AUTH|BUCKET)$/.test(login.code));
    if (refused !== undefined) return notUsable(refused);
    const open = buckets.map(({ login }) => login).find((login): login is NotOk => !login.ok);
    if (open !== undefined)
      return {
        status: 'unknown',
        reason: open.message,
        blockers: ['objects/reachable', 'objects/path-style'],
      };
    return { status: 'ok', detail: buckets.map(({ use }) => use).join(', ') };
  },
});

type Use = OtherBucketView['use'];

/** Without path style the bucket becomes part of the host name, which no Service of a cluster answers to. */
function isVirtualHost(deployment: Outcome<DeploymentView>, use: Use): boolean {
  const stores = valueOf(deployment)?.stores;
  const store = use === 'media' ? stores?.mediaBucket : stores?.exportBucket;
  // Without an address (another provider, or unreadable variables) there is no style to judge.
  return store?.placement.kind === 'service' && store.host !== null && !store.pathStyle;
}

function noSuchHost({ use, bucket }: OtherBucketView): Verdict {
  const name = bucket ?? 'the bucket';
  return failing(
    `bucket ${name} for ${use} cannot be used: path style is off for a server inside the cluster`,
    [
      {
        source: `variables of the bucket for ${use}`,
        again: 'lfctl env --component web',
        observed: 'FORCE_PATH_STYLE is not "true"',
        expected: '"true"',
      },
    ],
    [manual(`set ${variables[use]}_FORCE_PATH_STYLE=true (Langfuse 2: S3_FORCE_PATH_STYLE for exports)`)],
  );
}

type NotOk = Extract<LoginView, { ok: false }>;

const variables = { media: 'LANGFUSE_S3_MEDIA_UPLOAD', exports: 'LANGFUSE_S3_BATCH_EXPORT' };

function notUsable({ use, bucket, login }: OtherBucketView): Verdict {
  const name = bucket ?? 'the bucket';
  const why = !login.ok && login.code.endsWith('_AUTH') ? 'its key is refused' : 'it does not exist';
  return failing(
    `bucket ${name} for ${use} cannot be used: ${why}`,
    [
      {
        source: "HeadBucket with Langfuse's own key",
        again: `mc ls <alias>/${name}`,
        observed: login.ok ? '' : login.message,
        expected: 'the bucket',
      },
    ],
    [
      manual(
        `correct ${variables[use]}_BUCKET, _ACCESS_KEY_ID and _SECRET_ACCESS_KEY (Langfuse 2: S3_BUCKET_NAME, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY for exports), or create the bucket`,
      ),
    ],
  );
}
