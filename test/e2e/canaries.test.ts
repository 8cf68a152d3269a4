/** No secret of the deployment is in anything that lfctl says, in no format, well or broken; nor in any argv. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Practice } from '../support/practice.ts';
import { startPractice } from '../support/practice.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import { expectNoStack } from '../support/reports.ts';

let practice: Practice;
let cluster: TestCluster;
let canaries: Map<string, string>;
let urls: StoreUrls;

beforeAll(async () => {
  practice = await startPractice('canary');
  cluster = await openCluster(practice);
  urls = await cluster.urls();
  canaries = new Map(await cluster.secretValues());
  canaries.set('token of the kubeconfig', await adminToken());
});

afterAll(async () => {
  await practice.stop();
});

async function adminToken(): Promise<string> {
  let token = '';
  await cluster.kubeconfig('read', ({ users }) => {
    token = String(users[0].user['token']);
  });
  return token;
}

/** Names of the secrets that a text holds: plain, percent-encoded or as base64. */
function leaks(text: string): string[] {
  return [...canaries]
    .filter(([, value]) =>
      [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')].some(
        (form) => text.includes(form),
      ),
    )
    .map(([name]) => name);
}

const lines: readonly string[] = [
  ...['text', 'json', 'yaml', 'junit', 'markdown'].map((format) => `doctor -o ${format}`),
  'doctor -v --debug',
  ...['text', 'json', 'yaml'].map((format) => `status -o ${format}`),
  'status --debug',
  ...['text', 'json', 'yaml', 'tsv'].map((format) => `env -o ${format}`),
  'env --debug',
  ...['text', 'json', 'yaml'].map((format) => `config view --sources -o ${format}`),
  'sandbox status -o json',
  'sandbox env -o json',
];

async function expectNoLeak(env: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const line of lines) {
    const args = line.split(' ');
    if (args[0] === 'sandbox') args.push('--name', practice.name);
    const ended = await practice.lfctl(args, env);
    expect(leaks(ended.stdout + ended.stderr), line).toEqual([]);
    if (!line.includes('--debug')) expectNoStack(ended);
  }
}

/** Changes the deployment's variables for a while. */
async function during(values: Readonly<Record<string, string>>, act: () => Promise<void>): Promise<void> {
  const name = 'langfuse-env';
  const before = await cluster.get<{ metadata: { name: string }; data: Record<string, string> }>(
    resources.secrets,
    home,
    name,
  );
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  await cluster.patch(resources.secrets, home, name, { data: Object.fromEntries(data) });
  try {
    await act();
  } finally {
    await cluster.patch(resources.secrets, home, name, { data: before?.data });
  }
}

describe('the secrets of a deployment', () => {
  it('are looked for at all', () => {
    expect(canaries.size).toBeGreaterThan(10);
    expect(leaks(`x ${encodeURIComponent(canaries.get('langfuse-env SALT') ?? '')} y`)).toEqual([
      'langfuse-env SALT',
    ]);
  });

  it('are in no output while it is healthy', async () => {
    await expectNoLeak();
  });

  it('are in no output when they come by URL, right or wrong', async () => {
    await expectNoLeak({ ...urls, KUBECONFIG: '', HOME: practice.folder });
    const dead = Object.entries(urls).map(([name, url]) => [
      name,
      url.replace(/(\/\/(?:[^/@]*@)?)[^/]*/, '$1127.0.0.1:1'),
    ]);
    await expectNoLeak({ ...Object.fromEntries(dead), KUBECONFIG: '', HOME: practice.folder });
    const unparsable = Object.entries(urls).map(([name, url]) => [name, url.replace('://', ':/ /')]);
    await expectNoLeak({ ...Object.fromEntries(unparsable), KUBECONFIG: '', HOME: practice.folder });
  });

  it('are in no output when they are wrong, unencoded or in the wrong place', async () => {
    const database = new URL(urls['LFCTL_DATABASE_URL'] ?? '');
    canaries.set('unencoded', 'can@ry#77/x?y');
    canaries.set('wrong password', 'wrong-canary-4711');
    const broken: readonly Readonly<Record<string, string>>[] = [
      { DATABASE_URL: 'postgresql://langfuse:can@ry#77/x?y@langfuse-postgresql:5432/langfuse' },
      { DATABASE_URL: `postgresql://langfuse:wrong-canary-4711@langfuse-postgresql:5432/langfuse` },
      { DATABASE_URL: `postgresql://langfuse:${database.password}@no-such-host:5432/langfuse` },
      { REDIS_AUTH: 'wrong-canary-4711', CLICKHOUSE_PASSWORD: 'wrong-canary-4711' },
      { CLICKHOUSE_URL: 'http://langfuse:wrong-canary-4711@langfuse-clickhouse:8123' },
      { LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY: 'wrong-canary-4711' },
      { LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT: 'http://u:wrong-canary-4711@minio.hyperplane-minio:9000' },
      { NEXTAUTH_URL: 'https://u:wrong-canary-4711@langfuse.example.test' },
      { ENCRYPTION_KEY: 'wrong-canary-4711', SALT: 'wrong-canary-4711\nwith a line' },
    ];
    for (const values of broken)
      await during(values, async () => {
        for (const line of [
          'doctor -v',
          'doctor -o json',
          'doctor -o markdown --debug',
          'status',
          'env',
          'env -o json',
        ]) {
          const ended = await practice.lfctl(line.split(' '));
          expect(leaks(ended.stdout + ended.stderr), `${line} with ${Object.keys(values).join()}`).toEqual(
            [],
          );
          expect(ended.code, ended.stderr).not.toBe(70);
        }
      });
  });

  it('are in no command line of a running process', () => {
    expect(leaks(execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }))).toEqual([]);
  });
});

describe('kubectl', () => {
  it('lists the pods, as a person would first', async (context) => {
    const answer = await practice.run('kubectl', ['get', 'pods', '-A']).catch(() => null);
    if (answer === null) context.skip('kubectl is not on PATH');
    expect(answer).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/langfuse-worker-\S+\s+1\/1\s+Running/),
    });
  });
});
