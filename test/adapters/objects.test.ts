import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { directDialer } from '../../src/adapters/dialer.ts';
import { objectsOpener } from '../../src/adapters/objects.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { ObjectsPort, ObjectsTarget } from '../../src/ports/objects.ts';
import { selfSignedCertificate } from '../../src/sandbox/cluster/api/certificate.ts';
import type { HttpServer } from './kube-server.ts';
import { httpServer } from './kube-server.ts';
import { tunnelDialer } from './tunnel-dialer.ts';
import { accessOf, canary, errorOf, expectNoSecret } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function kept<Closable extends HttpServer | ObjectsPort>(one: Closable): Closable {
  open.unshift(one);
  return one;
}

const base: ObjectsTarget = {
  endpoint: null,
  region: 'eu-central-1',
  bucket: 'lf-bucket',
  prefix: '',
  pathStyle: true,
  accessKeyId: 'AKIA',
  secretAccessKey: new Secret(canary),
};

async function objects(target: Partial<ObjectsTarget>, overrides = {}): Promise<ObjectsPort> {
  return kept(await objectsOpener()({ ...base, ...target }, accessOf(overrides)));
}

/** An S3 server that refuses everything with one code. */
async function refusing(status: number, code: string, message = 'said the server'): Promise<ObjectsPort> {
  const server = kept(
    await httpServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/xml' });
      const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
      response.end(request.method === 'HEAD' ? undefined : body);
    }),
  );
  return await objects({ endpoint: server.url });
}

describe('an object store that refuses', () => {
  it.each([
    [403, 'SignatureDoesNotMatch', 'OBJECTS_AUTH'],
    [403, 'InvalidAccessKeyId', 'OBJECTS_AUTH'],
    [400, 'ExpiredToken', 'OBJECTS_AUTH'],
    [403, 'RequestTimeTooSkewed', 'OBJECTS_CLOCK'],
    [403, 'AccessDenied', 'OBJECTS_FORBIDDEN'],
    [404, 'NoSuchBucket', 'OBJECTS_BUCKET'],
    [400, 'AuthorizationHeaderMalformed', 'OBJECTS_FAILED'],
    [301, 'PermanentRedirect', 'OBJECTS_FAILED'],
    [409, 'OperationAborted', 'OBJECTS_FAILED'],
  ])('%i %s is %s, for the bucket itself and for a list', async (status, code, expected) => {
    const port = await refusing(status, code);
    for (const ask of [() => port.headBucket(), () => port.list('', 5)]) {
      const error = await errorOf(ask());
      expect(error.code).toBe(expected);
      expectNoSecret(error);
    }
  });

  it.each([500, 503, 429])('with %i is told by its status, without a word on stderr', async (status) => {
    const port = await refusing(status, 'SlowDown');
    for (const ask of [() => port.headBucket(), () => port.list('', 5), () => port.get('a', 5)]) {
      const error = await errorOf(ask());
      expect(error.code).toBe('OBJECTS_FAILED');
      expect(error.message).toContain(`HTTP ${status}`);
    }
  });

  it('may repeat the secret in its message, lfctl does not', async () => {
    const error = await errorOf((await refusing(403, 'AccessDenied', `no right for ${canary}`)).list('', 1));
    expect(error.message).toContain('no right for [redacted]');
    expectNoSecret(error);
  });
});

describe('requests to an object store', () => {
  it('go to the path or to the virtual host, signed for the region', async () => {
    const server = kept(await httpServer((_request, response) => response.end()));
    const dialled: string[] = [];
    const dialer = {
      route: () => 'direct' as const,
      connect: async (host: string, _port: number, signal: AbortSignal) => {
        dialled.push(host);
        return await directDialer().connect('127.0.0.1', server.port, signal);
      },
    };
    const endpoint = `http://minio.example:${server.port}`;
    await (await objects({ endpoint }, { dialer })).headBucket();
    await (await objects({ endpoint, pathStyle: false }, { dialer })).headBucket();
    expect(dialled).toEqual(['minio.example', 'lf-bucket.minio.example']);
    expect(server.asked.map((one) => `${one.headers.host?.split(':')[0]}${one.url}`)).toEqual([
      'minio.example/lf-bucket',
      'lf-bucket.minio.example/',
    ]);
    expect(server.asked[0]?.headers.authorization).toMatch(
      /Credential=AKIA\/\d+\/eu-central-1\/s3\/aws4_request/,
    );
  });

  it('go to AWS by region without an endpoint', async () => {
    const dialled: string[] = [];
    const dialer = {
      route: () => 'direct' as const,
      connect: async (host: string, port: number) => {
        dialled.push(`${host}:${port}`);
        throw await Promise.resolve(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
      },
    };
    const port = await objects({ pathStyle: false }, { dialer });
    expect((await errorOf(port.list('', 1))).code).toBe('OBJECTS_REFUSED');
    expect(dialled).toEqual(['lf-bucket.s3.eu-central-1.amazonaws.com:443']);
  });

  it('say what to set when the host of the bucket is not known', async () => {
    const endpoint = 'http://no-such-host.invalid:9000';
    const virtual = await errorOf((await objects({ endpoint, pathStyle: false })).headBucket());
    expect(virtual.code).toBe('OBJECTS_UNKNOWN_HOST');
    expect(virtual.fixes[0]?.text).toContain('FORCE_PATH_STYLE');
    const path = await errorOf((await objects({ endpoint })).headBucket());
    expect(path.fixes.map((one) => one.text).join()).not.toContain('FORCE_PATH_STYLE');
  });

  it('are not made for a bucket name that S3 does not allow', async () => {
    const error = await errorOf(
      (await objects({ endpoint: 'http://localhost:1', bucket: 'Not/A/Bucket' })).headBucket(),
    );
    expect(error.code).toBe('OBJECTS_BUCKET');
  });

  it('trust an own authority when it is given', async () => {
    const certificate = selfSignedCertificate(['127.0.0.1'], new Date());
    const server = createTlsServer({ ...certificate }, (_request, response) => response.end());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await (await objects({ endpoint, certificateAuthority: certificate.cert })).headBucket();
    const tunnelled = { endpoint, certificateAuthority: certificate.cert };
    await (await objects(tunnelled, { dialer: tunnelDialer() })).headBucket();
    expect((await errorOf((await objects({ endpoint })).headBucket())).code).toBe('OBJECTS_TLS');
    server.closeAllConnections();
    server.close();
  });

  it('end at a list without end', async () => {
    const server = kept(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/xml' });
        const chunk = Buffer.alloc(1024 * 1024, '<Contents><Key>a</Key></Contents>');
        const more = (): void => void (response.destroyed || response.write(chunk, more));
        more();
      }),
    );
    const error = await errorOf((await objects({ endpoint: server.url })).list('', 5));
    expect(error.message).toMatch(/longer than 64 MiB|no answer within/);
  });

  it('end at half an object', async () => {
    const server = kept(
      await httpServer((_request, response) => {
        response.writeHead(200, { 'content-length': 1000, etag: '"x"' });
        response.write('half', () => response.socket?.destroy());
      }),
    );
    const error = await errorOf((await objects({ endpoint: server.url })).get('a', 5000));
    expect(error.code).toBe('OBJECTS_CLOSED');
  });
});
