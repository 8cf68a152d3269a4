/** API keys on a practice deployment, as an operator handles them. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeSecret } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import { problemsOf } from '../cli/schemas.ts';
import type { StoreUrls, TestCluster } from '../support/cluster.ts';
import { home, openCluster } from '../support/cluster.ts';
import type { Ended, Practice } from '../support/practice.ts';
import { call, startPractice } from '../support/practice.ts';

let practice: Practice;
let cluster: TestCluster;
let urls: StoreUrls;

beforeAll(async () => {
  practice = await startPractice('keys');
  cluster = await openCluster(practice);
  urls = await cluster.urls();
});

afterAll(async () => {
  await practice.stop();
});

/** Every secret that was made here, to be looked for where none may be. */
const secrets: string[] = [];

interface Pair {
  readonly publicKey: string;
  readonly secretKey: string;
}

interface Data {
  readonly keys: readonly Pair[];
  readonly revoked: readonly { readonly ms: number; readonly proof: object }[];
  readonly failure?: { readonly code: string };
  readonly token: string;
}

/** Runs it for its JSON, which must be as its schema says. */
async function json(
  args: readonly string[],
  env?: Record<string, string>,
): Promise<Data & { readonly end: Ended }> {
  const end = await practice.lfctl([...args, '-o', 'json'], env);
  const text = end.stdout === '' ? end.stderr : end.stdout;
  const document = JSON.parse(text) as { readonly data: Data };
  expect(await problemsOf(document)).toBeNull();
  return { ...document.data, end };
}

async function create(note: string): Promise<Pair> {
  const { keys } = await json(['key', 'create', '-p', 'production', '--note', note, '--reveal']);
  const [pair] = keys;
  if (pair === undefined) throw new Error('no key was made');
  secrets.push(pair.secretKey);
  return pair;
}

async function ask({ publicKey, secretKey }: Pair): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
  return (await fetch(`${urls.LFCTL_URL}/api/public/projects`, { headers: { authorization } })).status;
}

const secretOf = async (namespace: string, name: string): Promise<Record<string, string>> => {
  const found = await cluster.get<KubeSecret>(resources.secrets, namespace, name);
  return Object.fromEntries(
    Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
};

describe('a key', () => {
  it('works when it is handed out, and is refused once it is revoked although it was in use', async () => {
    const pair = await create('in use');
    expect(await ask(pair)).toBe(200);
    const refused = await practice.lfctl(['key', 'revoke', pair.publicKey, '--yes']);
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('--confirm')]);
    const { token } = await json(['key', 'revoke', pair.publicKey, '--dry-run']);
    const { end, revoked } = await json(['key', 'revoke', pair.publicKey, '--confirm', token]);
    expect([end.code, await ask(pair)]).toEqual([0, 401]);
    expect(revoked[0]?.proof).toMatchObject({ state: 'proven' });
    const undone = await json(['key', 'revoke', '--undo', pair.publicKey, '--yes']);
    expect([undone.end.code, await ask(pair)]).toEqual([0, 200]);
  });

  it('goes into a Secret for each team, and nowhere else', async () => {
    const teams = ['--team', 'search', '--team', 'ads', '--to-secret', `${home}/{team}-langfuse`];
    const { end } = await json(['key', 'create', '-p', 'production', ...teams]);
    for (const team of ['search', 'ads']) {
      const { LANGFUSE_PUBLIC_KEY: publicKey = '', LANGFUSE_SECRET_KEY: secretKey = '' } = await secretOf(
        home,
        `${team}-langfuse`,
      );
      secrets.push(secretKey);
      expect(await ask({ publicKey, secretKey })).toBe(200);
    }
    expect(end.code).toBe(0);
    const again = await practice.lfctl(['key', 'create', '-p', 'production', ...teams]);
    expect([again.code, again.stderr]).toEqual([5, expect.stringContaining('KEY_TARGET_TAKEN')]);
  });

  it('is listed, verified, audited and recorded', async () => {
    const list = await json(['key', 'list']);
    expect(list.keys.length).toBeGreaterThan(3);
    const verify = await json(['key', 'verify', '--secret', `${home}/ads-langfuse`]);
    expect(verify.end.code).toBe(0);
    const mixed = { LANGFUSE_PUBLIC_KEY: 'pk-lf-another', LANGFUSE_SECRET_KEY: secrets[0] ?? '' };
    expect((await json(['key', 'verify'], mixed)).end.code).toBe(1);
    expect([0, 1]).toContain((await json(['key', 'audit'])).end.code);
    const path = join(practice.folder, 'record');
    const passphrase = { LFCTL_EXPORT_PASSPHRASE: 'correct horse battery' };
    await json(['key', 'export', '--with-secrets', '--to-file', path], passphrase);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const opened = await json(['key', 'export', '--decrypt', path], passphrase);
    expect(opened.keys.map(({ secretKey }) => secretKey)).toContain(secrets.at(-1));
  });

  it('is not shown where nobody looks, unless it is asked for', async () => {
    const { code, stdout, stderr } = await practice.lfctl(['key', 'create', '-p', 'production']);
    expect([code, stdout, stderr]).toEqual([5, '', expect.stringContaining('--to-secret')]);
  });

  it('goes by SQL and Redis alone, without a cluster', async () => {
    const pair = await create('by url');
    const env = { PATH: practice.env['PATH'] ?? '', XDG_STATE_HOME: practice.folder, ...urls };
    const program = join(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
    const lfctl = async (...args: string[]): Promise<Ended> =>
      await call(process.execPath, [program, ...args], { ...env, HOME: practice.folder });
    expect(await ask(pair)).toBe(200);
    const listed = await lfctl('key', 'list');
    expect([listed.code, listed.stdout.includes(pair.publicKey)]).toEqual([0, true]);
    const dry = await lfctl('key', 'revoke', pair.publicKey, '--dry-run', '-o', 'json');
    const { token } = (JSON.parse(dry.stdout) as { readonly data: Data }).data;
    const revoked = await lfctl('key', 'revoke', pair.publicKey, '--confirm', token);
    expect([revoked.code, await ask(pair)]).toEqual([0, 401]);
  });

  it('is made for a run of validate, and is gone after it', async () => {
    const before = (await json(['key', 'list'])).keys.length;
    const { code } = await practice.lfctl(['validate', '--temporary-key', 'production']);
    expect([code, (await json(['key', 'list'])).keys.length]).toEqual([0, before]);
  });

  it('is not told by the journal, by logs, or by a sealed record', async () => {
    const journals = (await cluster.list<KubeSecret>(resources.secrets, home)).filter(({ metadata }) =>
      metadata.name.startsWith('lfctl-journal-'),
    );
    expect(journals.length).toBeGreaterThan(3);
    const text = journals.map(({ data }) => Buffer.from(data?.['journal.jsonl'] ?? '', 'base64').toString());
    const debugged = await practice.lfctl(['key', 'list', '--debug']);
    const failed = await practice.lfctl(['key', 'verify', '--debug'], {
      LANGFUSE_SECRET_KEY: secrets[0] ?? '',
    });
    const record = await readFile(join(practice.folder, 'record'), 'utf8');
    const said = [...text, debugged.stdout, debugged.stderr, failed.stdout, failed.stderr, record].join('\n');
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });
});
