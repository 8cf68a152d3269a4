import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Engine } from './engine.ts';
import { encodeReply, errorReply, RedisError } from './reply.ts';
import type { Reply } from './reply.ts';
import { RequestParser } from './request-parser.ts';
import { newSession } from './session.ts';
import type { Session } from './session.ts';
import { numberSetting } from './settings.ts';

/** A client that sends without reading, or faster than we work, is held back from here on. */
const mostQueuedCommands = 1000;
const mostUnreadBytes = 4 * 1024 * 1024;

/** The sockets of a Redis server; the caller makes it listen. */
export function createRedisServer(engine: Engine): Server {
  let lastId = 0;
  return createServer({ noDelay: true }, (socket) => {
    if (engine.sessions.size >= numberSetting(engine.settings, 'maxclients')) {
      engine.counters.rejected += 1;
      socket.end('-ERR max number of clients reached\r\n');
      return;
    }
    lastId += 1;
    engine.counters.connections += 1;
    serveClient(engine, socket, lastId);
  });
}

function serveClient(engine: Engine, socket: Socket, id: number): void {
  const session = openSession(engine, socket, id);
  const parser = new RequestParser();
  const queue: (readonly string[])[] = [];
  let busy = false;

  const hold = (): void => {
    const full = queue.length > mostQueuedCommands || socket.writableLength > mostUnreadBytes;
    if (full && !socket.isPaused()) socket.pause();
    else if (!full && socket.isPaused()) socket.resume();
  };
  const work = async (): Promise<void> => {
    busy = true;
    for (let words = queue.shift(); words !== undefined && !socket.destroyed; words = queue.shift()) {
      const reply = engine.execute(session, words);
      session.send(reply instanceof Promise ? await reply : reply);
      hold();
    }
    busy = false;
  };
  socket.on('data', (chunk) => {
    try {
      for (const words of parser.take(chunk, () => session.authenticated)) queue.push(words);
    } catch (cause) {
      refuseStream(session, socket, cause);
    }
    hold();
    if (busy) return;
    // Replies to commands that came together go out together.
    socket.cork();
    void work();
    socket.uncork();
  });
  socket.on('drain', hold);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closeSession(engine, session));
}

function openSession(engine: Engine, socket: Socket, id: number): Session {
  const send = (reply: Reply): void => {
    if (!socket.writable) return;
    const text = encodeReply(reply, session.protocol);
    if (text !== '') socket.write(text, 'latin1');
  };
  const session = newSession(
    {
      id,
      address: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`,
      localAddress: `${socket.localAddress ?? ''}:${socket.localPort ?? 0}`,
      createdMs: engine.options.clock(),
      send,
      close: () => {
        socket.end();
        socket.destroySoon();
      },
    },
    (engine.settings.get('requirepass') ?? '') === '',
  );
  engine.sessions.set(id, session);
  return session;
}

function closeSession(engine: Engine, session: Session): void {
  engine.sessions.delete(session.id);
  engine.channels.leave(session);
  session.unblock?.(true);
}

/** Bytes that are no command: the reason, then the end, as Redis does. */
function refuseStream(session: Session, socket: Socket, cause: unknown): void {
  socket.removeAllListeners('data');
  session.send(errorReply(cause instanceof RedisError ? cause.message : 'ERR Protocol error'));
  session.close();
}
