import { describe, expect, it } from 'vitest';
import type { ObjectsPort } from '../../../src/ports/objects.ts';
import { mediaProbe } from '../../../src/validate/probes/media.ts';
import { answer } from '../_answer.ts';
import { canary, contextOf, deployment, failure, postgresOf, type Asked, type Reply } from './_context.ts';

const inner = 'http://minio.store.svc.cluster.local:9000';
const outer = 'https://files.example.com';
const bytes = `lfctl canary ${canary.traceId}`;
const objects = {} as ObjectsPort;

/** Web and the object store; the store answers, or throws, by the way that it is asked. */
const stack =
  (host: string, store: (asked: Asked) => ReturnType<Reply> | null, posted = answer(201)): Reply =>
  (asked) => {
    const link = `${host}/b/media/key?X-Amz-Signature=abc`;
    if (asked.url === host) return store(asked) ?? answer(200, asked.method === 'GET' ? bytes : '');
    if (asked.method === 'POST')
      return posted.status === 201 ? answer(201, { mediaId: 'm1', uploadUrl: link }) : posted;
    return asked.method === 'PATCH' ? answer(200, { message: 'OK' }) : answer(200, { url: link });
  };

async function look(reply: Reply, used: boolean, run: Parameters<typeof contextOf>[0]['run'] = {}) {
  const context = contextOf({
    reply,
    run: {
      deployment: await deployment(),
      stations: {
        ...contextOf({}).run.stations,
        postgres: { state: 'open', port: postgresOf({ 'AS used': [{ used }] }) },
        media: { state: 'open', port: { objects, bucket: 'b' } },
      },
      ...run,
    },
  });
  return { ...(await mediaProbe.look(context)), asked: context.asked };
}

const noWay = (): never => {
  throw failure('LANGFUSE_UNKNOWN_HOST', 'HTTP at h:9000: the host name is not known');
};
const onlyInside = ({ from }: Asked) => (from === 'here' ? noWay() : null);

describe('media', () => {
  it('are uploaded and read back as a browser would, with what was signed', async () => {
    const found = await look(
      stack(outer, () => null),
      false,
    );
    expect(found).toMatchObject({
      status: 'ok',
      detail: 'uploaded to files.example.com and read back',
      from: 'machine',
    });
    const put = found.asked.find(({ method }) => method === 'PUT');
    expect(put).toMatchObject({
      keys: false,
      from: 'here',
      path: '/b/media/key?X-Amz-Signature=abc',
      headers: { 'content-type': 'text/plain' },
    });
    expect(put?.headers?.['x-amz-checksum-sha256']).toHaveLength(44);
    expect(put?.body?.toString()).toBe(bytes);
    const post = found.asked.find(({ method }) => method === 'POST');
    expect(JSON.parse(post?.body?.toString() ?? '')).toMatchObject({
      traceId: canary.traceId,
      contentLength: bytes.length,
      field: 'input',
    });
  });

  it.each([
    [false, false, 'media are not in use yet'],
    [true, true, 'media are in use'],
  ])('that only pods can upload fail, and count where media are in use: %s', async (used, decides, text) => {
    const found = await look(stack(inner, onlyInside), used);
    expect(found).toMatchObject({ status: 'fail', from: 'cluster', decides });
    expect(found.detail).toMatch(/only pods can.*minio\.store\.svc\.cluster\.local/);
    expect(found.detail).toContain(text);
  });

  it('that go through from a pod fail all the same, where the name is the cluster’s', async () => {
    const found = await look(
      stack(inner, () => null),
      true,
      { view: 'pod', deployment: await deployment() },
    );
    expect(found).toMatchObject({ status: 'fail', from: 'pod', decides: true });
  });

  it('whose public host does not resolve here, and works inside, are not known', async () => {
    const found = await look(stack(outer, onlyInside), true);
    expect(found).toMatchObject({ status: 'unknown', from: 'cluster' });
    expect(found.detail).toContain('from this machine: the host name is not known');
  });

  it('that get nowhere fail where no pod or no Service is there, and are not known where the way broke', async () => {
    expect(await look(stack(inner, noWay), false)).toMatchObject({ status: 'fail', from: 'machine' });
    const silent = (): never => {
      throw failure('LANGFUSE_TIMEOUT');
    };
    expect(await look(stack(inner, silent), false)).toMatchObject({ status: 'unknown' });
  });

  it.each([
    ['403 SignatureDoesNotMatch', answer(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>')],
    [
      '502 "502 Bad Gateway", answered by something in front of the object store',
      answer(502, '<title>502 Bad Gateway</title>'),
    ],
  ])('that the store refuses fail with its words: %s', async (text, given) => {
    const found = await look(
      stack(outer, () => given),
      false,
    );
    expect(found).toMatchObject({ status: 'fail', detail: `an upload to files.example.com answers ${text}` });
    expect(found).not.toHaveProperty('decides');
  });

  it('that come back as other bytes fail', async () => {
    const found = await look(
      stack(outer, ({ method }) => (method === 'GET' ? answer(200, 'else') : null)),
      false,
    );
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.detail).toContain('cannot be read back');
  });

  it('that web does not take fail with its words', async () => {
    const refused = answer(500, {
      message: 'Media upload to blob storage not enabled or no bucket configured',
    });
    const found = await look(
      stack(outer, () => null, refused),
      false,
    );
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.detail).toContain('POST /api/public/media answers 500');
  });

  it('are not uploaded where they could not be removed', async () => {
    const context = contextOf({
      run: {
        stations: {
          ...contextOf({}).run.stations,
          postgres: { state: 'unknown', detail: 'Postgres refuses' },
          media: { state: 'open', port: { objects, bucket: 'b' } },
        },
      },
    });
    expect(await mediaProbe.look(context)).toEqual({
      status: 'unknown',
      detail: 'Postgres refuses',
      from: null,
    });
    expect(context.asked).toEqual([]);
  });
});
