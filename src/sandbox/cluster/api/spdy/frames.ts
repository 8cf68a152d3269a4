import type { Readable } from 'node:stream';

/** Types of SPDY/3 control frames that matter here. */
export const frameType = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const;

/** Bit of the flags: this side sends no more on the stream. */
export const finFlag = 1;

/** A frame of SPDY/3.1: control or data. https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ */
export type Frame =
  | { readonly kind: 'data'; readonly stream: number; readonly flags: number; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

const headBytes = 8;
const version = 3;

/** The frames of a byte stream, one after the other. */
export async function* readFrames(transport: Readable): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of transport as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headBytes) {
      const size = rest.readUIntBE(5, 3);
      if (rest.length < headBytes + size) break;
      yield frameOf(rest, rest.subarray(headBytes, headBytes + size));
      rest = rest.subarray(headBytes + size);
    }
  }
}

function frameOf(head: Buffer, payload: Buffer): Frame {
  const flags = head.readUInt8(4);
  const isControl = head.readUInt8(0) >= 0x80;
  return isControl
    ? { kind: 'control', type: head.readUInt16BE(2), flags, payload }
    : { kind: 'data', stream: head.readUInt32BE(0), flags, payload };
}

const tail = (flags: number, payload: Buffer): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt8(flags, 0);
  bytes.writeUIntBE(payload.length, 1, 3);
  return Buffer.concat([bytes, payload]);
};

/** @param stream number of the stream, below 2^31 */
export function dataFrame(stream: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(stream);
  return Buffer.concat([head, tail(flags, payload)]);
}

/** The bytes of a control frame. */
export function controlFrame(type: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0x8000 + version, 0);
  head.writeUInt16BE(type, 2);
  return Buffer.concat([head, tail(flags, payload)]);
}

/** A stream's number as control frames carry it. */
export function streamBytes(stream: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(stream);
  return bytes;
}
