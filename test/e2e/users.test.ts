/** Users as an operator changes them: proven by signing in to web, and searched for passwords. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeSecret } from '../../src/ports/kube-objects.ts';
import { resources } from '../../src/ports/kube-resources.ts';
import { problemsOf } from '../cli/schemas.ts';
import { openBrowser } from '../sandbox/langfuse/browser.ts';
import { home, openCluster, type TestCluster } from '../support/cluster.ts';
import { startPractice, type Ended, type Practice } from '../support/practice.ts';

const first = 'canary-First-1';
const second = 'canary-Second-2';
const mia = 'mia@example.test';

let practice: Practice;
let cluster: TestCluster;
let web = '';
/** All that any run has said. */
const said: string[] = [];

/** Runs with -o json; the document is held to its schema. */
async function lfctl(
  line: string,
  input = '',
): Promise<{ readonly code: number | null; readonly document: Told }> {
  const program = resolve(process.env['LFCTL_DIST'] ?? 'dist', 'main.js');
  const ended: Ended = await practice.run(
    process.execPath,
    [program, ...line.split(' '), '--debug', '-o', 'json'],
    input,
  );
  said.push(ended.stdout, ended.stderr);
  const text = ended.stdout === '' ? ended.stderr.slice(ended.stderr.lastIndexOf('\n{') + 1) : ended.stdout;
  const document = JSON.parse(text) as Told;
  expect(await problemsOf(document), line).toBeNull();
  return { code: ended.code, document };
}

interface Told {
  readonly kind: string;
  readonly code?: string;
  readonly message?: string;
  readonly data?: {
    readonly users?: readonly { readonly email: string; readonly organizations: readonly object[] }[];
    readonly administrators?: readonly object[];
    readonly plan?: { readonly notes: readonly string[] };
    readonly notes?: readonly string[];
    readonly runs?: readonly { readonly id: string }[];
  };
}

const signIn = async (email: string, password: string): Promise<number> =>
  (await openBrowser(web).signIn(email, password)).status;

beforeAll(async () => {
  practice = await startPractice('users');
  cluster = await openCluster(practice);
  web = (await cluster.urls()).LFCTL_URL;
});
afterAll(async () => {
  await practice.stop();
});

describe('users', () => {
  it('are made, and sign in', async () => {
    const made = await lfctl(
      `user create Mia@Example.test --org Example --role member --password-stdin -y`,
      `${first}\n`,
    );
    expect(made).toMatchObject({ code: 0, document: { kind: 'Result' } });
    expect(await signIn(mia, first)).toBe(200);
    const { document } = await lfctl('user list --org Example');
    expect(document.data?.users?.find(({ email }) => email === mia)?.organizations).toMatchObject([
      { role: 'MEMBER' },
    ]);
    expect((await lfctl('user admins')).document.data?.administrators).toHaveLength(1);
    expect(await lfctl(`user create ${mia} --password-stdin -y`, first)).toMatchObject({
      code: 5,
      document: { code: 'USER_EXISTS' },
    });
  });

  it('get a password that signs in, in place of the one that does not any more; sessions stay', async () => {
    const browser = openBrowser(web);
    await browser.signIn(mia, first);
    const reset = await lfctl(`user reset-password ${mia} --password-stdin -y`, `${second}\n`);
    expect(reset.code).toBe(0);
    expect(reset.document.data?.plan?.notes.join()).toContain('NEXTAUTH_SECRET');
    expect(await signIn(mia, second)).toBe(200);
    expect(await signIn(mia, first)).toBe(401);
    expect(await browser.session()).toMatchObject({ user: { email: mia } });
    expect((await lfctl(`user reset-password ${mia} --undo -y`)).code).toBe(0);
    expect(await signIn(mia, first)).toBe(200);
    expect(await signIn(mia, second)).toBe(401);
  });

  it('get a role that their next page shows', async () => {
    const browser = openBrowser(web);
    await browser.signIn(mia, first);
    expect((await lfctl(`user set-role ${mia} ADMIN -y`)).code).toBe(0);
    expect(await browser.session()).toMatchObject({ user: { organizations: [{ role: 'ADMIN' }] } });
    expect(await lfctl('user set-role admin@example.test VIEWER -y')).toMatchObject({
      code: 5,
      document: { code: 'LAST_OWNER' },
    });
  });

  it('are out at once when they are removed, and in again after an undo', async () => {
    const browser = openBrowser(web);
    await browser.signIn(mia, first);
    expect((await lfctl(`user remove ${mia} -y`)).code).toBe(0);
    expect(await browser.session()).toEqual({ user: null, expires: expect.any(String) as string });
    expect(await signIn(mia, first)).toBe(401);
    expect((await lfctl(`user remove ${mia} --undo -y`)).code).toBe(0);
    expect(await signIn(mia, first)).toBe(200);
    expect(await browser.session()).toMatchObject({ user: { organizations: [{ role: 'ADMIN' }] } });
  });

  it('are told apart, and passwords are held to the rules of sign-up', async () => {
    expect(await lfctl('user reset-password mya@example.test --dry-run')).toMatchObject({
      code: 2,
      document: {
        code: 'USER_UNKNOWN',
        fixes: [{ text: expect.stringContaining(`did you mean ${mia}`) as string }, {}],
      },
    });
    expect(await lfctl(`user reset-password ${mia} --password-stdin -y`, 'canary-short\n')).toMatchObject({
      code: 2,
      document: { code: 'PASSWORD_REFUSED', message: 'the new password has no digit' },
    });
    expect(await lfctl(`user reset-password ${mia} -y`)).toMatchObject({
      code: 2,
      document: { code: 'USAGE' },
    });
  });

  it('hear what the settings of web make of a password', async () => {
    const enforced = Buffer.from('example.test').toString('base64');
    const data = { AUTH_DOMAINS_WITH_SSO_ENFORCEMENT: enforced };
    await cluster.patch(resources.secrets, home, 'langfuse-env', { data });
    const { document } = await lfctl(`user reset-password ${mia} --dry-run`);
    expect(document.data?.notes?.[0]).toContain(
      'AUTH_DOMAINS_WITH_SSO_ENFORCEMENT wants SSO for example.test',
    );
  });

  it('leave no password in what is said or journalled', async () => {
    const [newest] = (await lfctl('journal')).document.data?.runs ?? [];
    expect(await lfctl(`journal show ${newest?.id ?? ''}`)).toMatchObject({
      code: 0,
      document: { kind: 'JournalRun', data: { operation: 'user remove', state: 'undone' } },
    });
    const secrets = await cluster.list<KubeSecret>(resources.secrets, home);
    const journal = secrets.filter(({ metadata }) => metadata.name.startsWith('lfctl-journal'));
    expect(journal.length).toBeGreaterThan(3);
    const kept = journal.flatMap(({ data = {} }) =>
      Object.values(data).map((text) => Buffer.from(text, 'base64').toString()),
    );
    for (const text of [...said, ...kept]) expect(text).not.toMatch(/canary-(First|Second|short)/);
    for (const text of said) expect(text).not.toContain('$2a$');
  });

  it('cannot be changed while Postgres is down, and that is said', async () => {
    expect((await practice.lfctl(['sandbox', 'break', 'postgres-down', '--name', practice.name])).code).toBe(
      0,
    );
    const { code, document } = await lfctl(`user reset-password ${mia} --dry-run`);
    expect(code).toBe(4);
    expect(document.code).toMatch(/^POSTGRES_/);
  });
});
