import { looksInside } from '../cluster-name.ts';
import type { Generation, Placement, ResolvedEnv } from '../model.ts';
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

/**
 * Whether only pods of this cluster can reach a host: a name that the cluster alone resolves, or the pod itself.
 * An address is not: people may have a way to it.
 *
 * @param placement what discovery knows of the host
 */
export function onlyInside(host: string, placement: Placement | null): boolean {
  if (host === 'localhost' || host === '[::1]' || looksInside(host)) return true;
  // Two labels may be a Service with its namespace, or a public name.
  const isName = !/^[\d.]+$|^\[/.test(host);
  return isName && (placement?.kind === 'service' || placement?.kind === 'no-service');
}
