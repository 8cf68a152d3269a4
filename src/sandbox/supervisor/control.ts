import { rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';

/** The supervisor's side of its control socket: HTTP over a unix socket, for the owner alone. */
export async function serveControl(path: string, stop: () => void): Promise<() => Promise<void>> {
  await rm(path, { force: true });
  const server = createServer((incoming, answer) => {
    incoming.resume();
    if (incoming.method === 'POST' && incoming.url === '/stop') {
      answer.end('stopping\n');
      stop();
    } else if (incoming.url === '/alive') answer.end('alive\n');
    else answer.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(path, { force: true });
  };
}

/** Asks the supervisor; false when it does not answer in time. */
export function askSupervisor(path: string, ask: '/stop' | '/alive', timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath: path, path: ask, method: ask === '/stop' ? 'POST' : 'GET', timeout: timeoutMs },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode === 200));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.on('close', () => resolve(false));
    asked.end();
  });
}
