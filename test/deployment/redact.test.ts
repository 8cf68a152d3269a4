import { describe, expect, it } from 'vitest';
import { envReport } from '../../src/deployment/env-report.ts';
import { variableView } from '../../src/deployment/env-view.ts';
import { discover } from '../../src/deployment/discovery/discover.ts';
import { deploymentSecrets, makeRedactor, secretName, withoutLogin } from '../../src/deployment/redact.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { envOf, fakeKube, secret, workload } from './fake-kube.ts';
import { canary, runbook, runbookSecret, settings, web } from './installations.ts';

describe('names of secrets', () => {
  it.each([
    'DATABASE_URL',
    'SALT',
    'NEXTAUTH_SECRET',
    'REDIS_AUTH',
    'ENCRYPTION_KEY',
    'CLICKHOUSE_PASSWORD',
    'LANGFUSE_SECRET_KEY',
    'SMTP_CONNECTION_URL',
    'REDIS_CONNECTION_STRING',
    'LANGFUSE_EE_LICENSE_KEY',
    'OPENAI_API_KEY',
    'LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY',
  ])('%s', (name) => {
    expect(secretName(name)).toBe(true);
  });
  it.each([
    'NODE_ENV',
    'REDIS_HOST',
    'KEEP_ALIVE_TIMEOUT',
    'LANGFUSE_S3_EVENT_UPLOAD_BUCKET',
    'REDIS_KEY_PREFIX',
  ])('%s is none', (name) => {
    expect(secretName(name)).toBe(false);
  });
});

describe('redaction', () => {
  const redact = makeRedactor([canary, `${canary}longer`, 'short']);

  it.each([
    `invalid password ${canary}longer`,
    `postgresql://u:p@${canary}@h:5432/d refused`,
    `url redis://:${canary}/x@y@h`,
    `Authorization: Basic ${canary}${canary}`,
    `key sk-lf-${canary}`,
    `password=${canary} host=h`,
    `"api_key": "${canary}"`,
    `https://s3.test/b?X-Amz-Signature=${canary}&x=1`,
  ])('%s', (line) => {
    expect(makeRedactor([])(line.replace(`${canary}longer`, ''))).not.toContain(canary);
    expect(redact(line)).not.toContain(canary);
    expect(redact(line)).not.toContain('longer');
  });

  it('leaves ordinary lines as they are', () => {
    const line =
      "2026-11-20T18:34:29.692Z error Can't reach database server at `langfuse-postgresql:5432`, short";
    expect(redact(line)).toBe(line);
  });

  it('knows the secrets of a deployment: encoded, decoded, and without their line break', async () => {
    const values = {
      ...runbookSecret,
      DATABASE_URL: 'postgresql://u:pa%40ssword@h/d',
      SALT: 'pepper-corn\n',
    };
    const cluster = runbook((objects) => {
      objects['secrets'] = [secret('langfuse-env', 'hyperplane-langfuse', values)];
    });
    const secrets = deploymentSecrets(await discover(fakeKube(cluster), settings()));
    expect([...secrets]).toEqual(
      expect.arrayContaining(['pa%40ssword', 'pa@ssword', 'pepper-corn', `${canary}redis`]),
    );
    expect(secrets).not.toContain('langfuse-redis');
  });

  it.each([
    ['https://u:p@ss/w@host/x', 'https://host/x'],
    ['http://host:3000', 'http://host:3000'],
    ['no url', 'no url'],
  ])('%s without its login is %s', (url, rest) => {
    expect(withoutLogin(url)).toBe(rest);
  });
});

describe('one variable as it is shown', () => {
  const view = (name: string, text: string) =>
    variableView({ name, value: new Secret(text), source: { from: 'literal' } }, () => 'f00d');

  it('shows values of harmless names alone', () => {
    expect(view('KEEP_ALIVE_TIMEOUT', '620000').value).toBe('620000');
    expect(view('SALT', canary).value).toBeNull();
    expect(view('MY_OWN_NAME', canary).value).toBeNull();
    expect(view('NEXTAUTH_URL', `https://u:${canary}@h`).value).toBe('https://h');
  });

  it.each([
    `postgresql://u:12/${canary}@h/d`,
    `postgresql://u:1@2/${canary}@h/d`,
    `postgresql://u:1?${canary}@h/d`,
  ])('the shape of a broken URL holds no part of it: %s', (text) => {
    const shown = view('DATABASE_URL', text);
    expect(JSON.stringify(shown)).not.toContain(canary);
    expect(shown.shape).toMatchObject({ url: null });
  });

  it('an empty value has no fingerprint', () => {
    expect(view('SALT', '')).toMatchObject({ fingerprint: null, value: null });
  });
});

describe('the report of variables', () => {
  const report = async (only: 'web' | 'worker' | null, change: Record<string, string> = {}) => {
    const cluster = runbook((objects) => {
      const values = { ...runbookSecret, LANGFUSE_S3_ENDPOINT: 'x', CORP_NAME: 'y', ...change };
      objects['secrets'] = [secret('langfuse-env', 'hyperplane-langfuse', values)];
    });
    const deployment = await discover(fakeKube(cluster), settings());
    return envReport(deployment, only, (value) => `len${value.length}`);
  };

  it('says what is read, what is inert and what to use, per component', async () => {
    const { variables } = await report(null);
    const row = (name: string, component: string) =>
      variables.find((one) => one.name === name && one.component === component);
    expect(row('NEXTAUTH_SECRET', 'web')).toMatchObject({
      read: true,
      value: null,
      source: 'secret/langfuse-env key NEXTAUTH_SECRET',
      differs: false,
    });
    expect(row('NEXTAUTH_SECRET', 'worker')).toMatchObject({ read: false });
    expect(row('LANGFUSE_S3_ENDPOINT', 'web')).toMatchObject({
      read: false,
      use: expect.arrayContaining(['LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT']) as string[],
    });
    expect(row('CORP_NAME', 'web')).toMatchObject({ read: 'unknown' });
    expect(JSON.stringify(variables)).not.toContain(canary);
  });

  it('one component alone still compares with the other', async () => {
    const { variables } = await report('worker');
    expect(new Set(variables.map((row) => row.component))).toEqual(new Set(['worker']));
    expect(variables.every((row) => row.differs === false)).toBe(true);
  });

  it('marks what differs and what only one has', async () => {
    const cluster = runbook((objects) => {
      const own = {
        ...web('langfuse', [{ secretRef: { name: 'langfuse-env' } }]),
        env: envOf({ REDIS_HOST: 'r2', PORT: '1' }),
      };
      const [, ...others] = objects['deployments'] ?? [];
      objects['deployments'] = [workload('langfuse', 'hyperplane-langfuse', [own]), ...others];
    });
    const { variables } = envReport(await discover(fakeKube(cluster), settings()), 'web', () => 'f');
    const differs = (name: string) => variables.find((row) => row.name === name)?.differs;
    expect([differs('REDIS_HOST'), differs('PORT'), differs('SALT')]).toEqual([true, null, false]);
  });

  it('names each closed object once', async () => {
    const deployment = await discover(fakeKube({ ...runbook(), forbidden: ['get secrets'] }), settings());
    expect(envReport(deployment, null, () => 'f')).toMatchObject({
      variables: [],
      unreadable: ['secret/langfuse-env of hyperplane-langfuse: forbidden'],
    });
  });
});
