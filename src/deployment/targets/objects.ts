import type { ObjectsTarget } from '../../ports/objects.ts';
import { envText } from '../resolve-env.ts';
import type { Generation, ObjectsProvider, ResolvedEnv } from '../model.ts';
import { Secret } from '../secret.ts';
import type { Parsed } from './postgres.ts';
import { decode } from './decode.ts';
import { httpUrl } from './clickhouse.ts';

/** The three uses of the object store and the variables of each. */
export type BucketUse = 'EVENT_UPLOAD' | 'MEDIA_UPLOAD' | 'BATCH_EXPORT';

type Setting =
  | 'BUCKET'
  | 'ENDPOINT'
  | 'REGION'
  | 'PREFIX'
  | 'FORCE_PATH_STYLE'
  | 'ACCESS_KEY_ID'
  | 'SECRET_ACCESS_KEY'
  | 'ENABLED';

/** Langfuse 2 exports to a bucket of other names, at its root: web/src/env.mjs of langfuse/langfuse v2.95.12. */
const exportNamesOfTwo: Readonly<Record<Setting, string | null>> = {
  BUCKET: 'S3_BUCKET_NAME',
  ENDPOINT: 'S3_ENDPOINT',
  REGION: 'S3_REGION',
  PREFIX: null,
  FORCE_PATH_STYLE: 'S3_FORCE_PATH_STYLE',
  ACCESS_KEY_ID: 'S3_ACCESS_KEY_ID',
  SECRET_ACCESS_KEY: 'S3_SECRET_ACCESS_KEY',
  ENABLED: null,
};

/** Name of the variable that a generation reads a setting from; null where it has none. */
export function bucketVariable(
  use: BucketUse,
  generation: Generation | null,
  setting: Setting,
): string | null {
  if (generation === 2 && use === 'BATCH_EXPORT') return exportNamesOfTwo[setting];
  return `LANGFUSE_S3_${use}_${setting}`;
}

/** Exports must be switched on; in Langfuse 2 the other uses too (packages/shared/src/env.ts of v2.95.12). */
function needsSwitch(use: BucketUse, generation: Generation | null): boolean {
  return generation === 2 ? use !== 'BATCH_EXPORT' : use === 'BATCH_EXPORT';
}

/** One use as the app reads it; null when its bucket is not set, or the use is not switched on. */
export function objectsFromEnv(
  env: ResolvedEnv,
  use: BucketUse,
  generation: Generation | null = null,
): Parsed<ObjectsTarget> | null {
  const read = (setting: Setting): string | null => {
    const name = bucketVariable(use, generation, setting);
    return name === null ? null : envText(env, name);
  };
  const bucket = read('BUCKET');
  if (bucket === null || (needsSwitch(use, generation) && read('ENABLED') !== 'true')) return null;
  const endpoint = read('ENDPOINT');
  const provider = objectsProvider(env);
  if (provider !== 's3') return { target: null, why: notSupported(provider, bucket, endpoint) };
  if (endpoint !== null && httpUrl(endpoint) === null)
    return {
      target: null,
      why: `${bucketVariable(use, generation, 'ENDPOINT') ?? ''} is not an http(s) URL`,
    };
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

const otherProviders = [
  ['azure', 'LANGFUSE_USE_AZURE_BLOB', 'Azure Blob Storage, container'],
  ['gcs', 'LANGFUSE_USE_GOOGLE_CLOUD_STORAGE', 'Google Cloud Storage, bucket'],
  ['oci', 'LANGFUSE_USE_OCI_NATIVE_OBJECT_STORAGE', 'OCI Object Storage, bucket'],
] as const;

/** The first switch that is on wins: langfuse/langfuse packages/shared/src/server/services/StorageService.ts. */
export function objectsProvider(env: ResolvedEnv): ObjectsProvider {
  return otherProviders.find(([, name]) => envText(env, name) === 'true')?.[0] ?? 's3';
}

function notSupported(provider: ObjectsProvider, bucket: string, endpoint: string | null): string {
  const title = otherProviders.find(([one]) => one === provider)?.[2] ?? provider;
  const origin = httpUrl(endpoint ?? '')?.origin;
  return `not supported yet (${title} ${bucket}${origin === undefined ? '' : ` at ${origin}`})`;
}

/** The app falls back to the AWS default chain unless both are set. */
function keys(
  id: string | null,
  secret: string | null,
): Pick<ObjectsTarget, 'accessKeyId' | 'secretAccessKey'> {
  return id === null || secret === null ? {} : { accessKeyId: id, secretAccessKey: new Secret(secret) };
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
