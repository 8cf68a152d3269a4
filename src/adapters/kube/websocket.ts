import type { IncomingMessage } from 'node:http';
import type { RawData } from 'ws';
import { WebSocket } from 'ws';
import { within } from '../net/deadline.ts';
import { readBody } from '../net/http-body.ts';
import type { Connection } from './connection.ts';
import { answerError, brokenError } from './failure.ts';
import type { Doing } from './request.ts';
import { urlOf } from './request.ts';

/**
 * Opens a WebSocket to a subresource of a pod. It is paused: nothing is lost until the caller resumes it.
 * @throws LfctlError KUBE_*
 */
export async function openWebSocket(
  connection: Connection,
  path: string,
  protocols: readonly string[],
  doing: Doing,
  parent: AbortSignal,
): Promise<WebSocket> {
  const { access, context } = connection;
  try {
    return await within(access.requestTimeoutMs, parent, async (signal) => {
      const { agent, headers } = await connection.ticket();
      const url = urlOf(connection, path).replace(/^http/, 'ws');
      const socket = new WebSocket(url, [...protocols], {
        agent,
        headers: { ...headers },
        perMessageDeflate: false,
      });
      connection.open.add(socket);
      socket.once('close', () => connection.open.delete(socket));
      const stop = (): void => socket.terminate();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await opened(socket, (status, text) => answerError(context, doing, status, text));
        return socket;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    });
  } catch (error) {
    throw brokenError(context, error);
  }
}

async function opened(socket: WebSocket, refusal: (status: number, text: string) => Error): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      socket.pause();
      resolve();
    });
    socket.once('error', reject);
    socket.once('unexpected-response', (_request: unknown, answer: IncomingMessage) => {
      readBody(answer, 64 * 1024, 64 * 1024).then(
        (body) => reject(refusal(answer.statusCode ?? 0, body.bytes.toString('utf8'))),
        reject,
      );
    });
  });
}

/** A message of the channel protocol: first byte the channel, then the data. */
export function channelOf(message: RawData): { channel: number; bytes: Buffer } {
  const all = Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message as Buffer);
  return { channel: all[0] ?? 0, bytes: all.subarray(1) };
}
