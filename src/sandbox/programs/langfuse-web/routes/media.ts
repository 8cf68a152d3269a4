import { uuid } from '../../langfuse/ids.ts';
import { isRecord } from '../../langfuse/event-check.ts';
import { HttpError, type Answer } from '../answer.ts';
import { mediaExtension, uploadHeaders } from '../media-types.ts';
import { jsonBody, projectScope, type Call, type Route } from '../route.ts';
import type { Web } from '../web.ts';

interface MediaRequest {
  readonly traceId: string;
  readonly observationId: string | undefined;
  readonly contentType: string;
  readonly contentLength: number;
  readonly sha256Hash: string;
  readonly field: string;
}

interface MediaRow extends Record<string, unknown> {
  readonly id: string;
  readonly upload_http_status: number | null;
  readonly upload_http_error: string | null;
  readonly bucket_path: string;
  readonly content_type: string;
  readonly content_length: string;
  readonly uploaded_at: Date | null;
}

/** POST: a place for the bytes, or null when they are there already. The client PUTs them to S3 itself. */
async function create(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const wanted = requestOf(await jsonBody(call));
  const [known] = await web.postgres.query<MediaRow>(
    'SELECT * FROM media WHERE project_id = $1 AND sha_256_hash = $2',
    [projectId, wanted.sha256Hash],
  );
  const mediaId = known?.id ?? idOf(wanted.sha256Hash);
  const stored = known?.upload_http_status === 200 && known.content_type === wanted.contentType;
  const uploadUrl = stored ? null : await placeFor(web, projectId, mediaId, wanted);
  await link(web, projectId, mediaId, wanted);
  return { status: 201, json: { mediaId, uploadUrl } };
}

/** 22 url-safe characters of the hash (packages/shared/src/server/media/mediaService.ts). */
function idOf(sha256Hash: string): string {
  return sha256Hash.replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
}

/** A presigned URL, and the row that knows it. @throws HttpError 500 without a bucket */
async function placeFor(
  { media, postgres }: Web,
  projectId: string,
  mediaId: string,
  wanted: MediaRequest,
): Promise<string> {
  if (media.bucket === '')
    throw new HttpError(500, {
      message: 'Media upload to blob storage not enabled or no bucket configured',
      error: 'InternalServerError',
    });
  const { contentType, contentLength, sha256Hash } = wanted;
  const key = `${media.prefix}${projectId}/${mediaId}.${mediaExtension(contentType)}`;
  await postgres.query(
    `INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (project_id, id) DO UPDATE SET bucket_path = EXCLUDED.bucket_path, bucket_name = EXCLUDED.bucket_name,
       content_type = EXCLUDED.content_type, content_length = EXCLUDED.content_length, updated_at = now()`,
    [mediaId, sha256Hash, projectId, key, media.bucket, contentType, contentLength],
  );
  return media.uploadUrl(key, uploadHeaders(wanted));
}

function requestOf(body: unknown): MediaRequest {
  const given = isRecord(body) ? body : {};
  const { traceId, observationId, contentType, contentLength, sha256Hash, field } = given;
  if (
    typeof traceId !== 'string' ||
    typeof contentType !== 'string' ||
    typeof contentLength !== 'number' ||
    typeof sha256Hash !== 'string' ||
    sha256Hash.length !== 44 ||
    (field !== 'input' && field !== 'output' && field !== 'metadata')
  )
    throw new HttpError(400, {
      message: 'Invalid request data',
      error: [{ code: 'custom', path: [], message: 'Invalid input' }],
    });
  const observation = typeof observationId === 'string' ? observationId : undefined;
  return { traceId, observationId: observation, contentType, contentLength, sha256Hash, field };
}

/** From 4 on a link says who made it. */
async function link(
  { postgres, release }: Web,
  projectId: string,
  mediaId: string,
  { traceId, observationId, field }: MediaRequest,
): Promise<void> {
  const row: Readonly<Record<string, string>> = {
    id: uuid(),
    project_id: projectId,
    trace_id: traceId,
    media_id: mediaId,
    field,
    ...(observationId === undefined ? {} : { observation_id: observationId }),
    ...(release.generation >= 4 ? { origin: 'CLIENT_UPLOAD' } : {}),
  };
  const table = observationId === undefined ? 'trace_media' : 'observation_media';
  const columns = Object.keys(row).join(', ');
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  await postgres.query(
    `INSERT INTO ${table} (${columns}) VALUES (${places.join(', ')}) ON CONFLICT DO NOTHING`,
    Object.values(row),
  );
}

async function mediaRow(web: Web, projectId: string, mediaId: string): Promise<MediaRow | undefined> {
  const [row] = await web.postgres.query<MediaRow>('SELECT * FROM media WHERE project_id = $1 AND id = $2', [
    projectId,
    mediaId,
  ]);
  return row;
}

const notFound = (message: string): HttpError =>
  new HttpError(404, { message, error: 'LangfuseNotFoundError' });

/** PATCH: the client says how its upload went. */
async function report(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const body = await jsonBody(call);
  const { uploadedAt, uploadHttpStatus, uploadHttpError } = isRecord(body) ? body : {};
  const mediaId = call.parameters['mediaId'] ?? '';
  const rows = await web.postgres.query(
    `UPDATE media SET uploaded_at = $3, upload_http_status = $4, upload_http_error = $5, updated_at = now()
     WHERE project_id = $1 AND id = $2 RETURNING id`,
    [
      projectId,
      mediaId,
      typeof uploadedAt === 'string' ? new Date(uploadedAt) : new Date(),
      typeof uploadHttpStatus === 'number' ? uploadHttpStatus : null,
      typeof uploadHttpError === 'string' && uploadHttpStatus !== 200 ? uploadHttpError : null,
    ],
  );
  if (rows.length === 0) throw notFound(`Media asset ${mediaId} not found in project ${projectId}`);
  return { status: 200, json: { message: 'OK' } };
}

async function read(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const row = await mediaRow(web, projectId, call.parameters['mediaId'] ?? '');
  if (row === undefined) throw notFound('Media asset not found');
  const uploaded = row.upload_http_status;
  if (uploaded === null) throw notFound('Media not yet uploaded');
  if (uploaded !== 200 && uploaded !== 201)
    throw notFound(`Media upload failed with status ${uploaded}: \n ${row.upload_http_error}`);
  const expirySeconds = web.settings.number('LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS', 3600);
  return {
    status: 200,
    json: {
      mediaId: row.id,
      contentType: row.content_type,
      contentLength: Number(row.content_length),
      uploadedAt: row.uploaded_at,
      url: web.media.downloadUrl(row.bucket_path, expirySeconds),
      urlExpiry: new Date(new Date().getTime() + expirySeconds * 1000).toISOString(),
    },
  };
}

export const mediaRoutes: readonly Route[] = [
  { path: '/api/public/media', methods: { POST: create } },
  { path: '/api/public/media/:mediaId', methods: { GET: read, PATCH: report } },
];
