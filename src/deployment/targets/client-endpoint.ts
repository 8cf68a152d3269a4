import type { Generation, ResolvedEnv } from '../model.ts';
import { envText } from '../resolve-env.ts';
import { bucketVariable, objectsFromEnv } from './objects.ts';

/** Where browsers and SDKs are sent by a presigned URL. */
export interface ClientEndpoint {
  /** The variable that says it, or would. */
  readonly variable: string;
  /** Null means AWS by region: reachable from anywhere. */
  readonly url: string | null;
}

/**
 * The endpoint in presigned URLs of media, or of exports: for these LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT goes
 * before ENDPOINT, for media there is ENDPOINT alone (packages/shared/src/env.ts of langfuse/langfuse). Langfuse 2
 * has S3_ENDPOINT for exports.
 *
 * @returns null where the use is off, or its variables cannot be read
 */
export function clientEndpoint(
  env: ResolvedEnv,
  use: 'MEDIA_UPLOAD' | 'BATCH_EXPORT',
  generation: Generation | null,
): ClientEndpoint | null {
  if (objectsFromEnv(env, use, generation) === null) return null;
  const external = 'LANGFUSE_S3_BATCH_EXPORT_EXTERNAL_ENDPOINT';
  const hasExternal = use === 'BATCH_EXPORT' && generation !== 2;
  const given = hasExternal ? envText(env, external) : null;
  if (given !== null) return { variable: external, url: given };
  const variable = bucketVariable(use, generation, 'ENDPOINT') ?? '';
  return { variable: hasExternal ? external : variable, url: envText(env, variable) };
}
