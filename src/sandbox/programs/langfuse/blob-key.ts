import { createHash } from 'node:crypto';
import type { Settings } from './settings.ts';

const hashLength = 16;
// What breaks a path: slashes, and control characters that stores refuse.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u001f/\\]/g;

/**
 * An id as one segment of an object's key: as it stands where it may; else cleaned, cut and with a piece of its hash
 * (packages/shared/src/server/services/safeBlobKeySegment.ts).
 *
 * @param suffix what the segment still gets behind it, which counts as well
 */
export function blobKeySegment(settings: Settings, id: string, suffix = ''): string {
  const most = settings.number('LANGFUSE_S3_EVENT_KEY_MAX_SEGMENT_BYTES', 2048) - suffix.length;
  const cleaned = id.replace(forbidden, '_');
  if (cleaned === id && Buffer.byteLength(id) <= most) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, hashLength);
  return `${cutBytes(cleaned, Math.max(0, most - hashLength - 1))}_${hash}`;
}

/** The longest beginning of so many bytes that ends with a whole character. */
function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
