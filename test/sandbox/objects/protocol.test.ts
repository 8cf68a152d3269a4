import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Client } from 'minio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hmac, sha256 } from '../../../src/sandbox/programs/objects/signature.ts';
import { objectsProgram } from '../../../src/sandbox/programs/objects.ts';
import { runProgram } from '../redis/program-run.ts';
import type { ProgramRun } from '../redis/program-run.ts';
import { sign } from './signed-request.ts';
import type { SignedHeaders } from './signed-request.ts';
import { bodyOf, clientOf, itemsOf, refusal, startStore } from './store-run.ts';

const bucket = 'langfuse-production';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** fetch sets Host itself; here every header is ours. */
function send(
  run: ProgramRun,
  method: string,
  path: string,
  headers: object,
  body: string | Buffer = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: run.address, port: 9000, method, path, headers: { ...headers } });
    request.on('error', reject);
    request.on('response', (response) => {
      void itemsOf<Buffer>(response).then((chunks) =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    request.end(body);
  });
}

function chunkSignature(signed: SignedHeaders, previous: string, bytes: string): string {
  const lines = ['AWS4-HMAC-SHA256-PAYLOAD', signed.date, signed.scope, previous, sha256(''), sha256(bytes)];
  return hmac(signed.key, lines.join('\n')).toString('hex');
}

describe('the S3 protocol', () => {
  let run: ProgramRun;
  let client: Client;
  beforeAll(async () => {
    run = await startStore();
    client = clientOf(run);
  });
  afterAll(() => run.clear());

  it('checks each chunk of a signed stream', async () => {
    const path = `/${bucket}/signed-chunks`;
    const signed = sign('PUT', run.address, path, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': '11',
    });
    const first = chunkSignature(signed, signed.signature, 'hello ');
    const second = chunkSignature(signed, first, 'world');
    const last = chunkSignature(signed, second, '');
    const frame = (bytes: string, signature: string): string =>
      `${bytes.length.toString(16)};chunk-signature=${signature}\r\n${bytes}\r\n`;
    const body = frame('hello ', first) + frame('world', second) + frame('', last);
    expect((await send(run, 'PUT', path, signed.headers, body)).status).toBe(200);
    expect((await bodyOf(client, bucket, 'signed-chunks')).toString()).toBe('hello world');
    const forged = await send(run, 'PUT', path, signed.headers, body.replace('world', 'w0rld'));
    expect([forged.status, forged.body]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    expect((await bodyOf(client, bucket, 'signed-chunks')).toString()).toBe('hello world');
  });

  it('checks the checksum that trails an unsigned stream', async () => {
    const path = `/${bucket}/trailer`;
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32('hello'));
    const upload = (checksum: string): Promise<Answer> => {
      const signed = sign('PUT', run.address, path, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      });
      const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`;
      return send(run, 'PUT', path, signed.headers, body);
    };
    const wrong = await upload('AAAAAA==');
    expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('XAmzContentChecksumMismatch')]);
    expect(await refusal(client.statObject(bucket, 'trailer'))).toBe('NotFound');
    const right = await upload(sum.toString('base64'));
    expect([right.status, right.headers['x-amz-checksum-crc32']]).toEqual([200, sum.toString('base64')]);
  });

  it.each([
    ['a payload hash that is wrong', sha256('other'), {}, 'XAmzContentSHA256Mismatch'],
    [
      'an MD5 that is wrong',
      'UNSIGNED-PAYLOAD',
      { 'content-md5': createHash('md5').update('x').digest('base64') },
      'BadDigest',
    ],
    ['an MD5 that is none', 'UNSIGNED-PAYLOAD', { 'content-md5': 'eA==' }, 'InvalidDigest'],
  ])('refuses %s', async (_, payload, more, code) => {
    const path = `/${bucket}/refused`;
    const { headers } = sign('PUT', run.address, path, payload, more);
    const answer = await send(run, 'PUT', path, headers, 'body');
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
    expect(await refusal(client.statObject(bucket, 'refused'))).toBe('NotFound');
  });

  it('refuses a skewed clock, an unknown scheme and malformed paths', async () => {
    const path = `/${bucket}`;
    const late = sign('GET', run.address, path, 'UNSIGNED-PAYLOAD', {}, new Date(Date.now() - 3_600_000));
    expect((await send(run, 'GET', path, late.headers)).body).toContain('<Code>RequestTimeTooSkewed</Code>');
    const old = await send(run, 'GET', path, { authorization: 'AWS key:signature' });
    expect(old.body).toContain('<Code>SignatureVersionNotSupported</Code>');
    expect((await send(run, 'GET', '/%zz', {})).body).toContain('<Code>InvalidURI</Code>');
    const upward = await send(run, 'GET', `/${bucket}/..%2f..%2fetc/passwd`, {});
    expect(upward.body).toContain('<Code>XMinioInvalidObjectName</Code>');
  });

  it('answers conditions', async () => {
    const path = `/${bucket}/conditional`;
    const { etag } = await client.putObject(bucket, 'conditional', 'v1');
    const ask = (method: string, more: Readonly<Record<string, string>>): Promise<Answer> => {
      const { headers } = sign(method, run.address, path, 'UNSIGNED-PAYLOAD', more);
      return send(run, method, path, headers, method === 'PUT' ? 'v2' : '');
    };
    expect((await ask('PUT', { 'if-none-match': '*' })).status).toBe(412);
    expect((await ask('PUT', { 'if-match': '"other"' })).status).toBe(412);
    expect((await ask('GET', { 'if-none-match': `"${etag}"` })).status).toBe(304);
    expect((await ask('GET', { 'if-match': '"other"' })).status).toBe(412);
    expect((await ask('PUT', { 'if-match': `"${etag}"` })).status).toBe(200);
    expect((await bodyOf(client, bucket, 'conditional')).toString()).toBe('v2');
  });

  it('keeps to a bucket’s policy: an Allow opens it, a Deny shuts', async () => {
    const policy = (effect: string, action: string): string =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: effect,
            Principal: { AWS: ['*'] },
            Action: [action],
            Resource: [`arn:aws:s3:::policed/*`],
          },
        ],
      });
    await client.makeBucket('policed');
    await client.putObject('policed', 'open.txt', 'for all');
    expect((await send(run, 'GET', '/policed/open.txt', {})).status).toBe(403);
    await client.setBucketPolicy('policed', policy('Allow', 's3:GetObject'));
    expect((await send(run, 'GET', '/policed/open.txt', {})).body).toBe('for all');
    await client.setBucketPolicy('policed', policy('Deny', 's3:DeleteObject'));
    expect(await refusal(client.removeObject('policed', 'open.txt'))).toBe('AccessDenied');
    await client.setBucketPolicy('policed', '');
    await client.removeObject('policed', 'open.txt');
  });

  it('answers health probes and preflights without a signature', async () => {
    for (const probe of ['live', 'ready', 'cluster'])
      expect((await send(run, 'GET', `/minio/health/${probe}`, {})).status).toBe(200);
    const preflight = await send(run, 'OPTIONS', `/${bucket}/k`, {
      origin: 'https://ui.example',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://ui.example',
      'access-control-allow-methods': 'PUT',
    });
  });

  it('serves buckets as sub-domains only where a domain is configured', async () => {
    const host = `${bucket}.s3.test:9000`;
    const { headers } = sign('GET', host, '/', 'UNSIGNED-PAYLOAD');
    expect((await send(run, 'GET', '/', headers)).body).toContain('ListAllMyBucketsResult');
    const other = await startStore({ MINIO_DOMAIN: 's3.test' });
    expect((await send(other, 'GET', '/', headers)).body).toContain(`<Name>${bucket}</Name>`);
    await other.clear();
  });
});

describe('the S3 server under bad clients', () => {
  let run: ProgramRun;
  let client: Client;
  beforeEach(async () => {
    run = await startStore();
    client = clientOf(run);
  });
  afterEach(() => run.clear());

  const blobs = async (): Promise<number> => {
    const shards = await readdir(join(run.folder, 'blobs'));
    const files = await Promise.all(shards.map((shard) => readdir(join(run.folder, 'blobs', shard))));
    return files.flat().length;
  };

  it('leaves nothing of an upload that was cut', async () => {
    for (const path of ['cut', 'cut-chunked']) {
      const streaming = path === 'cut-chunked';
      const { headers } = sign(
        'PUT',
        run.address,
        `/${bucket}/${path}`,
        streaming ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' : 'UNSIGNED-PAYLOAD',
        streaming ? { 'x-amz-decoded-content-length': '1000000' } : {},
      );
      const socket = connect(9000, run.address);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`PUT /${bucket}/${path} HTTP/1.1\r\n${lines.join('')}content-length: 1000010\r\n\r\n`);
      socket.write(streaming ? `f4240\r\n${'x'.repeat(300_000)}` : 'x'.repeat(300_000));
      await expect.poll(blobs).toBe(1);
      socket.resetAndDestroy();
      await expect.poll(blobs).toBe(0);
      expect(await refusal(client.statObject(bucket, path))).toBe('NotFound');
    }
    const { headers } = sign('PUT', run.address, `/${bucket}/short`, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
      'x-amz-decoded-content-length': '10',
    });
    const short = await send(run, 'PUT', `/${bucket}/short`, headers, '5\r\nhello\r\n0\r\n\r\n');
    expect(short.body).toContain('<Code>IncompleteBody</Code>');
    expect(await blobs()).toBe(0);
  });

  it('answers a refused upload without reading all of it', async () => {
    const { headers } = sign('PUT', run.address, '/no-such-bucket/k', 'UNSIGNED-PAYLOAD');
    const answer = await send(run, 'PUT', '/no-such-bucket/k', headers, Buffer.alloc(5_000_000));
    expect(answer.body).toContain('<Code>NoSuchBucket</Code>');
    expect(await client.bucketExists(bucket)).toBe(true);
  });

  it('answers a stream that turns out wrong in the middle', async () => {
    const { headers } = sign('PUT', run.address, `/${bucket}/k`, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
      'x-amz-decoded-content-length': '5000000',
    });
    const body = `nonsense\r\n${'x'.repeat(5_000_000)}`;
    expect((await send(run, 'PUT', `/${bucket}/k`, headers, body)).body).toContain(
      '<Code>IncompleteBody</Code>',
    );
    expect(await blobs()).toBe(0);
  });

  it('refuses documents that are none, or too large', async () => {
    const path = `/${bucket}?delete=`;
    const ask = (body: string): Promise<Answer> => {
      const { headers } = sign('POST', run.address, path, 'UNSIGNED-PAYLOAD');
      return send(run, 'POST', path, headers, body);
    };
    expect((await ask('<Delete><Object>')).body).toContain('<Code>MalformedXML</Code>');
    expect((await ask('not xml')).body).toContain('<Code>MalformedXML</Code>');
    expect((await ask(`<Delete>${'x'.repeat(9_000_000)}</Delete>`)).body).toContain(
      '<Code>EntityTooLarge</Code>',
    );
    expect(
      (
        await send(
          run,
          'GET',
          `/${bucket}?max-keys=x`,
          sign('GET', run.address, `/${bucket}?max-keys=x`, 'UNSIGNED-PAYLOAD').headers,
        )
      ).body,
    ).toContain('<Code>InvalidArgument</Code>');
  });

  it('drops connections that speak no HTTP', async () => {
    const socket = connect(9000, run.address);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.resume();
    socket.end('\x16\x03\x01 no http\r\n\r\n');
    await closed;
    expect(await client.bucketExists(bucket)).toBe(true);
  });

  it('serves 100 clients at once', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `parallel/${index}`);
    await Promise.all(keys.map((key) => clientOf(run).putObject(bucket, key, key.repeat(1000))));
    const bodies = await Promise.all(keys.map((key) => bodyOf(clientOf(run), bucket, key)));
    expect(bodies.map(String)).toEqual(keys.map((key) => key.repeat(1000)));
  });

  it('ends a download when its client goes', async () => {
    await client.putObject(bucket, 'large', Buffer.alloc(20_000_000));
    const stream = await client.getObject(bucket, 'large');
    await once(stream, 'readable');
    stream.destroy();
    expect(await client.bucketExists(bucket)).toBe(true);
  });
});

describe('what the S3 server keeps', () => {
  it('is there again after a restart, and what a kill left half is not', async () => {
    const first = await startStore();
    const client = clientOf(first);
    await client.putObject(bucket, 'kept', 'v', 1, { 'X-Amz-Meta-A': 'b' });
    await client.setBucketTagging(bucket, { a: 'b' });
    const upload = await client.initiateNewMultipartUpload(bucket, 'open', {});
    await client.removeObject(bucket, 'gone');
    await first.stop();
    const orphan = join(first.folder, 'blobs', 'ab', 'ab-orphan');
    await writeFile(orphan, 'left by a kill');
    await appendFile(join(first.folder, 'journal.jsonl'), '{"type":"version","buck');
    const second = await startStore({}, first.folder);
    const again = clientOf(second);
    expect((await again.statObject(bucket, 'kept')).metaData).toMatchObject({ a: 'b' });
    expect((await bodyOf(again, bucket, 'kept')).toString()).toBe('v');
    expect(await again.getBucketTagging(bucket)).toEqual([{ Key: 'a', Value: 'b' }]);
    const open = await itemsOf(again.listIncompleteUploads(bucket, '', true));
    expect(open.map(({ uploadId }) => uploadId)).toEqual([upload]);
    expect(await readdir(join(first.folder, 'blobs', 'ab'))).not.toContain('ab-orphan');
    await second.clear();
  });

  it('needs credentials that MinIO would take', async () => {
    const run = await runProgram(objectsProgram, { env: { MINIO_ROOT_PASSWORD: 'canary' } });
    expect(await run.exit).toBe(1);
    expect(run.lines[0]).toMatch(/^ERROR Unable to validate credentials/);
    expect(run.lines.join('\n')).not.toContain('canary');
    await run.clear();
  });
});
