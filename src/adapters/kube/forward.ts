import type { Duplex } from 'node:stream';
import { Duplex as DuplexStream } from 'node:stream';
import type { WebSocket } from 'ws';
import { DialError, firstLine } from '../net/network-error.ts';
import type { SocketControls } from '../net/socket-like.ts';
import { socketLike } from '../net/socket-like.ts';
import type { Connection } from './connection.ts';
import { channelOf, openWebSocket } from './websocket.ts';

const dataChannel = 0;
const errorChannel = 1;

/**
 * One connection to a port of a pod as a stream. Channel 0 carries data, channel 1 the kubelet's complaint;
 * the first message of each is the port number.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go
 */
export async function forward(
  connection: Connection,
  namespace: string,
  pod: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`;
  const doing = { verb: 'get', resource: 'pods/portforward', namespace };
  const socket = await openWebSocket(connection, path, ['v4.channel.k8s.io'], doing, signal);
  return tunnel(socket, `${namespace}/${pod} port ${port}`);
}

function tunnel(socket: WebSocket, place: string): Duplex & SocketControls {
  const greeted = new Set<number>();
  const stream = new DuplexStream({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => sendChunk(socket, chunk, done),
    final: (done) => {
      socket.close();
      done();
    },
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  socket.on('message', (message) => {
    const { channel, bytes } = channelOf(message);
    if (!greeted.has(channel)) greeted.add(channel);
    else if (channel === dataChannel && bytes.length > 0 && !stream.push(bytes)) socket.pause();
    else if (channel === errorChannel && bytes.length > 0)
      stream.destroy(tunnelError(place, bytes.toString('utf8')));
  });
  socket.on('close', () => endOf(stream));
  socket.on('error', () => stream.destroy(new DialError('ECONNRESET', `the tunnel to ${place} broke`)));
  return socketLike(stream);
}

/** Waits for the bytes to leave, so that a fast writer does not fill the memory. */
function sendChunk(socket: WebSocket, chunk: Buffer, done: (error?: Error | null) => void): void {
  const message = Buffer.allocUnsafe(chunk.length + 1);
  message[0] = dataChannel;
  chunk.copy(message, 1);
  socket.send(message, (error) => done(error ?? null));
}

/** A closed WebSocket is the end of the connection inside; nothing can be written any more. */
function endOf(stream: Duplex): void {
  if (stream.destroyed) return;
  stream.push(null);
  stream.end();
}

/** The kubelet says in words what the kernel said in the pod. */
function tunnelError(place: string, text: string): DialError {
  const said = `${place}: ${firstLine(text)}`;
  if (/refused/i.test(text)) return new DialError('ECONNREFUSED', `connection refused in the pod (${said})`);
  if (/timed? ?out/i.test(text)) return new DialError('ETIMEDOUT', `no connection in the pod (${said})`);
  return new DialError('ECONNRESET', `the tunnel failed (${said})`);
}
