import { Duplex } from 'node:stream';
import { controlFrame, dataFrame, finFlag, frameType, readFrames, streamBytes } from './frames.ts';
import type { Frame } from './frames.ts';
import { createHeaderCodec } from './headers.ts';

/** A stream that the client opened; its bytes both ways, and the headers it came with. */
export interface SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Duplex;
}

/** Largest payload of one frame; the length field has 24 bits, but small frames share the connection better. */
const frameBytes = 65_536;

function openStream(transport: Duplex, id: number, resume: () => void): Duplex {
  const send = (payload: Buffer, flags: number, done: (error?: Error | null) => void): void => {
    if (transport.writable) transport.write(dataFrame(id, payload, flags), done);
    else done();
  };
  return new Duplex({
    read: resume,
    write: (chunk: Buffer, _encoding, done) => {
      for (let at = 0; at + frameBytes < chunk.length; at += frameBytes)
        send(chunk.subarray(at, at + frameBytes), 0, () => undefined);
      const lastAt = Math.floor(Math.max(0, chunk.length - 1) / frameBytes) * frameBytes;
      send(chunk.subarray(lastAt), 0, done);
    },
    final: (done) => send(Buffer.alloc(0), finFlag, done),
  });
}

/**
 * The server's side of SPDY/3.1 as Kubernetes clients use it for port-forward: the client opens streams, there is no
 * flow control. Resolves when the transport ends; every stream is destroyed then.
 */
export async function serveSpdy(transport: Duplex, opened: (stream: SpdyStream) => void): Promise<void> {
  const codec = createHeaderCodec();
  const streams = new Map<number, Duplex>();
  let resume = (): void => undefined;

  const open = async (payload: Buffer): Promise<void> => {
    const id = payload.readUInt32BE(0);
    const headers = await codec.decode(payload.subarray(10));
    const bytes = openStream(transport, id, () => resume());
    bytes.on('error', () => bytes.destroy());
    bytes.on('close', () => streams.delete(id));
    streams.set(id, bytes);
    const reply = Buffer.concat([streamBytes(id), await codec.encodeEmpty()]);
    transport.write(controlFrame(frameType.synReply, reply));
    opened({ headers, bytes });
  };

  /** A stream that is full holds the whole connection: SPDY without flow control knows no other way. */
  const take = async (id: number, payload: Buffer): Promise<void> => {
    const bytes = streams.get(id);
    if (bytes === undefined || payload.length === 0 || bytes.push(payload)) return;
    await new Promise<void>((resolve) => {
      resume = resolve;
      bytes.once('close', resolve);
    });
  };

  const handle = async (frame: Frame): Promise<void> => {
    if (frame.kind === 'data') {
      await take(frame.stream, frame.payload);
      if (frame.flags === finFlag) streams.get(frame.stream)?.push(null);
    } else if (frame.type === frameType.synStream) {
      await open(frame.payload);
      if (frame.flags === finFlag) streams.get(frame.payload.readUInt32BE(0))?.push(null);
    } else if (frame.type === frameType.ping) {
      transport.write(controlFrame(frameType.ping, frame.payload));
    } else if (frame.type === frameType.reset) {
      streams.get(frame.payload.readUInt32BE(0))?.destroy();
    }
  };

  try {
    for await (const frame of readFrames(transport)) await handle(frame);
  } finally {
    streams.forEach((bytes) => bytes.destroy());
    codec.close();
    transport.destroy();
  }
}
