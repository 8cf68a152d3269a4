import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runningChecksum } from './checksum.ts';
import { ChunkDecoder } from './chunks.ts';
import { S3Error } from './errors.ts';
import { header } from './request.ts';
import type { S3Request } from './request.ts';
import type { Signed } from './signature.ts';

/** Bytes that lie on disk. */
export interface Blob {
  readonly id: string;
  readonly sizeBytes: number;
}

/** A body that came in whole and is what its headers say. */
export interface Received {
  readonly blob: Blob;
  readonly md5: string;
  /** x-amz-checksum-* headers that were given and right. */
  readonly checksums: Readonly<Record<string, string>>;
}

const largestPutBytes = 5 * 1024 ** 3;

/**
 * Streams a body to disk. Nothing is left there when it was cut, too long or not what was signed.
 * @throws S3Error IncompleteBody, BadDigest, XAmzContent…Mismatch, SignatureDoesNotMatch
 */
export async function receiveBody(
  request: S3Request,
  signed: Signed,
  blobPath: (id: string) => string,
): Promise<Received> {
  const chunked = signed.payload.startsWith('STREAMING-');
  const length = header(request, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (length === undefined) throw new S3Error('MissingContentLength');
  if (Number(length) > largestPutBytes) throw new S3Error('EntityTooLarge');
  const id = randomUUID();
  try {
    return await streamToDisk(request, signed, { id, path: blobPath(id), lengthBytes: Number(length) });
  } catch (cause) {
    await rm(blobPath(id), { force: true });
    throw cause;
  }
}

async function streamToDisk(
  request: S3Request,
  signed: Signed,
  target: { readonly id: string; readonly path: string; readonly lengthBytes: number },
): Promise<Received> {
  const decoder = signed.payload.startsWith('STREAMING-') ? new ChunkDecoder(signed) : null;
  const tap = bodyTap(request);
  const file = createWriteStream(target.path, { flags: 'wx' });
  const source = bytesSent(request);
  if (decoder === null) await pipeline(source, tap.stream, file);
  else await pipeline(source, decoder, tap.stream, file);
  const sums = tap.sums();
  if (sums.sizeBytes !== target.lengthBytes) throw new S3Error('IncompleteBody');
  checkDigests(request, signed, sums);
  const checksums = checkChecksums(request, decoder?.trailers ?? new Map(), sums.checksums);
  return { blob: { id: target.id, sizeBytes: sums.sizeBytes }, md5: sums.md5.toString('hex'), checksums };
}

/** The body as a stream that can end early without taking the connection with it: the refusal must still go out. */
function bytesSent(request: S3Request): Readable {
  return Readable.from(request.message.iterator({ destroyOnReturn: false }), { objectMode: false });
}

interface Sums {
  readonly sizeBytes: number;
  readonly md5: Buffer;
  readonly sha256: string;
  readonly checksums: ReadonlyMap<string, string>;
}

function bodyTap(request: S3Request): { readonly stream: Transform; readonly sums: () => Sums } {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const checksums = checksumNames(request).flatMap((name) => {
    const running = runningChecksum(name);
    return running === null ? [] : [{ name, running }];
  });
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      md5.update(chunk);
      sha256.update(chunk);
      for (const { running } of checksums) running.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const sums = (): Sums => ({
    sizeBytes,
    md5: md5.digest(),
    sha256: sha256.digest('hex'),
    checksums: new Map(checksums.map(({ name, running }) => [name, running.digest()])),
  });
  return { stream, sums };
}

function checksumNames(request: S3Request): string[] {
  const trailing = (header(request, 'x-amz-trailer') ?? '').split(',');
  return [...Object.keys(request.message.headers), ...trailing]
    .map((name) => /^x-amz-checksum-(crc32|crc32c|sha1|sha256)$/.exec(name.trim().toLowerCase())?.[1] ?? '')
    .filter((name) => name !== '');
}

function checkDigests(request: S3Request, signed: Signed, sums: Sums): void {
  const md5 = header(request, 'content-md5');
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) throw new S3Error('InvalidDigest');
    if (md5 !== sums.md5.toString('base64')) throw new S3Error('BadDigest');
  }
  if (/^[0-9a-f]{64}$/.test(signed.payload) && signed.payload !== sums.sha256)
    throw new S3Error('XAmzContentSHA256Mismatch');
}

function checkChecksums(
  request: S3Request,
  trailers: ReadonlyMap<string, string>,
  computed: ReadonlyMap<string, string>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [algorithm, value] of computed) {
    const name = `x-amz-checksum-${algorithm}`;
    const said = header(request, name) ?? trailers.get(name);
    if (said === undefined) continue;
    if (said !== value) throw new S3Error('XAmzContentChecksumMismatch');
    given[name] = value;
  }
  return given;
}

/** A small body as a whole, for XML documents. @throws S3Error EntityTooLarge, IncompleteBody and digests' */
export async function readSmallBody(request: S3Request, signed: Signed, limitBytes: number): Promise<Buffer> {
  if (Number(header(request, 'content-length') ?? 0) > limitBytes) throw new S3Error('EntityTooLarge');
  const decoder = signed.payload.startsWith('STREAMING-') ? new ChunkDecoder(signed) : null;
  const tap = bodyTap(request);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) throw new S3Error('EntityTooLarge');
      chunks.push(chunk);
    }
  };
  const source = bytesSent(request);
  if (decoder === null) await pipeline(source, tap.stream, collect);
  else await pipeline(source, decoder, tap.stream, collect);
  const sums = tap.sums();
  checkDigests(request, signed, sums);
  checkChecksums(request, decoder?.trailers ?? new Map(), sums.checksums);
  return Buffer.concat(chunks);
}
