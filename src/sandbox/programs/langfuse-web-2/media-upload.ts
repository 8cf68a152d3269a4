import { HttpError } from '../langfuse-web/answer.ts';
import { mediaExtension, uploadHeaders, type AnnouncedMedia } from '../langfuse-web/media-types.ts';
import { cuid } from '../langfuse/ids.ts';
import type { SqlRow } from '../langfuse/postgres.ts';
import { among, checkBody, text, whole, type BodySchema } from './ingestion/fields.ts';
import { invalid } from './listing.ts';
import type { Web2 } from './web.ts';

/** A row of `media`. */
export interface MediaRow extends SqlRow {
  readonly id: string;
  readonly upload_http_status: number | null;
  readonly upload_http_error: string | null;
  readonly bucket_path: string;
  readonly content_type: string;
  readonly content_length: string;
  readonly uploaded_at: Date | null;
}

/** Content types that 2.95 takes. */
const contentTypes = [
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/webp',
  'audio/mpeg',
  'audio/mp3',
  'audio/wav',
  'text/plain',
  'application/pdf',
];

const wantedSchema: BodySchema = {
  required: ['traceId', 'contentType', 'contentLength', 'sha256Hash', 'field'],
  fields: {
    traceId: text,
    observationId: text,
    contentType: among(...contentTypes),
    contentLength: whole,
    sha256Hash: text,
    field: among('input', 'output', 'metadata'),
  },
};

/** What a client wants to upload, and where it belongs. */
interface Wanted extends AnnouncedMedia {
  readonly traceId: string;
  readonly observationId: string | undefined;
  readonly field: string;
}

/** @throws HttpError 400 */
export function wantedOf(given: unknown): Wanted {
  const { body, issues } = checkBody(wantedSchema, given, []);
  if (issues.length > 0) throw invalid(issues);
  const sha256Hash = String(body['sha256Hash']);
  const message = 'Must be a 44 character base64 encoded SHA-256 hash';
  if (!/^[A-Za-z0-9+/=]{44}$/.test(sha256Hash))
    throw invalid([{ code: 'invalid_string', validation: 'regex', message, path: ['sha256Hash'] }]);
  return {
    traceId: String(body['traceId']),
    observationId: typeof body['observationId'] === 'string' ? body['observationId'] : undefined,
    contentType: String(body['contentType']),
    contentLength: Number(body['contentLength']),
    sha256Hash,
    field: String(body['field']),
  };
}

/** Writes the row and signs the upload. @throws HttpError 500 where media are not enabled */
export async function place(web: Web2, projectId: string, mediaId: string, wanted: Wanted): Promise<string> {
  if (web.media === undefined)
    throw new HttpError(500, {
      message: 'Media upload to blob storage not enabled or no bucket configured',
      error: 'InternalServerError',
    });
  const key = `${web.media.prefix}${projectId}/${mediaId}.${mediaExtension(wanted.contentType)}`;
  await web.postgres.query(
    `INSERT INTO media (id, project_id, sha_256_hash, bucket_path, bucket_name, content_type, content_length)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (project_id, sha_256_hash) DO UPDATE SET
       bucket_path = EXCLUDED.bucket_path, bucket_name = EXCLUDED.bucket_name, content_type = EXCLUDED.content_type,
       content_length = EXCLUDED.content_length, updated_at = CURRENT_TIMESTAMP`,
    [mediaId, projectId, wanted.sha256Hash, key, web.media.bucket, wanted.contentType, wanted.contentLength],
  );
  return web.media.uploadUrl(key, uploadHeaders(wanted));
}

/** Says where the media belong: to a trace, or to one of its observations. */
export async function link(
  { postgres }: Web2,
  projectId: string,
  mediaId: string,
  wanted: Wanted,
): Promise<void> {
  const { traceId, observationId, field } = wanted;
  const ofTrace = observationId === undefined;
  const columns = { id: cuid(), project_id: projectId, media_id: mediaId, trace_id: traceId, field };
  const all = Object.entries(ofTrace ? columns : { ...columns, observation_id: observationId });
  const places = all.map((_, index) => `$${index + 1}`).join(', ');
  await postgres.query(
    `INSERT INTO ${ofTrace ? 'trace_media' : 'observation_media'} (${all.map(([name]) => name).join(', ')})
     VALUES (${places}) ON CONFLICT DO NOTHING`,
    all.map(([, value]) => value),
  );
}

/** Media of the project with these very bytes. */
export async function byHash(
  { postgres }: Web2,
  projectId: string,
  hash: string,
): Promise<MediaRow | undefined> {
  const [row] = await postgres.query<MediaRow>(
    'SELECT * FROM media WHERE project_id = $1 AND sha_256_hash = $2',
    [projectId, hash],
  );
  return row;
}
