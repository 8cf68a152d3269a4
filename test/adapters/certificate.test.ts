import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { certificateLooker } from '../../src/adapters/certificate.ts';
import { directDialer } from '../../src/adapters/dialer.ts';
import type { Access } from '../../src/ports/dialer.ts';
import { selfSignedCertificate } from '../../src/sandbox/cluster/api/certificate.ts';
import { accessOf, closedPort, errorOf, tcpServer } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A TLS server with a certificate for these hosts, made at that time; every host leads to it. */
async function serving(hosts: readonly string[], madeAt: Date): Promise<{ port: number; access: Access }> {
  const server = createServer(selfSignedCertificate(hosts, madeAt), (socket) => {
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  open.push(server);
  const direct = directDialer();
  const dialer: Access['dialer'] = {
    ...direct,
    connect: async (_host, port, signal) => await direct.connect('127.0.0.1', port, signal),
  };
  return { port: (server.address() as AddressInfo).port, access: accessOf({ dialer }) };
}

const look = certificateLooker();

describe('a look at a certificate', () => {
  it('gives names, issuer and dates, and that an authority is not trusted', async () => {
    const madeAt = new Date('2026-11-21T00:00:00Z');
    const { port, access } = await serving(['lf.example.com', '10.0.0.7'], madeAt);
    const shown = await look('lf.example.com', port, access);
    expect(shown).toMatchObject({
      names: ['lf.example.com', '10.0.0.7'],
      fits: true,
      issuer: 'lfctl-sandbox',
      distrust: 'the certificate is self-signed',
    });
    expect(shown.validFrom).toEqual(new Date('2026-11-20T00:00:00Z'));
    expect(shown.validTo.getUTCFullYear()).toBe(2036);
  });

  it('tells a name that it is not for', async () => {
    const { port, access } = await serving(['other.example.com'], new Date());
    expect(await look('lf.example.com', port, access)).toMatchObject({ fits: false });
  });

  it('shows one that has ended: that is for the caller to judge', async () => {
    const { port, access } = await serving(['lf.example.com'], new Date('2005-01-01T00:00:00Z'));
    const { validTo } = await look('lf.example.com', port, access);
    expect(validTo.getUTCFullYear()).toBe(2014);
  });

  it('needs a handshake', async () => {
    const plain = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    open.push(plain);
    expect(await errorOf(look('127.0.0.1', plain.port, accessOf()))).toMatchObject({ code: 'LANGFUSE_TLS' });
    const refused = look('127.0.0.1', await closedPort(), accessOf());
    expect(await errorOf(refused)).toMatchObject({ code: 'LANGFUSE_REFUSED' });
  });
});
