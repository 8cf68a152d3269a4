import { afterEach, describe, expect, it } from 'vitest';
import { idleHolder } from '../../src/adapters/idle.ts';
import { httpServer } from './kube-server.ts';
import { accessOf, closedPort, errorOf, tcpServer } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const hold = idleHolder();
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nkeep-alive: timeout=1\r\n\r\nok';

describe('a connection that is left idle', () => {
  it('is used again when it is still open, whatever its header lets expect', async () => {
    let connections = 0;
    const server = await tcpServer((socket) => {
      connections += 1;
      socket.on('data', () => socket.write(ok));
    });
    open.push(server);
    const outcome = await hold(`http://127.0.0.1:${server.port}/`, 30, accessOf());
    expect(outcome).toMatchObject({ ended: null, promisedSeconds: 1, status: 200 });
    expect(connections).toBe(1);
  });

  it('that the server closes is told as closed', async () => {
    const server = await tcpServer((socket) => {
      socket.on('data', () => {
        socket.write(ok);
        setTimeout(() => socket.end(), 20);
      });
    });
    open.push(server);
    const outcome = await hold(`http://127.0.0.1:${server.port}/`, 60_000, accessOf());
    expect(outcome).toMatchObject({ ended: 'closed', status: null });
    expect(outcome.afterMs).toBeLessThan(60_000);
  });

  it('that is cut off is told as reset', async () => {
    const server = await tcpServer((socket) => {
      socket.on('data', () => {
        socket.write(ok);
        setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
    open.push(server);
    const outcome = await hold(`http://127.0.0.1:${server.port}/`, 60_000, accessOf());
    expect(outcome).toMatchObject({ ended: 'reset', status: null });
  });

  it('that meets its end with the second request is told as reset', async () => {
    const server = await tcpServer((socket) => {
      let asked = 0;
      socket.on('data', () => {
        asked += 1;
        if (asked === 1) socket.write(ok);
        else socket.resetAndDestroy();
      });
    });
    open.push(server);
    const outcome = await hold(`http://127.0.0.1:${server.port}/`, 10, accessOf());
    expect(outcome).toMatchObject({ ended: 'reset', status: null });
  });

  it('that is ended by a server which keeps none at all is closed at once', async () => {
    const server = await httpServer((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('ok');
    });
    open.push(server);
    expect(await hold(server.url, 60_000, accessOf())).toMatchObject({ ended: 'closed', status: null });
  });

  it('needs a first answer, and ends with the run', async () => {
    const refused = hold(`http://127.0.0.1:${await closedPort()}/`, 10, accessOf());
    expect(await errorOf(refused)).toMatchObject({ code: 'LANGFUSE_REFUSED' });
    const server = await tcpServer((socket) => socket.on('data', () => socket.write(ok)));
    open.push(server);
    const run = new AbortController();
    const held = hold(`http://127.0.0.1:${server.port}/`, 60_000, accessOf({ signal: run.signal }));
    setTimeout(() => run.abort(), 50);
    expect(await errorOf(held)).toMatchObject({ code: 'INTERRUPTED' });
  });
});
