import { HttpError, type Answer } from '../../langfuse-web/answer.ts';
import { jsonBody, type Call, type Route } from '../../langfuse-web/route.ts';
import { uuid } from '../../langfuse/ids.ts';
import { absent, invalid } from '../listing.ts';
import { checkBody, text, time, whole, type BodySchema } from '../ingestion/fields.ts';
import { byHash, link, place, wantedOf, type MediaRow } from '../media-upload.ts';
import { projectScope2 } from '../scope.ts';
import type { Web2 } from '../web.ts';

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
