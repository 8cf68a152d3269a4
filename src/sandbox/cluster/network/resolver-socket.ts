import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Asker, Resolver } from './resolver.ts';

/** One question per line. */
interface ResolverQuestion extends Asker {
  readonly hostname: string;
}

type ResolverAnswer = { readonly addresses: readonly string[] } | { readonly code: string };

/** sun_path holds 108 bytes on Linux and 104 on macOS. */
const longestPath = 100;

/** The socket on which pods ask for names. */
export function resolverPath(stateFolder: string): string {
  const path = join(stateFolder, 'resolver.sock');
  if (path.length <= longestPath) return path;
  return join(tmpdir(), `lfctl-${createHash('sha256').update(stateFolder).digest('hex').slice(0, 16)}.sock`);
}

/** Serves the resolver to pods over a unix socket: a JSON question and a JSON answer per line. */
export async function serveResolver(
  path: string,
  resolver: Resolver,
): Promise<{ close: () => Promise<void> }> {
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const lines = createInterface({ input: socket }).on('error', () => socket.destroy());
    lines.on('line', (line) => {
      void answer(resolver, line).then((text) => socket.writable && socket.write(`${text}\n`));
    });
  });
  await listen(server, path);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
      await rm(path, { force: true });
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
}

async function answer(resolver: Resolver, line: string): Promise<string> {
  let reply: ResolverAnswer;
  try {
    const { hostname, ...from } = JSON.parse(line) as ResolverQuestion;
    reply = { addresses: await resolver.resolve(hostname, from) };
  } catch (error) {
    reply = { code: (error as NodeJS.ErrnoException).code ?? 'EAI_FAIL' };
  }
  return JSON.stringify(reply);
}
