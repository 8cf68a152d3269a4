import type { Transform } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { headerDictionary } from './dictionary.ts';

/** Header blocks of one connection; each side's blocks are one zlib stream, so their order matters. */
export interface HeaderCodec {
  readonly decode: (block: Buffer) => Promise<ReadonlyMap<string, string>>;
  /** A block without headers: all that a reply needs. */
  readonly encodeEmpty: () => Promise<Buffer>;
  readonly close: () => void;
}

/** Sends bytes through a zlib stream and takes what comes out of it. */
function through(stream: Transform, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.write(bytes, () => {
      stream.off('error', reject);
      const out: unknown = stream.read();
      resolve(Buffer.isBuffer(out) ? out : Buffer.alloc(0));
    });
  });
}

/** Number of pairs, then length and text of each name and value; all lengths 32 bit. */
function pairs(block: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  let at = 4;
  const next = (): string => {
    const size = block.readUInt32BE(at);
    const text = block.toString('utf8', at + 4, at + 4 + size);
    at += 4 + size;
    return text;
  };
  for (let left = block.readUInt32BE(0); left > 0; left -= 1) {
    const name = next();
    found.set(name, next());
  }
  return found;
}

/** @throws Error when a block is broken */
export function createHeaderCodec(): HeaderCodec {
  const flushed = { dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH };
  const inflate = createInflate(flushed);
  const deflate = createDeflate(flushed);
  return {
    decode: async (block) => pairs(await through(inflate, block)),
    encodeEmpty: () => through(deflate, Buffer.alloc(4)),
    close: () => {
      inflate.destroy();
      deflate.destroy();
    },
  };
}
