import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bcryptHash, fastHash } from '../../../src/sandbox/programs/langfuse/api-key.ts';
import { langfuseWebServer } from '../../../src/sandbox/programs/langfuse-web/program.ts';
import { openLab2 } from '../langfuse-2/lab.ts';
import { eventually } from '../stores/host.ts';
import { openBrowser, type Browser } from './browser.ts';
import { openLab, type Lab } from './lab.ts';

/** One generation's installation with a web server that makes the first user. */
interface House {
  readonly sql: Lab['sql'];
  /** A web server with these variables more, once it answers. */
  readonly web: (more: Readonly<Record<string, string>>) => Promise<{ readonly url: string }>;
  readonly close: () => Promise<void>;
}

async function house3(): Promise<House> {
  const lab = await openLab();
  const web: House['web'] = async (more) => {
    const started = lab.start(langfuseWebServer, more);
    await eventually(async () => {
      const answer = await fetch(`${started.url}/api/auth/csrf`);
      if (!answer.ok) throw new Error(`${answer.status}`);
    }, 50_000);
    return started;
  };
  return { sql: lab.sql, web, close: lab.close };
}

async function house2(): Promise<House> {
  const lab = await openLab2();
  return { sql: lab.sql, web: lab.web, close: lab.close };
}

const boss = {
  LANGFUSE_INIT_USER_EMAIL: 'Boss@Example.com',
  LANGFUSE_INIT_USER_NAME: 'Boss',
  LANGFUSE_INIT_USER_PASSWORD: 'secret-1',
};

describe.each([
  ['2', house2],
  ['3', house3],
])('Langfuse %s', (generation, open) => {
  const isOld = generation === '2';
  let house: House;
  let url: string;
  const browser = (): Browser => openBrowser(url);
  /** With little work in it, so that the tests are fast; which cost the hash has, it says itself. */
  const setPassword = async (email: string, password: string): Promise<void> => {
    const hash = await bcryptHash(password, 4);
    await house.sql('UPDATE users SET password = $1 WHERE email = $2', [hash, email]);
  };
  const errorOf = async (from: Browser, email: string, password: string): Promise<string | null> => {
    const { status, body } = await from.signIn(email, password);
    expect(status).toBe(401);
    return new URL(String(body['url'])).searchParams.get('error');
  };

  beforeAll(async () => {
    house = await open();
    ({ url } = await house.web(boss));
    const [made] = await house.sql(`SELECT password FROM users WHERE email = 'boss@example.com'`);
    expect(made?.['password']).toMatch(/^\$2a\$12\$/);
    await setPassword('boss@example.com', 'secret-1');
  }, 180_000);
  afterAll(async () => await house.close());

  it('signs in by the password, whatever the case of the address, and says who it is', async () => {
    const own = browser();
    expect(await own.session()).toEqual({});
    expect((await own.signIn('BOSS@example.com', 'secret-1')).status).toBe(200);
    expect(await own.session()).toMatchObject({
      user: {
        name: 'Boss',
        email: 'boss@example.com',
        admin: false,
        organizations: [{ id: 'lab-org', role: 'OWNER', projects: [{ id: 'lab-project', role: 'OWNER' }] }],
      },
    });
    expect(await errorOf(own, 'boss@example.com', 'wrong')).toBe('Invalid credentials');
  });

  it('takes a new user, once, with a password that is long enough', async () => {
    const own = browser();
    const short = await own.signUp('Ada', 'ada@example.com', 'short-1');
    expect(short.status).toBe(422);
    expect(JSON.stringify(short.body)).toContain('Password must be at least 8 characters long');
    expect(await own.signUp('Ada', 'Ada@Example.com', 'ada-secret-1')).toEqual({
      status: 200,
      body: { message: 'User created' },
    });
    const taken = 'User with email already exists. Please sign in.';
    expect(await own.signUp('Ada', 'ada@example.com', 'ada-secret-1')).toEqual({
      status: 422,
      body: { message: isOld ? taken : `Signup: Error creating user: ${taken}` },
    });
    const [row] = await house.sql(`SELECT email, password FROM users WHERE name = 'Ada'`);
    expect(row?.['email']).toBe('ada@example.com');
    expect(row?.['password']).toMatch(/^\$2a\$12\$/);
  });

  it('goes on with a session after the password was changed, and ends it with the user', async () => {
    const own = browser();
    await house.sql(`INSERT INTO users (id, name, email) VALUES ('bob', 'Bob', 'bob@example.com')`);
    await setPassword('bob@example.com', 'bob-secret-1');
    expect((await own.signIn('bob@example.com', 'bob-secret-1')).status).toBe(200);
    await setPassword('bob@example.com', 'new-secret-2');
    expect(await own.session()).toMatchObject({ user: { name: 'Bob', organizations: [] } });
    expect(await errorOf(browser(), 'bob@example.com', 'bob-secret-1')).toBe('Invalid credentials');
    expect((await browser().signIn('bob@example.com', 'new-secret-2')).status).toBe(200);
    await house.sql(
      `INSERT INTO organization_memberships (id, org_id, user_id, role)
       VALUES ('m-bob', 'lab-org', 'bob', 'VIEWER')`,
    );
    expect(await own.session()).toMatchObject({ user: { organizations: [{ role: 'VIEWER' }] } });
    await house.sql(`DELETE FROM users WHERE email = 'bob@example.com'`);
    expect(await own.session()).toMatchObject({ user: null });
  });

  it('sends who has no password to the identity provider', async () => {
    await house.sql(`INSERT INTO users (id, name, email) VALUES ('sso', 'Sso', 'sso@example.com')`);
    expect(await errorOf(browser(), 'sso@example.com', 'anything')).toMatch(
      /^Please sign in with the identity provider/,
    );
    // An address with capitals in the table can never be found.
    const hash = await bcryptHash('secret-1', 4);
    await house.sql(`INSERT INTO users (id, email, password) VALUES ('caps', 'Caps@example.com', $1)`, [
      hash,
    ]);
    expect(await errorOf(browser(), 'Caps@example.com', 'secret-1')).toBe('Invalid credentials');
  });

  it('does what the settings pages do, in the rows that the app writes', async () => {
    const own = browser();
    await own.signIn('boss@example.com', 'secret-1');
    const act = async (what: string, input: object): Promise<unknown> => {
      const { body } = await own.post(`/api/trpc/${what}`, { json: input });
      const { result, error } = body as Readonly<Record<string, { data?: unknown; json?: unknown }>>;
      return (result?.data as { json: unknown } | undefined)?.json ?? error?.json;
    };
    const { id: projectId } = (await act('projects.create', { name: 'staging', orgId: 'lab-org' })) as {
      id: string;
    };
    const key = (await act('projectApiKeys.create', { projectId, note: 'team' })) as Record<string, string>;
    const [row] = await house.sql('SELECT * FROM api_keys WHERE id = $1', [key['id']]);
    expect(row).toMatchObject({
      project_id: projectId,
      note: 'team',
      public_key: key['publicKey'],
      display_secret_key: key['displaySecretKey'],
      fast_hashed_secret_key: fastHash(String(key['secretKey']), 'labsalt'),
      hashed_secret_key: expect.stringMatching(/^\$2a\$11\$/),
      last_used_at: null,
      expires_at: null,
      ...(isOld ? {} : { scope: 'PROJECT', organization_id: null, is_in_app_agent_key: false }),
    });
    expect(await act('projectApiKeys.delete', { projectId, id: key['id'] })).toBe(true);
    expect(await act('projects.delete', { projectId })).toBe(true);
    const [left] = await house.sql('SELECT * FROM projects WHERE id = $1', [projectId]);
    if (isOld) expect(left).toBeUndefined();
    else expect(left?.['deleted_at']).toBeInstanceOf(Date);
    expect(
      await house.sql(
        `SELECT resource_type, action, user_org_role, user_project_role FROM audit_logs
         WHERE resource_id IN ($1, $2) AND user_id IS NOT NULL ORDER BY resource_type, action`,
        [projectId, key['id']],
      ),
    ).toEqual([
      { resource_type: 'apiKey', action: 'create', user_org_role: 'OWNER', user_project_role: 'OWNER' },
      { resource_type: 'apiKey', action: 'delete', user_org_role: 'OWNER', user_project_role: 'OWNER' },
      { resource_type: 'project', action: 'create', user_org_role: 'OWNER', user_project_role: null },
      { resource_type: 'project', action: 'delete', user_org_role: 'OWNER', user_project_role: 'OWNER' },
    ]);
    expect(await act('projects.delete', { projectId: 'none' })).toMatchObject({
      message: 'User is not a member of this project',
      data: { code: 'UNAUTHORIZED', httpStatus: 401, path: 'projects.delete' },
    });
  });

  it('refuses a form without its token', async () => {
    const { status, body } = await browser().post('/api/auth/callback/credentials', {
      email: 'boss@example.com',
      password: 'secret-1',
      json: 'true',
    });
    expect([status, body['url']]).toEqual([200, expect.stringContaining('/signin?csrf=true')]);
  });

  it('obeys its switches, and makes its first user OWNER again at each start', async () => {
    await house.sql(`UPDATE organization_memberships SET role = 'VIEWER' WHERE org_id = 'lab-org'`);
    const closed = await house.web({
      ...boss,
      LANGFUSE_INIT_USER_PASSWORD: 'other-secret-1',
      AUTH_DISABLE_SIGNUP: 'true',
      AUTH_DOMAINS_WITH_SSO_ENFORCEMENT: 'corp.example,sso.example',
    });
    const there = openBrowser(closed.url);
    expect(await there.signUp('Eve', 'eve@example.com', 'eve-secret-1')).toEqual({
      status: 422,
      body: { message: 'Sign up is disabled.' },
    });
    expect(await errorOf(there, 'boss@sso.example', 'secret-1')).toBe(
      'Sign in with email and password is disabled for this domain. Please use SSO.',
    );
    expect((await there.signIn('boss@example.com', 'secret-1')).status).toBe(200);
    expect(await there.session()).toMatchObject({ user: { organizations: [{ role: 'OWNER' }] } });
    const sso = openBrowser((await house.web({ AUTH_DISABLE_USERNAME_PASSWORD: 'true' })).url);
    const off = 'with email and password is disabled for this instance. Please use SSO.';
    expect(await errorOf(sso, 'boss@example.com', 'secret-1')).toBe(`Sign in ${off}`);
    expect((await sso.signUp('Eve', 'eve@example.com', 'eve-secret-1')).body).toEqual({
      message: `Sign up ${off}`,
    });
  });
});
