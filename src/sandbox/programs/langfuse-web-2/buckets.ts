import { openObjects, type Objects } from '../langfuse/objects.ts';
import type { RedisPlace } from '../langfuse/redis.ts';
import { settingsFrom } from '../langfuse/settings.ts';

/** Media need the switch and the bucket (web/src/pages/api/public/media/index.ts at v2.95.12). */
export function openMedia({ settings, resolve, log }: RedisPlace): Objects | undefined {
  const on = settings.flag('LANGFUSE_S3_MEDIA_UPLOAD_ENABLED', false);
  if (!on || settings.text('LANGFUSE_S3_MEDIA_UPLOAD_BUCKET') === undefined) return undefined;
  return openObjects(settings, 'MEDIA_UPLOAD', resolve, log);
}

/** Names of the export bucket (generations/exportQuery at v2.95.12) beside the suffixes of the newer families. */
const exportNames = {
  BUCKET: 'S3_BUCKET_NAME',
  REGION: 'S3_REGION',
  ENDPOINT: 'S3_ENDPOINT',
  ACCESS_KEY_ID: 'S3_ACCESS_KEY_ID',
  SECRET_ACCESS_KEY: 'S3_SECRET_ACCESS_KEY',
  FORCE_PATH_STYLE: 'S3_FORCE_PATH_STYLE',
} as const;

/** The bucket that exports go to; they lie at its root, there is no prefix. */
export function openExports({ settings, resolve, log }: RedisPlace): Objects | undefined {
  if (settings.text('S3_BUCKET_NAME') === undefined) return undefined;
  const renamed = Object.entries(exportNames).map(([suffix, name]) => [
    `LANGFUSE_S3_MEDIA_UPLOAD_${suffix}`,
    settings.text(name),
  ]);
  return openObjects(settingsFrom(Object.fromEntries(renamed)), 'MEDIA_UPLOAD', resolve, log);
}
