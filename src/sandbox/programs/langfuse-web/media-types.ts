/** File extensions that are not the second half of their media type (packages/shared/src/domain/media.ts). */
const extensions: Readonly<Record<string, string>> = {
  'image/svg+xml': 'svg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/webm': 'weba',
  'video/ogg': 'ogv',
  'video/quicktime': 'mov',
  'video/x-msvideo': 'avi',
  'video/x-matroska': 'mkv',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/x-python': 'py',
  'application/javascript': 'js',
  'application/typescript': 'ts',
  'application/x-typescript': 'ts',
  'application/x-yaml': 'yaml',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/octet-stream': 'bin',
  'application/x-ndjson': 'jsonl',
  'application/vnd.apache.parquet': 'parquet',
  'application/gzip': 'gz',
  'application/x-tar': 'tar',
  'application/x-7z-compressed': '7z',
};

/** Extension of a media object's key. */
export function mediaExtension(contentType: string): string {
  const type = contentType.split(';')[0]?.trim() ?? '';
  return extensions[type] ?? type.split('/')[1] ?? 'bin';
}

/** What a client says of the bytes it will upload. */
export interface AnnouncedMedia {
  readonly contentType: string;
  readonly contentLength: number;
  /** In base64. */
  readonly sha256Hash: string;
}

/** Headers that the client's PUT must carry as they were signed. */
export function uploadHeaders(media: AnnouncedMedia): Record<string, string> {
  return {
    'content-length': String(media.contentLength),
    'content-type': media.contentType,
    'x-amz-checksum-sha256': media.sha256Hash,
  };
}
