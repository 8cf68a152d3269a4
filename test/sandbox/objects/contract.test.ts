import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramRun } from '../redis/program-run.ts';
import { bodyOf, clientOf, itemsOf, refusal, secretKey, startStore } from './store-run.ts';

const bucket = 'langfuse-production';

describe('the S3 server under minio’s own client', () => {
  let run: ProgramRun;
  let client: Client;
  beforeAll(async () => {
    run = await startStore();
    client = clientOf(run);
  });
  afterAll(() => run.clear());

  it('has buckets', async () => {
    await client.makeBucket('second');
    expect(await refusal(client.makeBucket('second'))).toBe('BucketAlreadyOwnedByYou');
    expect(await client.bucketExists('second')).toBe(true);
    expect(await client.bucketExists('no-such-bucket')).toBe(false);
    expect((await client.listBuckets()).map(({ name }) => name)).toEqual([bucket, 'second']);
    await client.putObject('second', 'k', 'v');
    expect(await refusal(client.removeBucket('second'))).toBe('BucketNotEmpty');
    await client.removeObject('second', 'k');
    await client.removeBucket('second');
    expect(await client.bucketExists('second')).toBe(false);
  });

  it('keeps bodies, types and metadata', async () => {
    const put = await client.putObject(bucket, 'a/b/c.json', Buffer.from('{"x":1}'), 7, {
      'Content-Type': 'application/json',
      'X-Amz-Meta-Project': 'p1',
    });
    expect(put.etag).toBe(createHash('md5').update('{"x":1}').digest('hex'));
    const found = await client.statObject(bucket, 'a/b/c.json');
    expect(found).toMatchObject({ size: 7, metaData: { 'content-type': 'application/json', project: 'p1' } });
    expect((await bodyOf(client, bucket, 'a/b/c.json')).toString()).toBe('{"x":1}');
    const part = await itemsOf<Buffer>(await client.getPartialObject(bucket, 'a/b/c.json', 1, 3));
    expect(Buffer.concat(part).toString()).toBe('"x"');
    await client.putObject(bucket, 'empty', '');
    expect((await bodyOf(client, bucket, 'empty')).length).toBe(0);
  });

  it('keeps keys as they are', async () => {
    for (const key of ['média/x y+z (1)&=#.txt', 'a//b', 'trailing/', ' space ', '😀/é', 'quo\'te"<&>']) {
      await client.putObject(bucket, key, 'hi');
      expect((await client.statObject(bucket, key)).size).toBe(2);
      const listed = await itemsOf(client.listObjectsV2(bucket, key, true));
      expect(listed.map(({ name }) => name)).toEqual([key]);
      await client.removeObject(bucket, key);
    }
  });

  it('puts parts together', async () => {
    const chunk = randomBytes(1024 * 1024);
    const sum = createHash('md5');
    let left = 20;
    const body = new Readable({
      read() {
        left -= 1;
        if (left >= 0) sum.update(chunk);
        this.push(left >= 0 ? chunk : null);
      },
    });
    const parted = new Client({
      endPoint: run.address,
      port: 9000,
      useSSL: false,
      region: 'us-east-1',
      accessKey: 'minio-root',
      secretKey,
      partSize: 6 * 1024 * 1024,
    });
    const { etag } = await parted.putObject(bucket, 'big', body);
    expect(etag).toMatch(/^[0-9a-f]{32}-4$/);
    const whole = await bodyOf(client, bucket, 'big');
    expect(createHash('md5').update(whole).digest('hex')).toBe(sum.digest('hex'));
    const range = await itemsOf<Buffer>(await client.getPartialObject(bucket, 'big', 6 * 1024 * 1024 - 2, 4));
    expect(Buffer.concat(range).equals(whole.subarray(6 * 1024 * 1024 - 2, 6 * 1024 * 1024 + 2))).toBe(true);
  });

  it('shows and drops uploads that were not finished', async () => {
    await client.initiateNewMultipartUpload(bucket, 'inc/x', {});
    const open = await itemsOf(client.listIncompleteUploads(bucket, 'inc/', true));
    expect(open.map(({ key }) => key)).toEqual(['inc/x']);
    await client.removeIncompleteUpload(bucket, 'inc/x');
    expect(await itemsOf(client.listIncompleteUploads(bucket, 'inc/', true))).toEqual([]);
  });

  it('lists over pages, from a key and by folders', async () => {
    const keys = Array.from(
      { length: 2300 },
      (_, index) => `list/${index % 3}/${String(index).padStart(5, '0')}`,
    );
    for (let start = 0; start < keys.length; start += 100)
      await Promise.all(keys.slice(start, start + 100).map((key) => client.putObject(bucket, key, '{}')));
    const sorted = keys.toSorted();
    const found = await itemsOf(client.listObjectsV2(bucket, 'list/', true));
    expect(found.map(({ name }) => name)).toEqual(sorted);
    expect((await itemsOf(client.listObjects(bucket, 'list/', true))).length).toBe(2300);
    const after = await itemsOf(client.listObjectsV2(bucket, 'list/', true, sorted[2290] ?? ''));
    expect(after.map(({ name }) => name)).toEqual(sorted.slice(2291));
    const folders = await itemsOf(client.listObjectsV2(bucket, 'list/', false));
    expect(folders.map(({ prefix }) => prefix)).toEqual(['list/0/', 'list/1/', 'list/2/']);
    await client.removeObjects(bucket, keys);
    expect(await itemsOf(client.listObjectsV2(bucket, 'list/', true))).toEqual([]);
  });

  it('keeps versions and delete markers', async () => {
    await client.makeBucket('versions');
    expect(await client.getBucketVersioning('versions')).not.toHaveProperty('Status');
    await client.setBucketVersioning('versions', { Status: 'Enabled' });
    await client.putObject('versions', 'k', '1');
    await client.putObject('versions', 'k', '22');
    await client.removeObject('versions', 'k');
    expect(await refusal(client.statObject('versions', 'k'))).toBe('NotFound');
    const all = await itemsOf(client.listObjects('versions', '', true, { IncludeVersion: true }));
    expect(all.map(({ size, isDeleteMarker }) => (isDeleteMarker ? 'marker' : String(size))).sort()).toEqual([
      '1',
      '2',
      'marker',
    ]);
    const marker = all.find(({ isDeleteMarker }) => isDeleteMarker);
    await client.removeObject('versions', 'k', { versionId: String(marker?.versionId) });
    expect((await bodyOf(client, 'versions', 'k')).toString()).toBe('22');
  });

  it('copies, tags and keeps the settings of buckets', async () => {
    await client.putObject(bucket, 'source', 'content');
    await client.copyObject(bucket, 'copy', `/${bucket}/source`);
    expect((await bodyOf(client, bucket, 'copy')).toString()).toBe('content');
    await client.setObjectTagging(bucket, 'copy', { a: 'b' });
    expect(await client.getObjectTagging(bucket, 'copy')).toEqual([{ Key: 'a', Value: 'b' }]);
    expect(await refusal(client.getBucketLifecycle(bucket))).toBe('NoSuchLifecycleConfiguration');
    await client.setBucketLifecycle(bucket, {
      Rule: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'events/' }, Expiration: { Days: 30 } }],
    });
    expect(await client.getBucketLifecycle(bucket)).toMatchObject({ Rule: { ID: 'old' } });
    await client.removeBucketLifecycle(bucket);
    expect(await refusal(client.getBucketEncryption(bucket))).toBe(
      'ServerSideEncryptionConfigurationNotFoundError',
    );
    await client.setBucketTagging(bucket, { team: 'ops' });
    expect(await client.getBucketTagging(bucket)).toEqual([{ Key: 'team', Value: 'ops' }]);
  });

  it('locks objects as the bucket says', async () => {
    await client.makeBucket('locked', 'us-east-1', { ObjectLocking: true });
    // Its type says void; it is a promise.
    const lock = { mode: 'GOVERNANCE', unit: 'Days', validity: 1 } as const;
    await Promise.resolve<unknown>(client.setObjectLockConfig('locked', lock));
    const { versionId } = await client.putObject('locked', 'k', 'v');
    expect(await client.getObjectRetention('locked', 'k')).toMatchObject({ mode: 'GOVERNANCE' });
    expect(await refusal(client.removeObject('locked', 'k', { versionId: String(versionId) }))).toBe(
      'AccessDenied',
    );
  });

  it('takes presigned requests and forms', async () => {
    const put = await client.presignedPutObject(bucket, 'presigned', 60);
    expect((await fetch(put, { method: 'PUT', body: 'hello' })).status).toBe(200);
    const get = await client.presignedGetObject(bucket, 'presigned', 60);
    expect(await (await fetch(get)).text()).toBe('hello');
    expect((await fetch(get.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'))).status).toBe(403);
    const policy = client.newPostPolicy();
    policy.setBucket(bucket);
    policy.setKey('form.txt');
    policy.setExpires(new Date(Date.now() + 60_000));
    const { postURL, formData } = await client.presignedPostPolicy(policy);
    const form = new FormData();
    for (const [name, value] of Object.entries(formData)) form.append(name, String(value));
    form.append('file', new Blob(['zz']));
    expect((await fetch(postURL, { method: 'POST', body: form })).status).toBe(204);
    expect((await bodyOf(client, bucket, 'form.txt')).toString()).toBe('zz');
  });

  it('refuses with real codes', async () => {
    expect(await refusal(clientOf(run, { secretKey: 'wrong-secret' }).listBuckets())).toBe(
      'SignatureDoesNotMatch',
    );
    expect(await refusal(clientOf(run, { accessKey: 'nobody' }).listBuckets())).toBe('InvalidAccessKeyId');
    const anonymous = new Client({ endPoint: run.address, port: 9000, useSSL: false, region: 'us-east-1' });
    expect(await refusal(anonymous.listBuckets())).toBe('AccessDenied');
    expect(await refusal(client.putObject('no-such-bucket', 'k', 'v'))).toBe('NoSuchBucket');
    expect(await refusal(itemsOf(client.listObjectsV2('no-such-bucket', '', true)))).toBe('NoSuchBucket');
    expect(await refusal(client.getObject(bucket, 'nothing'))).toBe('NoSuchKey');
    expect(await refusal(client.getPartialObject(bucket, 'source', 100, 1))).toBe('InvalidRange');
    expect(run.lines.join('\n')).not.toContain(secretKey);
  });

  it('refuses presigned requests after their time', async () => {
    const hourAgo = new Date(Date.now() - 3_600_000);
    const answer = await fetch(await client.presignedGetObject(bucket, 'source', 1, {}, hourAgo));
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('<Message>Request has expired</Message>'),
    ]);
  });
});
