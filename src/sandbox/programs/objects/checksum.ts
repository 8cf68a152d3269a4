import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A checksum that grows with the body. */
export interface RunningChecksum {
  readonly update: (chunk: Buffer) => void;
  /** Base64, as in x-amz-checksum-* headers. */
  readonly digest: () => string;
}

/** Algorithms of x-amz-checksum-*; crc64nvme is accepted without a check. */
export function runningChecksum(algorithm: string): RunningChecksum | null {
  switch (algorithm) {
    case 'crc32':
      return crc((chunk, value) => crc32(chunk, value));
    case 'crc32c':
      return crc(crc32c);
    case 'sha1':
    case 'sha256': {
      const hash = createHash(algorithm);
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
    }
    default:
      return null;
  }
}

function crc(step: (chunk: Buffer, value: number) => number): RunningChecksum {
  let value = 0;
  return {
    update: (chunk) => {
      value = step(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes.toString('base64');
    },
  };
}

/** Castagnoli's polynomial, reflected: RFC 3720 appendix B.4. */
const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(chunk: Buffer, start: number): number {
  let value = ~start;
  for (const byte of chunk) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
