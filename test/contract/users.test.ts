/** Users on real Postgres with the schema of each generation: what is written, undone, refused. */
import { compare } from 'bcryptjs';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/postgres.ts';
import type { EnvVariable, Generation } from '../../src/deployment/model.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { Applied } from '../../src/plan/apply.ts';
import { applyPlan, undoRun } from '../../src/plan/apply.ts';
import type { PostgresPort } from '../../src/ports/postgres.ts';
import { settingsFrom } from '../../src/sandbox/programs/langfuse/settings.ts';
import { createUser } from '../../src/sandbox/programs/langfuse-web/user-store.ts';
import { createPostgresProgram } from '../../src/sandbox/programs/postgres.ts';
import { migratePostgres } from '../../src/sandbox/schema/apply.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { planCreate, planCreateUndo } from '../../src/users/create.ts';
import { listUsers } from '../../src/users/list.ts';
import type { PlannedRows } from '../../src/users/plan-rows.ts';
import { planRemove, planRemoveUndo } from '../../src/users/remove.ts';
import { planReset, planResetUndo } from '../../src/users/reset-password.ts';
import { planRoleUndo, planSetRole } from '../../src/users/set-role.ts';
import { webSettings } from '../../src/users/web-settings.ts';
import { accessOf } from '../adapters/support.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import { canLogIn, password, postgresTarget } from './real/postgres.ts';
import { startProgram } from './sandbox-program.ts';

const versions = { 2: '2.95.12', 3: '3.199.0', 4: '4.16.0' } as const;
const generations = [2, 3, 4] as const;
/** Long enough for a machine with much else to do. */
const access = accessOf({ connectTimeoutMs: 30_000, queryTimeoutMs: 30_000 });
const newPassword = 'canary-Passw0rd!';

let address = '';
let stop: (() => Promise<void>) | undefined;

const targetOf = (generation: Generation, user = 'langfuse') =>
  postgresTarget(address, 5432, user, `lf${String(generation)}`);

async function sql(generation: Generation, text: string, parameters: unknown[] = []) {
  const client = new Client({
    host: address,
    user: 'langfuse',
    password,
    database: `lf${String(generation)}`,
  });
  await client.connect();
  try {
    await client.query("SET TIME ZONE 'UTC'");
    return (await client.query<Record<string, unknown>>(text, parameters)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const env = { POSTGRES_USER: 'langfuse', POSTGRES_PASSWORD: password, POSTGRES_DB: 'lf2' };
  const ready = async (at: string): Promise<boolean> =>
    await canLogIn(postgresTarget(at, 5432, 'langfuse', 'lf2'));
  ({ address, stop } = await startProgram(createPostgresProgram([]), 5432, env, [], ready));
  for (const generation of generations) {
    if (generation !== 2) await sql(2, `CREATE DATABASE lf${String(generation)}`);
    await migrate(generation);
  }
  await sql(3, `CREATE ROLE reader LOGIN PASSWORD '${password}'`);
  await sql(
    3,
    'GRANT USAGE ON SCHEMA public TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader',
  );
});

afterAll(async () => await stop?.());

async function migrate(generation: Generation): Promise<void> {
  const client = new Client({
    host: address,
    user: 'langfuse',
    password,
    database: `lf${String(generation)}`,
  });
  await client.connect();
  await migratePostgres(async (text) => {
    const answer = await client.query<Record<string, unknown>>(text);
    return Array.isArray(answer) ? [] : answer.rows;
  }, versions[generation]);
  await client.end();
}

const seed = `
  TRUNCATE users, organizations, membership_invitations, audit_logs CASCADE;
  INSERT INTO organizations (id, name) VALUES ('o1', 'Example'), ('o2', 'Other');
  INSERT INTO projects (id, name, org_id, updated_at) VALUES ('p1', 'Production', 'o1', now());
  INSERT INTO users (id, name, email, password) VALUES
    ('ada', 'Ada', 'ada@example.com', 'old-hash'), ('bob', 'Bob', 'bob@example.com', NULL);
  INSERT INTO "Account" (id, type, provider, "providerAccountId", user_id, access_token)
    VALUES ('acc', 'oauth', 'google', '4711', 'bob', 'canary-token');
  INSERT INTO organization_memberships (id, org_id, user_id, role) VALUES
    ('m1', 'o1', 'ada', 'OWNER'), ('m2', 'o1', 'bob', 'OWNER'), ('m3', 'o2', 'ada', 'MEMBER');
  INSERT INTO project_memberships (project_id, user_id, org_membership_id, role) VALUES ('p1', 'bob', 'm2', 'VIEWER');
  INSERT INTO membership_invitations (id, email, org_id, org_role, invited_by_user_id, project_id, project_role)
    VALUES ('i1', 'new@example.com', 'o2', 'MEMBER', 'bob', NULL, NULL);`;

/** Rows of all that a user has, in order. */
async function rows(generation: Generation): Promise<unknown> {
  const of = async (table: string, order: string): Promise<unknown> =>
    await sql(generation, `SELECT * FROM ${table} ORDER BY ${order}`);
  return {
    users: await of('users', 'id'),
    memberships: await of('organization_memberships', 'id'),
    projects: await of('project_memberships', 'project_id, user_id'),
    accounts: await of('"Account"', 'id'),
    invitations: await of('membership_invitations', 'id'),
  };
}

/** A deployment's tenants, with these variables of web. */
function tenancyOf(
  generation: Generation,
  port: PostgresPort,
  env: Readonly<Record<string, string>> = {},
): Tenancy {
  const variables = new Map(
    Object.entries(env).map(([name, value]): [string, EnvVariable] => [
      name,
      { name, value: new Secret(value), source: { from: 'literal' } },
    ]),
  );
  return {
    postgres: { state: 'open', port },
    deployment: { components: [{ role: 'web', env: { variables, unreadable: [] } }] },
    version: versions[generation],
    generation,
    now: () => new Date(),
  } as unknown as Tenancy;
}

/** Applies or undoes what was planned. */
async function run({ plan, continues, undoes }: PlannedRows, journal = memoryJournal()): Promise<Applied> {
  if (undoes !== undefined) return await undoRun(plan, { ...contextOf(journal), continues: undoes });
  return await applyPlan(plan, contextOf(journal, continues === undefined ? {} : { continues }));
}

const unverifiedVersion = false;
const resetWish = (email: string, addPassword = false) => ({
  email,
  addPassword,
  unverifiedVersion,
  password: async () => await Promise.resolve(new Secret(newPassword)),
});
const roleWish = (email: string, role?: string, org?: string, project?: string) => ({
  email,
  role,
  org,
  project,
  unverifiedVersion,
});
const removeWish = (email: string, org?: string) => ({ email, org, unverifiedVersion });

describe.each(generations)('users of Langfuse %i', (generation) => {
  let port: PostgresPort;
  let tenancy: Tenancy;

  beforeAll(async () => {
    port = await openPostgres(targetOf(generation), access);
    tenancy = tenancyOf(generation, port);
  });
  afterAll(async () => await port.close());
  beforeEach(async () => void (await sql(generation, seed)));

  it('are made with the rows that its own sign-up writes', async () => {
    const env = { LANGFUSE_DEFAULT_ORG_ID: 'o1', LANGFUSE_DEFAULT_ORG_ROLE: 'MEMBER' };
    const invite = `INSERT INTO membership_invitations (id, email, org_id, org_role) VALUES ('i2', 'own@example.com', 'o2', 'MEMBER')`;
    await sql(generation, invite);
    const settings = settingsFrom(env);
    const postgres = {
      query: async (text: string, parameters?: unknown[]) => await sql(generation, text, parameters),
    };
    const place = { postgres, settings } as unknown as Parameters<typeof createUser>[0];
    await createUser(place, { email: 'Own@example.com', password: newPassword, name: 'New' });
    const journal = memoryJournal();
    const wish = {
      ...resetWish('New@example.com'),
      name: 'New',
      org: undefined,
      role: 'VIEWER',
      ssoOnly: false,
    };
    const planned = await planCreate(tenancyOf(generation, port, env), journal, wish);
    expect((await run(planned, journal)).exit).toBe('ok');
    const shape = async (email: string): Promise<unknown> => {
      const [user] = await sql(generation, 'SELECT * FROM users WHERE email = $1', [email]);
      const memberships = await sql(
        generation,
        'SELECT * FROM organization_memberships WHERE user_id = $1 ORDER BY org_id',
        [user?.['id']],
      );
      return [user, ...memberships].map(masked);
    };
    expect(await shape('new@example.com')).toEqual(await shape('own@example.com'));
    expect(await sql(generation, "SELECT * FROM membership_invitations WHERE id IN ('i1', 'i2')")).toEqual(
      [],
    );
    const [user] = await sql(generation, "SELECT password FROM users WHERE email = 'new@example.com'");
    expect(await compare(newPassword, String(user?.['password']))).toBe(true);
    expect(JSON.stringify([...journal.lines])).not.toContain(newPassword);
    await run(await planCreateUndo(tenancy, journal, 'new@example.com'), journal);
    expect(await sql(generation, "SELECT 1 FROM users WHERE email = 'new@example.com'")).toEqual([]);
    expect(await sql(generation, "SELECT id FROM membership_invitations WHERE id = 'i1'")).toHaveLength(1);
  });

  it('get a new password, and the old one back', async () => {
    const journal = memoryJournal();
    expect((await run(await planReset(tenancy, journal, resetWish('ADA@example.com')), journal)).exit).toBe(
      'ok',
    );
    const [row] = await sql(
      generation,
      "SELECT password, updated_at > created_at AS touched FROM users WHERE id = 'ada'",
    );
    expect(String(row?.['password'])).toMatch(/^\$2a\$12\$/);
    expect(await compare(newPassword, String(row?.['password']))).toBe(true);
    expect(row?.['touched']).toBe(true);
    expect(JSON.stringify([...journal.lines])).not.toContain(newPassword);
    expect((await run(await planResetUndo(tenancy, journal, 'ada@example.com'), journal)).outcome).toBe(
      'undone',
    );
    expect(await sql(generation, "SELECT password FROM users WHERE id = 'ada'")).toEqual([
      { password: 'old-hash' },
    ]);
    await expect(planResetUndo(tenancy, journal, 'ada@example.com')).rejects.toThrow(
      'no user reset-password',
    );
  });

  it('get roles and lose them again, and an organization keeps an owner', async () => {
    const journal = memoryJournal();
    const before = await rows(generation);
    for (const wish of [
      roleWish('ada@example.com', 'VIEWER', 'Example'),
      roleWish('bob@example.com', 'admin', 'o2'),
      roleWish('bob@example.com', 'NONE', undefined, 'Production'),
      roleWish('ada@example.com', 'ADMIN', 'Example', 'p1'),
    ]) {
      const applied = await run(await planSetRole(tenancy, journal, wish), journal);
      expect(applied.exit).toBe('ok');
    }
    expect(
      await sql(generation, 'SELECT org_id, user_id, role FROM organization_memberships ORDER BY 1, 2'),
    ).toEqual([
      { org_id: 'o1', user_id: 'ada', role: 'VIEWER' },
      { org_id: 'o1', user_id: 'bob', role: 'OWNER' },
      { org_id: 'o2', user_id: 'ada', role: 'MEMBER' },
      { org_id: 'o2', user_id: 'bob', role: 'ADMIN' },
    ]);
    expect(await sql(generation, 'SELECT user_id, org_membership_id, role FROM project_memberships')).toEqual(
      [{ user_id: 'ada', org_membership_id: 'm1', role: 'ADMIN' }],
    );
    await expect(planSetRole(tenancy, journal, roleWish('bob@example.com', 'MEMBER', 'o1'))).rejects.toThrow(
      'bob@example.com is the only owner of Example',
    );
    for (const wish of [
      roleWish('ada@example.com', undefined, 'Example', 'p1'),
      roleWish('bob@example.com', undefined, undefined, 'Production'),
      roleWish('bob@example.com', undefined, 'o2'),
      roleWish('ada@example.com', undefined, 'Example'),
    ])
      expect((await run(await planRoleUndo(tenancy, journal, wish), journal)).outcome).toBe('undone');
    expect(untimed(await rows(generation))).toEqual(untimed(before));
  });

  it('are removed and put back as they were, without the tokens of identity providers', async () => {
    const journal = memoryJournal();
    const before = await rows(generation);
    const planned = await planRemove(tenancy, journal, removeWish('bob@example.com'));
    expect(planned.plan.notes?.join('\n')).toContain('1 of membership_invitations.invited_by_user_id');
    expect((await run(planned, journal)).exit).toBe('ok');
    expect(await sql(generation, "SELECT 1 FROM users WHERE id = 'bob'")).toEqual([]);
    expect(JSON.stringify([...journal.lines])).not.toContain('canary-token');
    await run(await planRemoveUndo(tenancy, journal, { email: 'bob@example.com', org: undefined }), journal);
    await sql(generation, `UPDATE "Account" SET access_token = 'canary-token'`);
    expect(await rows(generation)).toEqual(before);
  });

  it('leave one organization with their roles in its projects, and come back', async () => {
    const journal = memoryJournal();
    const before = await rows(generation);
    expect(
      (await run(await planRemove(tenancy, journal, removeWish('bob@example.com', 'o1')), journal)).exit,
    ).toBe('ok');
    expect(await sql(generation, 'SELECT 1 FROM project_memberships')).toEqual([]);
    await run(await planRemoveUndo(tenancy, journal, { email: 'bob@example.com', org: 'Example' }), journal);
    expect(await rows(generation)).toEqual(before);
  });
});

/** What is another each time, less its form. */
const masked = (row: Readonly<Record<string, unknown>> | undefined): unknown => ({
  ...row,
  id: /^c[0-9a-z]{24}$/.test(String(row?.['id'])),
  ...(row !== undefined && 'user_id' in row
    ? { user_id: 'the user' }
    : { email: 'an e-mail', password: /^\$2[ab]\$12\$/.test(String(row?.['password'])) }),
  created_at: row?.['created_at'] instanceof Date,
  updated_at: row?.['updated_at'] instanceof Date,
});

const untimed = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      key === 'updated_at' || key === 'created_at' ? null : part,
    ),
  );

describe('changes of users', () => {
  let port: PostgresPort;
  let tenancy: Tenancy;

  beforeAll(async () => {
    port = await openPostgres(targetOf(3), access);
    tenancy = tenancyOf(3, port);
  });
  afterAll(async () => await port.close());
  beforeEach(async () => void (await sql(3, seed)));

  it('of two owners at once leave one, and nothing of the other', async () => {
    const [first, second] = [memoryJournal(), memoryJournal()];
    const one = await planSetRole(tenancy, first, roleWish('ada@example.com', 'VIEWER', 'o1'));
    const two = await planRemove(tenancy, second, removeWish('bob@example.com'));
    expect((await run(one, first)).exit).toBe('ok');
    const applied = await run(two, second);
    expect(applied).toMatchObject({
      outcome: 'undone',
      exit: 'refused',
      failure: { code: 'POSTGRES_CHANGED' },
    });
    expect(await sql(3, "SELECT user_id FROM organization_memberships WHERE role = 'OWNER'")).toEqual([
      { user_id: 'bob' },
    ]);
  });

  it('of a row that somebody changed meanwhile are refused before they begin', async () => {
    const journal = memoryJournal();
    const planned = await planReset(tenancy, journal, resetWish('ada@example.com'));
    await sql(3, "UPDATE users SET password = 'theirs' WHERE id = 'ada'");
    expect(await run(planned, journal)).toMatchObject({ exit: 'refused', failure: { code: 'PLAN_STALE' } });
    expect(await sql(3, "SELECT password FROM users WHERE id = 'ada'")).toEqual([{ password: 'theirs' }]);
  });

  it('that were killed on either side of their transaction are gone on with, and undone to the very start', async () => {
    for (const committed of [false, true]) {
      await sql(3, seed);
      const journal = memoryJournal();
      const planned = await planReset(tenancy, journal, resetWish('ada@example.com'));
      await killed(planned, journal, committed);
      const again = await planReset(tenancy, journal, resetWish('ada@example.com'));
      expect(again.continues?.state).toBe('open');
      expect((await run(again, journal)).exit).toBe('ok');
      await run(await planResetUndo(tenancy, journal, 'ada@example.com'), journal);
      expect(await sql(3, "SELECT password FROM users WHERE id = 'ada'")).toEqual([{ password: 'old-hash' }]);
      const before = await rows(3);
      const removal = await planRemove(tenancy, journal, removeWish('bob@example.com', 'o1'));
      await killed(removal, journal, committed);
      expect(
        (await run(await planRemove(tenancy, journal, removeWish('bob@example.com', 'o1')), journal)).exit,
      ).toBe('ok');
      expect(await sql(3, "SELECT 1 FROM organization_memberships WHERE id = 'm2'")).toEqual([]);
      await run(await planRemoveUndo(tenancy, journal, { email: 'bob@example.com', org: 'o1' }), journal);
      expect(untimed(await rows(3))).toEqual(untimed(before));
    }
  });

  /** A run whose process ended before or after its transaction was committed, and before it was journalled. */
  async function killed(
    { plan }: PlannedRows,
    journal: ReturnType<typeof memoryJournal>,
    committed: boolean,
  ): Promise<void> {
    const gone = new Error('killed');
    const [step] = plan.steps;
    if (step === undefined) throw new Error('the plan has a step');
    const apply: typeof step.apply = async (control) => {
      if (committed) await step.apply(control);
      throw gone;
    };
    await expect(applyPlan({ ...plan, steps: [{ ...step, apply }] }, contextOf(journal))).rejects.toBe(gone);
  }

  it('name the user that was meant, or say why none is', async () => {
    await sql(
      3,
      "INSERT INTO users (id, email, password) VALUES ('x', 'Eve@example.com', 'h'), ('y', 'EVE@example.com', 'h')",
    );
    const reset = async (email: string): Promise<unknown> =>
      await planReset(tenancy, memoryJournal(), { ...resetWish(email), password: null }).then(
        ({ plan }) => plan.steps[0]?.text,
        (error: { code: string }) => error.code,
      );
    expect(await reset('ADA@EXAMPLE.COM')).toBe('set a new password of ada@example.com');
    expect(await reset('adda@example.com')).toBe('USER_UNKNOWN');
    expect(await reset('eve@example.com')).toBe('USER_AMBIGUOUS');
    expect(await reset('Eve@example.com')).toBe('USER_CANNOT_SIGN_IN');
    expect(await reset('bob@example.com')).toBe('USER_USES_SSO');
    const added = await planReset(tenancy, memoryJournal(), {
      ...resetWish('bob@example.com', true),
      password: null,
    });
    expect(added.plan.steps[0]?.undo).toBe('take the password away again');
  });

  it('are refused before anything is asked where the role may only read', async () => {
    const reader = await openPostgres(targetOf(3, 'reader'), access);
    try {
      const asked: string[] = [];
      const wish = {
        ...resetWish('ada@example.com'),
        password: async (whose: string) => {
          asked.push(whose);
          return await Promise.resolve(new Secret(newPassword));
        },
      };
      const readOnly = tenancyOf(3, reader);
      await expect(planReset(readOnly, memoryJournal(), wish)).rejects.toMatchObject({
        code: 'POSTGRES_FORBIDDEN',
      });
      expect(asked).toEqual([]);
      await expect(planRemove(readOnly, memoryJournal(), removeWish('ada@example.com'))).rejects.toThrow(
        'does not let role reader DELETE users',
      );
      await expect(
        planSetRole(readOnly, memoryJournal(), roleWish('ada@example.com', 'VIEWER', 'o1')),
      ).rejects.toThrow('UPDATE organization_memberships');
    } finally {
      await reader.close();
    }
  });

  it('say what will not last, will not help, or counts where it cannot be seen', async () => {
    const init = {
      LANGFUSE_INIT_USER_EMAIL: 'Ada@example.com',
      LANGFUSE_INIT_USER_PASSWORD: 'x',
      LANGFUSE_INIT_ORG_ID: 'o1',
      AUTH_DISABLE_USERNAME_PASSWORD: 'true',
    };
    await sql(3, "UPDATE users SET admin = true WHERE id = 'ada'");
    const own = tenancyOf(3, port, init);
    const noted = async (planned: Promise<PlannedRows>): Promise<string> =>
      (await planned).plan.notes?.join('\n') ?? '';
    const journal = memoryJournal();
    const role = await noted(planSetRole(own, journal, roleWish('ada@example.com', 'VIEWER', 'o1')));
    expect(role).toContain('makes ada@example.com OWNER of Example at every start of web');
    expect(role).toContain('has the admin flag');
    const inProject = planSetRole(own, journal, roleWish('ada@example.com', 'ADMIN', 'o1', 'p1'));
    expect(await noted(inProject)).toContain('rbac-project-roles');
    expect(await noted(planRemove(own, journal, removeWish('ada@example.com')))).toContain(
      'makes it again, as OWNER and with LANGFUSE_INIT_USER_PASSWORD',
    );
    const reset = planReset(own, journal, { ...resetWish('ada@example.com'), password: null });
    expect(await noted(reset)).toContain('AUTH_DISABLE_USERNAME_PASSWORD turns passwords off');
    const bare = { ...tenancyOf(3, port), deployment: null };
    const unknown = planReset(bare, journal, { ...resetWish('ada@example.com'), password: null });
    expect(await noted(unknown)).toContain('no cluster to read them from');
    const wish = { ...resetWish('eve@example.com'), password: null, name: undefined, org: undefined };
    const made = planCreate(own, journal, { ...wish, role: 'VIEWER', ssoOnly: true });
    expect(await noted(made)).toContain('it is in no organization');
    expect(await noted(made)).toContain('ALLOW_ACCOUNT_LINKING');
  });

  it('are seen in the list, with what the audit log knows of the last visit', async () => {
    await sql(
      3,
      `INSERT INTO audit_logs (id, user_id, org_id, user_org_role, resource_type, resource_id, action, created_at, updated_at)
      VALUES ('a', 'ada', 'o1', 'OWNER', 'project', 'p1', 'update', '2026-11-20 10:00', now())`,
    );
    const { users } = await listUsers(port, webSettings(tenancy));
    expect(
      users.map(({ email, password: has, providers, lastSeenAt }) => ({ email, has, providers, lastSeenAt })),
    ).toEqual([
      { email: 'ada@example.com', has: true, providers: [], lastSeenAt: '2026-11-20T10:00:00.000Z' },
      { email: 'bob@example.com', has: false, providers: ['google'], lastSeenAt: null },
    ]);
    expect(users[1]?.organizations).toEqual([
      {
        id: 'o1',
        name: 'Example',
        role: 'OWNER',
        projects: [{ id: 'p1', name: 'Production', role: 'VIEWER' }],
      },
    ]);
    expect(JSON.stringify(users)).not.toContain('old-hash');
  });
});
