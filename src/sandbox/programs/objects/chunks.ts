import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { S3Error } from './errors.ts';
import { hmac, same, sha256 } from './signature.ts';
import type { Signed } from './signature.ts';

const longestLineBytes = 8192;
/** A signed chunk is held until its signature is checked; SDKs send 64 KiB to 1 MiB. */
const longestChunkBytes = 16 * 1024 * 1024;

/**
 * Takes the frames of an aws-chunked body away: `size[;chunk-signature=…]\r\n…bytes…\r\n`, then trailers.
 * Checks the signatures of chunks where the body is signed.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkDecoder extends Transform {
  /** Trailing headers by lower-case name; whole when the stream has ended. */
  readonly trailers = new Map<string, string>();
  readonly #signed: Signed;
  readonly #checked: boolean;
  #previous: string;
  #state: 'size' | 'bytes' | 'gap' | 'trailer' | 'done' = 'size';
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #left = 0;
  #signature = '';

  constructor(signed: Signed) {
    super();
    this.#signed = signed;
    this.#checked = signed.payload.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    this.#previous = signed.chunks.seed;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#take(chunk);
      done();
    } catch (cause) {
      done(cause instanceof Error ? cause : new S3Error('InternalError'));
    }
  }

  override _flush(done: TransformCallback): void {
    const whole = this.#state === 'done' || (this.#state === 'trailer' && this.#pendingBytes === 0);
    done(whole ? null : new S3Error('IncompleteBody'));
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && this.#state !== 'done') {
      if (this.#state === 'bytes') rest = this.#takeBytes(rest);
      else rest = this.#takeLine(rest);
    }
  }

  #takeBytes(rest: Buffer): Buffer {
    const bytes = rest.subarray(0, this.#left);
    this.#left -= bytes.length;
    if (this.#checked) this.#hold(bytes);
    else this.push(bytes);
    if (this.#left === 0) this.#endChunk();
    return rest.subarray(bytes.length);
  }

  #endChunk(): void {
    if (this.#checked) {
      const bytes = this.#release();
      this.#checkChunk(bytes);
      if (bytes.length > 0) this.push(bytes);
    }
    this.#state = 'gap';
  }

  #takeLine(rest: Buffer): Buffer {
    const end = rest.indexOf(10);
    this.#hold(end < 0 ? rest : rest.subarray(0, end));
    if (this.#pendingBytes > longestLineBytes) throw new S3Error('IncompleteBody');
    if (end < 0) return rest.subarray(rest.length);
    this.#line(this.#release().toString('latin1').replace(/\r$/, ''));
    return rest.subarray(end + 1);
  }

  #line(line: string): void {
    if (this.#state === 'gap') this.#state = 'size';
    else if (this.#state === 'size') this.#startChunk(line);
    else if (line === '') this.#state = 'done';
    else
      this.trailers.set(
        line.slice(0, line.indexOf(':')).trim().toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      );
  }

  #startChunk(line: string): void {
    const match = /^([0-9a-fA-F]+)(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (match === null) throw new S3Error('IncompleteBody');
    this.#left = Number.parseInt(match[1] ?? '', 16);
    this.#signature = match[2] ?? '';
    if (this.#checked && this.#left > longestChunkBytes) throw new S3Error('EntityTooLarge');
    if (this.#left > 0) this.#state = 'bytes';
    else {
      if (this.#checked) this.#checkChunk(Buffer.alloc(0));
      this.#state = 'trailer';
    }
  }

  #checkChunk(bytes: Buffer): void {
    const { key, date, scope } = this.#signed.chunks;
    const lines = ['AWS4-HMAC-SHA256-PAYLOAD', date, scope, this.#previous, sha256(''), sha256(bytes)];
    const expected = hmac(key, lines.join('\n')).toString('hex');
    if (!same(expected, this.#signature)) throw new S3Error('SignatureDoesNotMatch');
    this.#previous = expected;
  }

  #hold(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #release(): Buffer {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return bytes;
  }
}
