import { cuid } from '../../langfuse/ids.ts';
import { isRecord } from '../../langfuse/event-check.ts';
import { HttpError, type Answer } from '../answer.ts';
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
  readonly bucket_path: string;
  readonly content_type: string;
  readonly content_length: string;
  readonly uploaded_at: Date | null;
}

/** POST: a place for the bytes, or null when they are there already. The client PUTs them to S3 itself. */
async function create(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const wanted = requestOf(await jsonBody(call));
  if (web.media.bucket === '')
    throw new HttpError(500, { message: 'Media upload to blob storage not enabled or no bucket configured' });
  // 22 url-safe characters of the hash (web/src/features/media/server/getMediaId.ts)
  const mediaId = wanted.sha256Hash.replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
  const key = `${web.media.prefix}${projectId}/${mediaId}.${extension(wanted.contentType)}`;
  const known = await mediaRow(web, projectId, mediaId);
  if (known === undefined)
    await web.postgres.query(
      `INSERT INTO media (id, sha_256_hash, project_id, bucket_path, bucket_name, content_type, content_length)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        mediaId,
        wanted.sha256Hash,
        projectId,
        key,
        web.media.bucket,
        wanted.contentType,
        wanted.contentLength,
      ],
    );
  await link(web, projectId, mediaId, wanted);
  const stored = known?.upload_http_status === 200 && known.content_type === wanted.contentType;
  const uploadUrl = stored ? null : web.media.uploadUrl(key, uploadHeaders(wanted));
  return { status: 201, json: { mediaId, uploadUrl } };
}

/** Headers that the client's PUT must carry as they were signed. */
function uploadHeaders({ contentType, contentLength, sha256Hash }: MediaRequest): Record<string, string> {
  return {
    'content-length': String(contentLength),
    'content-type': contentType,
    'x-amz-checksum-sha256': sha256Hash,
  };
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

function extension(contentType: string): string {
  const kind = contentType.split(';')[0]?.split('/')[1] ?? 'bin';
  return { jpeg: 'jpg', plain: 'txt', mpeg: 'mp3', 'octet-stream': 'bin', 'svg+xml': 'svg' }[kind] ?? kind;
}

async function link(web: Web, projectId: string, mediaId: string, wanted: MediaRequest): Promise<void> {
  if (wanted.observationId === undefined)
    await web.postgres.query(
      'INSERT INTO trace_media (id, project_id, media_id, trace_id, field) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [cuid(), projectId, mediaId, wanted.traceId, wanted.field],
    );
  else
    await web.postgres.query(
      `INSERT INTO observation_media (id, project_id, media_id, trace_id, observation_id, field)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [cuid(), projectId, mediaId, wanted.traceId, wanted.observationId, wanted.field],
    );
}

async function mediaRow(web: Web, projectId: string, mediaId: string): Promise<MediaRow | undefined> {
  const [row] = await web.postgres.query<MediaRow>('SELECT * FROM media WHERE project_id = $1 AND id = $2', [
    projectId,
    mediaId,
  ]);
  return row;
}

const notFound = new HttpError(404, { message: 'Media asset not found', error: 'LangfuseNotFoundError' });

/** PATCH: the client says how its upload went. */
async function report(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const body = await jsonBody(call);
  const { uploadedAt, uploadHttpStatus, uploadHttpError } = isRecord(body) ? body : {};
  const rows = await web.postgres.query(
    `UPDATE media SET uploaded_at = $3, upload_http_status = $4, upload_http_error = $5, updated_at = now()
     WHERE project_id = $1 AND id = $2 RETURNING id`,
    [
      projectId,
      call.parameters['mediaId'] ?? '',
      typeof uploadedAt === 'string' ? new Date(uploadedAt) : new Date(),
      typeof uploadHttpStatus === 'number' ? uploadHttpStatus : null,
      typeof uploadHttpError === 'string' ? uploadHttpError : null,
    ],
  );
  if (rows.length === 0) throw notFound;
  return { status: 200, json: {} };
}

async function read(web: Web, call: Call): Promise<Answer> {
  const { projectId } = await projectScope(web, call);
  const row = await mediaRow(web, projectId, call.parameters['mediaId'] ?? '');
  if (row === undefined || row.upload_http_status !== 200) throw notFound;
  return {
    status: 200,
    json: {
      mediaId: row.id,
      contentType: row.content_type,
      contentLength: Number(row.content_length),
      uploadedAt: row.uploaded_at,
      url: web.media.downloadUrl(row.bucket_path),
      urlExpiry: new Date(new Date().getTime() + 3_600_000).toISOString(),
    },
  };
}

export const mediaRoutes: readonly Route[] = [
  { path: '/api/public/media', methods: { POST: create } },
  { path: '/api/public/media/:mediaId', methods: { GET: read, PATCH: report } },
];
