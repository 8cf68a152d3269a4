import type { Duplex } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { forwardFailure } from './pod-forward.ts';
import type { SpdyStream } from './spdy/session.ts';
import { serveSpdy } from './spdy/session.ts';

interface Pair {
  error?: Duplex;
  data?: Duplex;
}

async function carry(
  pair: Required<Pair>,
  port: number,
  connect: (port: number) => Promise<Duplex>,
): Promise<void> {
  const { error, data } = pair;
  error.resume();
  try {
    const connection = await connect(port);
    const both = [pipeline(data, connection), pipeline(connection, data)];
    await Promise.allSettled(both);
    error.end();
  } catch (cause) {
    error.end(forwardFailure(port, cause));
    data.end();
    data.resume();
    await finished(error, { readable: false });
  }
}

/**
 * Port-forward as kubectl does it: for each connection an error stream and a data stream with the same requestID.
 * https://github.com/kubernetes/kubernetes/blob/release-1.32/pkg/kubelet/cri/streaming/portforward/httpstream.go
 */
export async function serveSpdyForward(
  transport: Duplex,
  connect: (port: number) => Promise<Duplex>,
): Promise<void> {
  const pairs = new Map<string, Pair>();
  const opened = ({ headers, bytes }: SpdyStream): void => {
    const id = headers.get('requestid') ?? headers.get('port') ?? '';
    const pair = pairs.get(id) ?? {};
    pairs.set(id, pair);
    if (headers.get('streamtype') === 'error') pair.error = bytes;
    else pair.data = bytes;
    const { error, data } = pair;
    if (error === undefined || data === undefined) return;
    pairs.delete(id);
    void carry({ error, data }, Number(headers.get('port')), connect).catch(() => bytes.destroy());
  };
  await serveSpdy(transport, opened);
}
