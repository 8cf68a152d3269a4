import { sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { listKeys } from './listing.ts';
import type { ListedKey } from './listing.ts';
import type { ObjectVersion } from './records.ts';
import { documentOf, tag, text } from './xml.ts';

const mostKeys = 1000;
const owner = tag(
  'Owner',
  text('ID', '02d6176db174dc93cb1b899f7c6078f08654445fe8cf1b6ce98d8855f66bdbf4'),
  text('DisplayName', 'minio'),
);

/** GET of a bucket: versions 1 and 2 of the listing. */
export function listObjects(exchange: Exchange): void {
  const { request, response, store } = exchange;
  const bucket = store.bucket(request.bucket);
  const second = request.query.get('list-type') === '2';
  const query = { ...common(exchange), after: startAfter(request.query, second), versions: false };
  const page = listKeys(bucket, query);
  const escape = escaper(request.query);
  const next = second ? nextToken(page.next) : nextMarker(page.next, escape);
  const body = [
    ...heading(exchange, page.next !== null, escape),
    second ? text('KeyCount', page.keys.length + page.prefixes.length) : '',
    next,
    ...page.keys.flatMap(({ key, versions }) =>
      versions.map((version) => contents('Contents', key, version, escape, [])),
    ),
    ...page.prefixes.map((prefix) => tag('CommonPrefixes', text('Prefix', escape(prefix)))),
  ];
  sendXml(response, documentOf('ListBucketResult', ...body));
}

/** GET ?versions. */
export function listVersions(exchange: Exchange): void {
  const { request, response, store } = exchange;
  const bucket = store.bucket(request.bucket);
  const page = listKeys(bucket, {
    ...common(exchange),
    after: request.query.get('key-marker') ?? '',
    versions: true,
  });
  const escape = escaper(request.query);
  const body = [
    ...heading(exchange, page.next !== null, escape),
    page.next === null ? '' : text('NextKeyMarker', escape(page.next)) + text('NextVersionIdMarker', ''),
    ...page.keys.flatMap((entry) => versionRows(entry, escape)),
    ...page.prefixes.map((prefix) => tag('CommonPrefixes', text('Prefix', escape(prefix)))),
  ];
  sendXml(response, documentOf('ListVersionsResult', ...body));
}

function versionRows({ key, versions }: ListedKey, escape: Escape): string[] {
  return versions.map((version, index) => {
    const fields = [text('VersionId', version.versionId), text('IsLatest', index === 0), owner];
    if (!version.deleteMarker) return contents('Version', key, version, escape, fields);
    const at = text('LastModified', new Date(version.modifiedMs).toISOString());
    return tag('DeleteMarker', text('Key', escape(key)), at, ...fields);
  });
}

type Escape = (value: string) => string;

function contents(
  name: string,
  key: string,
  version: ObjectVersion,
  escape: Escape,
  more: readonly string[],
): string {
  return tag(
    name,
    text('Key', escape(key)),
    text('LastModified', new Date(version.modifiedMs).toISOString()),
    text('ETag', `"${version.etag}"`),
    text('Size', version.sizeBytes),
    text('StorageClass', 'STANDARD'),
    ...more,
  );
}

function heading({ request }: Exchange, truncated: boolean, escape: Escape): string[] {
  const delimiter = request.query.get('delimiter') ?? '';
  return [
    text('Name', request.bucket),
    text('Prefix', escape(request.query.get('prefix') ?? '')),
    delimiter === '' ? '' : text('Delimiter', escape(delimiter)),
    text('MaxKeys', limitOf(request.query)),
    text('IsTruncated', truncated),
    request.query.get('encoding-type') === 'url' ? text('EncodingType', 'url') : '',
  ];
}

function common({ request }: Exchange): { prefix: string; delimiter: string; limit: number } {
  return {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    limit: limitOf(request.query),
  };
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('max-keys') ?? mostKeys);
  if (!Number.isInteger(limit) || limit < 0) throw new S3Error('InvalidArgument');
  return Math.min(limit, mostKeys);
}

function startAfter(query: URLSearchParams, second: boolean): string {
  if (!second) return query.get('marker') ?? '';
  const token = query.get('continuation-token');
  return token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
}

function nextToken(next: string | null): string {
  return next === null ? '' : text('NextContinuationToken', Buffer.from(next).toString('base64url'));
}

function nextMarker(next: string | null, escape: Escape): string {
  return next === null ? '' : text('NextMarker', escape(next));
}

function escaper(query: URLSearchParams): Escape {
  if (query.get('encoding-type') !== 'url') return (value) => value;
  return (value) => encodeURIComponent(value).replaceAll('%2F', '/');
}
