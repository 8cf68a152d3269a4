import { createHash } from 'node:crypto';
import { LfctlError } from '../../errors/error.ts';
import type { Access } from '../../ports/dialer.ts';
import type { HttpAnswer } from '../../ports/langfuse.ts';
import type { OpenLangfuse } from '../../ports/langfuse.ts';
import { notItsOwn } from './answer.ts';

/** What is uploaded: unlike anything else, so that Langfuse does not take it for something it has. */
export interface Upload {
  readonly traceId: string;
  readonly bytes: Buffer;
  /** In base64. */
  readonly sha256: string;
}

export function uploadOf(traceId: string): Upload {
  const bytes = Buffer.from(`lfctl canary ${traceId}`);
  return { traceId, bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** Body of `POST /api/public/media` (https://api.reference.langfuse.com/#tag/media/POST/api/public/media). */
export const announcement = ({ traceId, bytes, sha256 }: Upload): Buffer =>
  Buffer.from(
    JSON.stringify({
      traceId,
      contentType: 'text/plain',
      contentLength: bytes.length,
      sha256Hash: sha256,
      field: 'input',
    }),
  );

/** Speaks to the object store as a browser does: by a presigned URL alone. Null where there was no answer. */
async function askStore(
  open: OpenLangfuse,
  access: Access,
  presigned: URL,
  request: Parameters<ReturnType<OpenLangfuse>['send']>[0],
): Promise<HttpAnswer | LfctlError> {
  const client = open({ url: presigned.origin }, access);
  try {
    return await client.send({ ...request, path: `${presigned.pathname}${presigned.search}` });
  } catch (error) {
    if (error instanceof LfctlError) return error;
    throw error;
  } finally {
    client.close();
  }
}

/** The PUT of an SDK, with the headers that are signed. */
export async function putMedia(
  open: OpenLangfuse,
  access: Access,
  presigned: URL,
  { bytes, sha256 }: Upload,
): Promise<HttpAnswer | LfctlError> {
  const headers = { 'content-type': 'text/plain', 'x-amz-checksum-sha256': sha256 };
  return await askStore(open, access, presigned, { method: 'PUT', path: '', headers, body: bytes });
}

export async function getMedia(
  open: OpenLangfuse,
  access: Access,
  presigned: URL,
): Promise<HttpAnswer | LfctlError> {
  return await askStore(open, access, presigned, { method: 'GET', path: '' });
}

/** The store's own words for a refusal: `403 SignatureDoesNotMatch`; a page is something else's. */
export function refusalText(answer: HttpAnswer): string {
  const code = /<Code>([^<]{1,60})<\/Code>/.exec(answer.body)?.[1];
  if (code !== undefined) return `${answer.status} ${code}`;
  const strange = notItsOwn(answer) ?? `${answer.status}`;
  return strange.replace('Langfuse', 'the object store');
}
