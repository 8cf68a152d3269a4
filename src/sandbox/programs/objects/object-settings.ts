import { sendEmpty, sendXml } from './answers.ts';
import { S3Error } from './errors.ts';
import type { Exchange } from './handler.ts';
import { findVersion, versionHeaders } from './objects-read.ts';
import { readSmallBody } from './receive.ts';
import type { ObjectVersion } from './records.ts';
import { childOf, childrenOf, documentOf, exactText, parseXml, tag, text, textOf } from './xml.ts';

const largestDocumentBytes = 64 * 1024;

/** GET, PUT and DELETE ?tagging of an object. */
export async function objectTagging(exchange: Exchange): Promise<void> {
  const { request, response, signed } = exchange;
  const version = currentVersion(exchange);
  if (request.method === 'GET') {
    const rows = Object.entries(version.tags ?? {}).map(([key, value]) =>
      tag('Tag', text('Key', key), text('Value', value)),
    );
    return sendXml(response, documentOf('Tagging', tag('TagSet', ...rows)), versionHeaders(version));
  }
  const { tags: _, ...rest } = version;
  if (request.method === 'DELETE') {
    replace(exchange, rest);
    return sendEmpty(response);
  }
  const body = (await readSmallBody(request, signed, largestDocumentBytes)).toString();
  const rows = childrenOf(childOf(parseXml(body, 'Tagging'), 'TagSet'), 'Tag');
  const tags = Object.fromEntries(
    rows.map((row) => [exactText(row, 'Key') ?? '', exactText(row, 'Value') ?? '']),
  );
  replace(exchange, { ...currentVersion(exchange), tags });
  sendEmpty(response, 200, versionHeaders(version));
}

/** GET and PUT ?retention. */
export async function objectRetention(exchange: Exchange): Promise<void> {
  const { request, response, signed } = exchange;
  const version = currentVersion(exchange);
  if (request.method === 'GET') {
    if (version.retention === undefined) throw new S3Error('NoSuchObjectLockConfiguration');
    const { mode, until } = version.retention;
    return sendXml(response, documentOf('Retention', text('Mode', mode), text('RetainUntilDate', until)));
  }
  const body = (await readSmallBody(request, signed, largestDocumentBytes)).toString();
  const wanted = parseXml(body, 'Retention');
  const [mode, until] = [textOf(wanted, 'Mode'), textOf(wanted, 'RetainUntilDate')];
  if (mode === undefined || until === undefined) throw new S3Error('MalformedXML');
  replace(exchange, { ...version, retention: { mode, until } });
  sendEmpty(response, 200);
}

function currentVersion({ request, store }: Exchange): ObjectVersion {
  return findVersion(store.bucket(request.bucket), request.key, request.query.get('versionId'));
}

function replace({ request, store }: Exchange, version: ObjectVersion): void {
  store.commit({ type: 'version', bucket: request.bucket, key: request.key, version });
}
