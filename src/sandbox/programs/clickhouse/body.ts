import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { RequestRefused } from './exception.ts';

/** As the server's default max_query_size: a statement ends before. */
const statementBytes = 262_144;

/** A body whose beginning was read, and whose rest can still be. */
export interface OpenedBody {
  readonly head: Buffer;
  /** Whether `head` is all. */
  readonly complete: boolean;
  /** The whole body, head first; read it once. */
  readonly all: () => AsyncIterable<Buffer>;
}

/** Reads as much as a statement may be long. @throws RequestRefused when the body cannot be decoded */
export async function openBody(message: IncomingMessage): Promise<OpenedBody> {
  const iterator = decoded(message)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let complete = false;
  while (sizeBytes < statementBytes && !complete) {
    const { value, done } = await nextChunk(iterator);
    if (done) complete = true;
    else {
      chunks.push(value);
      sizeBytes += value.length;
    }
  }
  const head = Buffer.concat(chunks);
  return { head, complete, all: () => rejoined(head, complete ? null : iterator) };
}

async function nextChunk(
  iterator: AsyncIterator<Buffer>,
): Promise<
  { readonly done: true; readonly value?: undefined } | { readonly done: false; readonly value: Buffer }
> {
  try {
    const next = await iterator.next();
    return next.done === true ? { done: true } : { done: false, value: next.value };
  } catch (error) {
    throw new RequestRefused({
      code: 354,
      name: 'ZLIB_INFLATE_FAILED',
      message: `inflate failed: ${error instanceof Error ? error.message : 'the body ended'}`,
    });
  }
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  yield head;
  if (rest === null) return;
  for (let next = await nextChunk(rest); !next.done; next = await nextChunk(rest)) yield next.value;
}

function decoded(message: IncomingMessage): Readable {
  const encoding = (message.headers['content-encoding'] ?? '').toLowerCase();
  const decoder = decoderFor(encoding);
  if (decoder === null) return message;
  // Errors of either end come out of the decoder, where they are read.
  message.once('error', (error) => decoder.destroy(error));
  return message.pipe(decoder);
}

function decoderFor(encoding: string): ReturnType<typeof createGunzip> | null {
  switch (encoding) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new RequestRefused({
        code: 48,
        name: 'NOT_IMPLEMENTED',
        message: `Unsupported HTTP Content-Encoding ${encoding}`,
      });
  }
}

/** Writes the rows, from `skip` bytes on, into a file. */
export async function spool(body: OpenedBody, skip: number, file: string): Promise<void> {
  await pipeline(Readable.from(withoutHead(body.all(), skip)), createWriteStream(file));
}

async function* withoutHead(chunks: AsyncIterable<Buffer>, skip: number): AsyncGenerator<Buffer> {
  let left = skip;
  for await (const chunk of chunks) {
    const kept = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - kept.length;
    if (kept.length > 0) yield kept;
  }
}

/** The whole body as text. @throws RequestRefused above the limit */
export async function bodyText(body: OpenedBody, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body.all()) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes)
      throw new RequestRefused({
        code: 62,
        name: 'SYNTAX_ERROR',
        message: `Max query size exceeded (can be increased with the \`max_query_size\` setting)`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
