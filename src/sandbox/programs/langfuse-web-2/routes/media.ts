import { HttpError, type Answer } from '../../langfuse-web/answer.ts';
import { jsonBody, type Call, type Route } from '../../langfuse-web/route.ts';
import { cuid, uuid } from '../../langfuse/ids.ts';
import type { SqlRow } from '../../langfuse/postgres.ts';
import { absent, invalid } from '../listing.ts';
import { among, checkBody, text, time, whole, type BodySchema } from '../ingestion/fields.ts';
import { projectScope2 } from '../scope.ts';
import type { Web2 } from '../web.ts';

interface MediaRow extends SqlRow {
  readonly id: string;
  readonly upload_http_status: number | null;
  readonly upload_http_error: string | null;
  readonly bucket_path: string;
  readonly content_type: string;
  readonly content_length: string;
  readonly uploaded_at: Date | null;
}

/** Content types that 2.95 takes, and the endings of their objects. */
const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpg',
  'image/webp': 'webp',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/wav': 'wav',
  'text/plain': 'txt',
  'application/pdf': 'pdf',
};

const wantedSchema: BodySchema = {
  required: ['traceId', 'contentType', 'contentLength', 'sha256Hash', 'field'],
  fields: {
    traceId: text,
    observationId: text,
    contentType: among(...Object.keys(endings)),
    contentLength: whole,
    sha256Hash: text,
    field: among('input', 'output', 'metadata'),
  },
};

interface Wanted {
  readonly traceId: string;
  readonly observationId: string | undefined;
  readonly contentType: string;
  readonly contentLength: number;
  readonly sha256Hash: string;
  readonly field: string;
}

/** POST: a place for the bytes, or null when they are there already (media/index.ts at v2.95.12). */
async function create(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Media Upload URL');
  const wanted = wantedOf(await jsonBody(call));
  const most = web.settings.number('LANGFUSE_S3_MEDIA_MAX_CONTENT_LENGTH', 1_000_000_000);
  if (wanted.contentLength > most)
    throw new HttpError(400, {
      message: `File size must be less than ${most} bytes`,
      error: 'InvalidRequestError',
    });
  const known = await byHash(web, projectId, wanted.sha256Hash);
  if (known?.upload_http_status === 200 && known.content_type === wanted.contentType) {
    await link(web, projectId, known.id, wanted);
    return { status: 201, json: { mediaId: known.id, uploadUrl: null } };
  }
  const mediaId = known?.id ?? uuid();
  const uploadUrl = await place(web, projectId, mediaId, wanted);
  await link(web, projectId, mediaId, wanted);
  return { status: 201, json: { mediaId, uploadUrl } };
}

function wantedOf(given: unknown): Wanted {
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
async function place(web: Web2, projectId: string, mediaId: string, wanted: Wanted): Promise<string> {
  if (web.media === undefined)
    throw new HttpError(500, {
      message: 'Media upload to blob storage not enabled or no bucket configured',
      error: 'InternalServerError',
    });
  const key = `${web.media.prefix}${projectId}/${mediaId}.${endings[wanted.contentType] ?? 'bin'}`;
  await web.postgres.query(
    `INSERT INTO media (id, project_id, sha_256_hash, bucket_path, bucket_name, content_type, content_length)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (project_id, sha_256_hash) DO UPDATE SET
       bucket_path = EXCLUDED.bucket_path, bucket_name = EXCLUDED.bucket_name, content_type = EXCLUDED.content_type,
       content_length = EXCLUDED.content_length, updated_at = CURRENT_TIMESTAMP`,
    [mediaId, projectId, wanted.sha256Hash, key, web.media.bucket, wanted.contentType, wanted.contentLength],
  );
  // The client's PUT must carry these as they were signed.
  return web.media.uploadUrl(key, {
    'content-length': String(wanted.contentLength),
    'content-type': wanted.contentType,
    'x-amz-checksum-sha256': wanted.sha256Hash,
  });
}

async function link({ postgres }: Web2, projectId: string, mediaId: string, wanted: Wanted): Promise<void> {
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

async function byHash({ postgres }: Web2, projectId: string, hash: string): Promise<MediaRow | undefined> {
  const [row] = await postgres.query<MediaRow>(
    'SELECT * FROM media WHERE project_id = $1 AND sha_256_hash = $2',
    [projectId, hash],
  );
  return row;
}

const reportSchema: BodySchema = {
  required: ['uploadedAt', 'uploadHttpStatus'],
  fields: { uploadedAt: time, uploadHttpStatus: whole, uploadHttpError: text },
};

/** PATCH: the client says how its upload went. */
async function report(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Update Media Uploaded At');
  const { body, issues } = checkBody(reportSchema, await jsonBody(call), []);
  if (issues.length > 0) throw invalid(issues);
  const mediaId = call.parameters['mediaId'] ?? '';
  const status = body['uploadHttpStatus'];
  const rows = await web.postgres.query(
    `UPDATE media SET uploaded_at = $3, upload_http_status = $4, upload_http_error = $5, updated_at = CURRENT_TIMESTAMP
     WHERE project_id = $1 AND id = $2 RETURNING id`,
    [
      projectId,
      mediaId,
      new Date(String(body['uploadedAt'])),
      status,
      status === 200 ? null : (body['uploadHttpError'] ?? null),
    ],
  );
  if (rows.length === 0) throw absent(`Media asset ${mediaId} not found in project ${projectId}`);
  return { status: 200, json: { message: 'OK' } };
}

async function read(web: Web2, call: Call): Promise<Answer> {
  const { projectId } = await projectScope2(web, call, 'Get Media data');
  const mediaId = call.parameters['mediaId'] ?? '';
  const [row] = await web.postgres.query<MediaRow>('SELECT * FROM media WHERE project_id = $1 AND id = $2', [
    projectId,
    mediaId,
  ]);
  if (row === undefined) throw absent('Media asset not found');
  const { upload_http_status: status, upload_http_error: error } = row;
  if (status === null) throw absent('Media not yet uploaded');
  if (status !== 200 && status !== 201)
    throw absent(`Media upload failed with status ${status}: \n ${String(error)}`);
  const seconds = web.settings.number('LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS', 3600);
  return {
    status: 200,
    json: {
      mediaId,
      contentType: row.content_type,
      contentLength: Number(row.content_length),
      url: web.media?.downloadUrl(row.bucket_path, seconds),
      urlExpiry: new Date(new Date().getTime() + seconds * 1000).toISOString(),
      uploadedAt: row.uploaded_at,
    },
  };
}

export const mediaRoutes: readonly Route<Web2>[] = [
  { path: '/api/public/media', methods: { POST: create } },
  { path: '/api/public/media/:mediaId', methods: { GET: read, PATCH: report } },
];
