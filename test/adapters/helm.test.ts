import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openHelm } from '../../src/adapters/helm.ts';
import { plaintextSecretPaths } from '../../src/adapters/helm/values.ts';
import type { KubeSecret } from '../../src/ports/kube-objects.ts';
import { fakeKube } from './fake-kube.ts';
import { canary, errorOf } from './support.ts';

/** A record as Helm 3 writes it. */
function record(name: string, revision: number, data: string): KubeSecret {
  const labels = { owner: 'helm', name, version: String(revision), status: 'deployed' };
  const metadata = { name: `sh.helm.release.v1.${name}.v${revision}`, namespace: 'lf', labels };
  return { type: 'helm.sh/release.v1', metadata, data: { release: data } };
}

const twice = (bytes: Buffer): string => Buffer.from(bytes.toString('base64')).toString('base64');

function release(config: unknown, status = 'deployed'): Buffer {
  return Buffer.from(
    JSON.stringify({
      name: 'langfuse',
      info: { status, last_deployed: '2026-11-20T12:00:00.123456789+01:00', description: 'Upgrade complete' },
      chart: { metadata: { name: 'langfuse', version: '1.5.0', appVersion: '3.199.0' } },
      config,
    }),
  );
}

const revisions = async (...secrets: KubeSecret[]) => await openHelm(fakeKube({ secrets })).revisions('lf');

describe('helm releases', () => {
  it('are read from their Secrets, oldest first', async () => {
    const found = await revisions(
      record('langfuse', 10, twice(gzipSync(release({ langfuse: { replicas: 2, list: [{ a: 1 }] } })))),
      record('langfuse', 9, twice(gzipSync(release(null, 'superseded')))),
      { metadata: { name: 'other', namespace: 'lf', labels: { owner: 'helm' } }, type: 'Opaque' },
    );
    expect(found.map((one) => [one.revision, one.status])).toEqual([
      [9, 'superseded'],
      [10, 'deployed'],
    ]);
    expect(found[1]).toEqual({
      release: 'langfuse',
      namespace: 'lf',
      revision: 10,
      status: 'deployed',
      chart: 'langfuse',
      chartVersion: '1.5.0',
      appVersion: '3.199.0',
      deployedAt: '2026-11-20T11:00:00.123Z',
      description: 'Upgrade complete',
      valuePaths: ['langfuse.replicas', 'langfuse.list[0].a'],
      plaintextSecretPaths: [],
    });
  });

  it('are read without gzip, as old ones are', async () => {
    const [found] = await revisions(record('langfuse', 1, twice(release({}))));
    expect(found?.chart).toBe('langfuse');
  });

  it.each([
    ['half a record', twice(gzipSync(release({})).subarray(0, 60))],
    ['no base64', Buffer.from('!!').toString('base64')],
    ['another JSON', twice(gzipSync(Buffer.from('{"a":1}')))],
    ['nothing', ''],
  ])('give status unknown for %s', async (_what, data) => {
    const [found] = await revisions(record('langfuse', 3, data));
    expect(found).toMatchObject({ release: 'langfuse', revision: 3, status: 'unknown', valuePaths: [] });
  });

  it('never hold a value', async () => {
    const config = { langfuse: { salt: { value: canary }, note: canary } };
    const text = JSON.stringify(await revisions(record('langfuse', 1, twice(gzipSync(release(config))))));
    expect(text).not.toContain(canary);
    expect(text).toContain('langfuse.salt.value');
  });

  it('say when their Secrets may not be read', async () => {
    const error = await errorOf(openHelm(fakeKube({ forbidden: ['lf'] })).revisions('lf'));
    expect(error.code).toBe('KUBE_FORBIDDEN');
  });
});

describe('secrets in plain text', () => {
  it.each([
    ['a value under salt', { langfuse: { salt: { value: 'x' } } }, ['langfuse.salt.value']],
    ['the chart of Bitnami', { postgresql: { auth: { password: 'x' } } }, ['postgresql.auth.password']],
    ['an encryption key', { langfuse: { encryptionKey: { value: 'x' } } }, ['langfuse.encryptionKey.value']],
    [
      'the next-auth secret',
      { langfuse: { nextauth: { secret: { value: 'x' } } } },
      ['langfuse.nextauth.secret.value'],
    ],
    ['an S3 key', { s3: { secretAccessKey: { value: 'x' } } }, ['s3.secretAccessKey.value']],
    ['a number', { redis: { auth: { password: 12_345 } } }, ['redis.auth.password']],
    [
      'a variable of a list',
      { langfuse: { additionalEnv: [{ name: 'SALT', value: 'x' }] } },
      ['langfuse.additionalEnv[0].value'],
    ],
    ['a variable by name', { env: { LANGFUSE_SECRET_KEY: 'x' } }, ['env.LANGFUSE_SECRET_KEY']],
    ['a URL with a login', { directUrl: 'postgresql://lf:hidden@db/lf' }, ['directUrl']],
  ])('%s', (_what, values, paths) => {
    expect(plaintextSecretPaths(values)).toEqual(paths);
  });

  it.each([
    ['a reference to a Secret', { salt: { secretKeyRef: { name: 'langfuse', key: 'salt' } } }],
    ['an existing Secret', { auth: { existingSecret: 'pg', existingSecretPasswordKey: 'password' } }],
    [
      'key names in a Secret',
      { auth: { secretKeys: { userPasswordKey: 'password' }, rootPasswordSecretKey: 'root' } },
    ],
    [
      'a variable from a Secret',
      { env: [{ name: 'SALT', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] },
    ],
    ['an empty value', { auth: { password: '' }, salt: { value: null } }],
    ['a reference to a variable', { salt: { value: '$(SALT)' }, password: '${PASSWORD}' }],
    ['a switch', { auth: { password: false }, automountServiceAccountToken: true }],
    ['a URL without a password', { nextauth: { url: 'https://langfuse.example.com' } }],
    ['names', { ingress: { tls: [{ secretName: 'tls' }] }, image: { pullSecrets: ['registry'] } }],
  ])('are not %s', (_what, values) => {
    expect(plaintextSecretPaths(values)).toEqual([]);
  });
});
