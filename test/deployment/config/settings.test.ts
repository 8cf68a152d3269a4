import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../src/deployment/config/parse.ts';
import { settingRows } from '../../../src/deployment/config/rows.ts';
import { resolveSettings } from '../../../src/deployment/config/settings.ts';
import type { SettingsInput } from '../../../src/deployment/config/settings.ts';
import type { Settings } from '../../../src/deployment/settings.ts';
import { LfctlError } from '../../../src/errors/error.ts';

const canary = 'canary-5be2';

const text = `current: prod
deployments:
  prod:
    kubernetes:
      context: gke
      namespace: langfuse
    url: https://prod.example.com
    ingress: { loadBalancerIdleSeconds: 600 }
  web:
    url: https://web.example.com
  stores:
    stores:
      databaseUrl: { from: "environment:STORES_DB" }
`;

const settings = async (parts: Partial<SettingsInput> = {}, config = text): Promise<Settings> =>
  await resolveSettings({
    flags: {},
    env: {},
    config: config === '' ? null : { path: '/etc/config.yaml', text: config, parsed: parseConfig(config) },
    configFile: '/etc/config.yaml',
    timeoutMs: 1000,
    clusterAtHand: true,
    ...parts,
  });

const failure = async (promise: Promise<unknown>): Promise<LfctlError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LfctlError) return error;
  }
  throw new Error('no LfctlError');
};

describe('settings', () => {
  it('come from the flag, else the environment, else the file', async () => {
    const env = { LFCTL_CONTEXT: 'kind', LFCTL_NAMESPACE: '' };
    const { kubernetes, deployment, ingress } = await settings({ env, flags: { release: 'lf' } });
    expect(deployment).toBe('prod');
    expect(kubernetes).toEqual({
      kubeconfig: null,
      context: { value: 'kind', source: 'environment', origin: 'LFCTL_CONTEXT' },
      namespace: { value: 'langfuse', source: 'file', origin: 'config.yaml:6' },
      release: { value: 'lf', source: 'flag', origin: '--release' },
      enabled: true,
    });
    expect(ingress.loadBalancerIdleSeconds).toEqual({ value: 600, source: 'file', origin: 'config.yaml:8' });
    const flagged = await settings({ env, flags: { context: 'mine' } });
    expect(flagged.kubernetes.context?.source).toBe('flag');
  });

  it('choose the deployment by flag, environment, current', async () => {
    expect((await settings({ flags: { deployment: 'web' } })).url?.value).toBe('https://web.example.com');
    expect((await settings({ env: { LFCTL_DEPLOYMENT: 'web' } })).deployment).toBe('web');
    const error = await failure(settings({ flags: { deployment: 'prd' } }));
    expect(error).toMatchObject({ code: 'USAGE', exit: 'usage' });
    expect(error.fixes[0]?.text).toBe('did you mean prod?');
    expect(await failure(settings({ flags: { deployment: 'constructor' } }))).toMatchObject({
      code: 'USAGE',
    });
  });

  it('read the names that SDK users have, after lfctl’s own and the file', async () => {
    const env = {
      LANGFUSE_HOST: 'https://cloud.example.com',
      LANGFUSE_PUBLIC_KEY: 'pk',
      LANGFUSE_SECRET_KEY: canary,
    };
    expect((await settings({ env })).url?.value).toBe('https://prod.example.com');
    const bare = await settings({ env }, '');
    expect(bare.url).toEqual({
      value: 'https://cloud.example.com',
      source: 'environment',
      origin: 'LANGFUSE_HOST',
    });
    expect(bare.publicKey?.value).toBe('pk');
    expect(bare.secretKey?.value.reveal()).toBe(canary);
    const own = await settings({ env: { ...env, LFCTL_URL: 'https://own.example.com' } });
    expect(own.url?.origin).toBe('LFCTL_URL');
    const both = { ...env, LANGFUSE_BASE_URL: 'https://base.example.com' };
    expect((await settings({ env: both }, '')).url?.origin).toBe('LANGFUSE_BASE_URL');
  });

  it.each([
    [{}, {}, 'none', true, true],
    [{ LFCTL_URL: 'https://x' }, {}, '', true, false],
    [{ LFCTL_DATABASE_URL: 'postgres://h/d' }, {}, '', true, false],
    [{ LFCTL_DATABASE_URL: 'postgres://h/d', KUBECONFIG: '/k' }, {}, '', true, true],
    [{ LFCTL_DATABASE_URL: 'postgres://h/d' }, { namespace: 'n' }, '', true, true],
    [{ LFCTL_DATABASE_URL: 'postgres://h/d', LFCTL_CONTEXT: 'c' }, {}, '', true, true],
    [{ LANGFUSE_HOST: 'https://x' }, {}, '', true, true],
    [{ LANGFUSE_HOST: 'https://x' }, {}, '', false, false],
    [{}, { deployment: 'web' }, text, true, false],
    [{ LFCTL_DATABASE_URL: 'postgres://h/d' }, {}, text, true, true],
  ] as const)(
    'use a cluster when one is meant: %o %o',
    async (env, flags, config, clusterAtHand, enabled) => {
      const found = await settings({ env, flags, clusterAtHand }, config === 'none' ? '' : config);
      expect(found.kubernetes.enabled).toBe(enabled);
    },
  );

  it('take secrets from a variable or a file that the file names', async () => {
    const env = { STORES_DB: `postgres://me:${canary}@h/d` };
    const { stores } = await settings({ env, flags: { deployment: 'stores' } });
    expect(stores.databaseUrl?.value.reveal()).toContain(canary);
    expect(stores.databaseUrl?.origin).toBe('config.yaml:13 (environment:STORES_DB)');
    expect(await failure(settings({ flags: { deployment: 'stores' } }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'config.yaml:13 takes a value from the variable STORES_DB, which is not set',
    });
    const folder = await mkdtemp(join(tmpdir(), 'lfctl-test-'));
    onTestFinished(async () => {
      await rm(folder, { recursive: true });
    });
    await writeFile(join(folder, 'keys'), `LANGFUSE_PUBLIC_KEY=pk-1\nLANGFUSE_SECRET_KEY="${canary}"\n`);
    const config = `current: a\ndeployments:\n  a:\n    keys: { from: "file:${folder}/keys" }\n`;
    const keyed = await settings({ env: { LANGFUSE_PUBLIC_KEY: 'other' } }, config);
    expect(keyed.publicKey).toMatchObject({ value: 'pk-1', source: 'file' });
    expect(keyed.secretKey?.value.reveal()).toBe(canary);
    expect(keyed.organizationKeys.publicKey).toBeNull();
    const ofAll = await settings({}, config.replace('keys:', 'organizationKeys:'));
    expect(ofAll).toMatchObject({ publicKey: null, organizationKeys: { publicKey: { value: 'pk-1' } } });
    expect(ofAll.organizationKeys.secretKey?.value.reveal()).toBe(canary);
    const wins = { LFCTL_ORG_PUBLIC_KEY: 'pk-org', LFCTL_ORG_SECRET_KEY: `${canary}-org` };
    const { organizationKeys } = await settings({ env: wins }, config.replace('keys:', 'organizationKeys:'));
    expect(organizationKeys.publicKey).toMatchObject({ value: 'pk-org', origin: 'LFCTL_ORG_PUBLIC_KEY' });
    const missing = config.replace('/keys', '/nothing');
    expect(await failure(settings({}, missing))).toMatchObject({ code: 'CONFIG_UNREADABLE', exit: 'config' });
  });

  it('complete an S3 URL from MC_HOST_* of its host, else AWS_*', async () => {
    const url = (env: Record<string, string>): Promise<string> =>
      settings({ env: { LFCTL_S3_URL: 'https://s3.example.com/bucket', ...env } }, '').then(
        ({ stores }) => `${stores.s3Url?.value.reveal() ?? ''} ${stores.s3Url?.origin ?? ''}`,
      );
    const aws = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'a/b+c' };
    expect(await url({})).toBe('https://s3.example.com/bucket LFCTL_S3_URL');
    expect(await url(aws)).toBe(
      'https://id:a%2Fb%2Bc@s3.example.com/bucket LFCTL_S3_URL + AWS_ACCESS_KEY_ID',
    );
    const mc = {
      ...aws,
      MC_HOST_other: 'https://x:y@other.example.com',
      MC_HOST_mine: 'https://u:p@s3.example.com',
    };
    expect(await url(mc)).toBe('https://u:p@s3.example.com/bucket LFCTL_S3_URL + MC_HOST_mine');
    expect(await url({ ...mc, LFCTL_S3_URL: 'https://k:s@s3.example.com/bucket' })).toContain('k:s@');
  });

  it.each([
    [{ LFCTL_DATABASE_URL: `not a url ${canary}` }, 'LFCTL_DATABASE_URL is not a URL'],
    [{ LFCTL_URL: 'langfuse.example.com' }, 'LFCTL_URL is not an http:// or https:// URL'],
    [{ LFCTL_LOAD_BALANCER_IDLE_SECONDS: '10m' }, "LFCTL_LOAD_BALANCER_IDLE_SECONDS is '10m'"],
  ])('refuse %o without saying a secret', async (env, words) => {
    const error = await failure(settings({ env }));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exit: 'config' });
    expect(error.message).toContain(words);
    expect(JSON.stringify([error.message, error.fixes])).not.toContain(canary);
  });

  it('are shown with their sources and without secrets', async () => {
    const env = {
      LANGFUSE_SECRET_KEY: canary,
      LFCTL_REDIS_URL: `redis://:${canary}@h:6379`,
      LFCTL_CONTEXT: 'c',
    };
    const rows = settingRows(await settings({ env }));
    expect(JSON.stringify(rows)).not.toContain(canary);
    expect(rows).toContainEqual({
      name: 'stores.redisUrl',
      value: '[redacted]',
      source: 'environment',
      origin: 'LFCTL_REDIS_URL',
    });
    expect(rows).toContainEqual({
      name: 'kubernetes.release',
      value: null,
      source: 'default',
      origin: 'found by discovery',
    });
  });
});
