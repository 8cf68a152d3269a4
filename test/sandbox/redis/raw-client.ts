import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type RawReply = string | null | readonly RawReply[];

/** A RESP client that shows replies as they are on the wire. */
export interface RawClient {
  readonly socket: Socket;
  readonly send: (...words: readonly string[]) => Promise<RawReply>;
  /** The next reply to what was written by hand. */
  readonly next: () => Promise<RawReply>;
  readonly close: () => void;
}

export async function rawClient(host: string): Promise<RawClient> {
  const socket = connect(6379, host);
  await once(socket, 'connect');
  // Each wait for a reply listens for the end, too.
  socket.setMaxListeners(0);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  const next = async (): Promise<RawReply> => {
    for (;;) {
      const found = parseReply(received, 0);
      if (found !== null) {
        received = received.slice(found.end);
        return found.reply;
      }
      if (socket.readableEnded || socket.destroyed) throw new Error(`closed after ${received}`);
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
  };
  return {
    socket,
    next,
    send: (...words) => {
      socket.write(encode(words), 'latin1');
      return next();
    },
    close: () => socket.destroy(),
  };
}

export function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function parseReply(text: string, at: number): { readonly reply: RawReply; readonly end: number } | null {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0) return null;
  const [mark, line, start] = [text[at] ?? '', text.slice(at + 1, lineEnd), lineEnd + 2];
  if (mark === '$') {
    const length = Number(line);
    if (length < 0) return { reply: null, end: start };
    return text.length < start + length + 2
      ? null
      : { reply: text.slice(start, start + length), end: start + length + 2 };
  }
  if (!'*~>%'.includes(mark)) return { reply: mark + line, end: start };
  if (line === '-1') return { reply: '*nil', end: start };
  return parseItems(text, start, mark === '%' ? Number(line) * 2 : Number(line));
}

function parseItems(text: string, start: number, count: number): ReturnType<typeof parseReply> {
  const items: RawReply[] = [];
  let end = start;
  for (let index = 0; index < count; index += 1) {
    const found = parseReply(text, end);
    if (found === null) return null;
    items.push(found.reply);
    end = found.end;
  }
  return { reply: items, end };
}
