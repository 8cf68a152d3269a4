import type { KeyPlace } from '../langfuse-web/auth.ts';
import type { Served } from '../langfuse-web/server.ts';
import type { Objects } from '../langfuse/objects.ts';

/** One running web server of Langfuse 2: everything is in Postgres; Redis and the buckets are optional. */
export interface Web2 extends Served, KeyPlace {
  /** The bucket of uploaded media (LANGFUSE_S3_MEDIA_UPLOAD_*); undefined unless it is enabled and named. */
  readonly media: Objects | undefined;
  /** The bucket of exports (S3_*); undefined without S3_BUCKET_NAME: exports are then given as they are. */
  readonly exports: Objects | undefined;
}
