import type { ObjectsTarget } from '../../ports/objects.ts';
import { envText } from '../resolve-env.ts';
import type { ResolvedEnv } from '../model.ts';
import { Secret } from '../secret.ts';
import type { Parsed } from './postgres.ts';
import { decode } from './decode.ts';
import { httpUrl } from './clickhouse.ts';

/** The three uses of the object store and the variables of each. */
export type BucketUse = 'EVENT_UPLOAD' | 'MEDIA_UPLOAD' | 'BATCH_EXPORT';

/** One use as the app reads it; null when its BUCKET is not set (for exports: when they are not enabled). */
export function objectsFromEnv(env: ResolvedEnv, use: BucketUse): Parsed<ObjectsTarget> | null {
  const read = (suffix: string): string | null => envText(env, `LANGFUSE_S3_${use}_${suffix}`);
  const bucket = read('BUCKET');
  if (bucket === null || (use === 'BATCH_EXPORT' && read('ENABLED') !== 'true')) return null;
  const other = otherProvider(env);
  if (other !== null) return { target: null, why: `${other} is in use; lfctl reads S3-compatible stores` };
  const endpoint = read('ENDPOINT');
  if (endpoint !== null && httpUrl(endpoint) === null)
    return { target: null, why: `LANGFUSE_S3_${use}_ENDPOINT is not an http(s) URL` };
  return {
    target: {
      endpoint,
      region: read('REGION') ?? 'us-east-1',
      bucket,
      prefix: read('PREFIX') ?? '',
      pathStyle: read('FORCE_PATH_STYLE') === 'true',
      ...keys(read('ACCESS_KEY_ID'), read('SECRET_ACCESS_KEY')),
    },
    why: null,
  };
}

/** The app falls back to the AWS default chain unless both are set. */
function keys(
  id: string | null,
  secret: string | null,
): Pick<ObjectsTarget, 'accessKeyId' | 'secretAccessKey'> {
  return id === null || secret === null ? {} : { accessKeyId: id, secretAccessKey: new Secret(secret) };
}

function otherProvider(env: ResolvedEnv): string | null {
  if (envText(env, 'LANGFUSE_USE_AZURE_BLOB') === 'true') return 'Azure Blob Storage';
  if (envText(env, 'LANGFUSE_USE_GOOGLE_CLOUD_STORAGE') === 'true') return 'Google Cloud Storage';
  if (envText(env, 'LANGFUSE_USE_OCI_NATIVE_OBJECT_STORAGE') === 'true') return 'OCI Object Storage';
  return null;
}

/** `https://KEY:SECRET@host/bucket/prefix`, as LFCTL_S3_URL gives it. */
export function parseS3Url(text: string): Parsed<ObjectsTarget> {
  const url = httpUrl(text);
  if (url === null) return { target: null, why: 'it is not an http(s) URL' };
  const [bucket = '', ...prefix] = url.pathname.slice(1).split('/');
  if (bucket === '') return { target: null, why: 'it names no bucket' };
  return {
    target: {
      endpoint: url.origin,
      region: url.searchParams.get('region') ?? 'us-east-1',
      bucket: decode(bucket),
      prefix: decode(prefix.join('/')),
      pathStyle: url.searchParams.get('style') !== 'virtual-host',
      ...keys(decode(url.username) || null, decode(url.password) || null),
    },
    why: null,
  };
}
