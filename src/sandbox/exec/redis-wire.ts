import { connect } from 'node:net';

/** A Redis answer; errors are values, as redis-cli prints them. */
export type Reply = string | number | null | RedisError | readonly Reply[];

/** An error reply of the server. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** Sends commands one after the other over one connection. @throws errors with Node's codes: ECONNREFUSED … */
export async function askRedis(
  host: string,
  port: number,
  commands: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<readonly Reply[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let received = Buffer.alloc(0);
    socket.on('connect', () => socket.write(Buffer.concat(commands.map(encode))));
    socket.on('data', (part) => {
      received = Buffer.concat([received, part]);
      const replies = decode(received, commands.length);
      if (replies === null) return;
      resolve(replies);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Server closed the connection')));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

function encode(command: readonly string[]): Buffer {
  const words = command.flatMap((word) => [`$${Buffer.byteLength(word)}\r\n`, word, '\r\n']);
  return Buffer.from(`*${command.length}\r\n${words.join('')}`);
}

/** All answers, or null while they are not complete. */
function decode(buffer: Buffer, count: number): readonly Reply[] | null {
  const replies: Reply[] = [];
  let at = 0;
  while (replies.length < count) {
    const found = decodeOne(buffer, at);
    if (found === null) return null;
    replies.push(found.reply);
    at = found.end;
  }
  return replies;
}

interface Decoded {
  readonly reply: Reply;
  readonly end: number;
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/, RESP2 */
function decodeOne(buffer: Buffer, at: number): Decoded | null {
  const lineEnd = buffer.indexOf('\r\n', at);
  if (lineEnd < 0) return null;
  const text = buffer.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(buffer[at] ?? 0)) {
    case '+':
      return { reply: text, end };
    case '-':
      return { reply: new RedisError(text), end };
    case ':':
      return { reply: Number(text), end };
    case '$':
      return decodeBulk(buffer, end, Number(text));
    case '*':
      return decodeList(buffer, end, Number(text));
    default:
      return { reply: new RedisError(`protocol error: ${text}`), end };
  }
}

function decodeBulk(buffer: Buffer, at: number, length: number): Decoded | null {
  if (length < 0) return { reply: null, end: at };
  if (buffer.length < at + length + 2) return null;
  return { reply: buffer.toString('utf8', at, at + length), end: at + length + 2 };
}

function decodeList(buffer: Buffer, at: number, length: number): Decoded | null {
  if (length < 0) return { reply: null, end: at };
  const list: Reply[] = [];
  let end = at;
  for (let index = 0; index < length; index += 1) {
    const item = decodeOne(buffer, end);
    if (item === null) return null;
    list.push(item.reply);
    ({ end } = item);
  }
  return { reply: list, end };
}
