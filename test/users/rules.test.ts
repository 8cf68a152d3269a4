import { describe, expect, it } from 'vitest';
import type { EnvVariable } from '../../src/deployment/model.ts';
import { Secret } from '../../src/deployment/secret.ts';
import { adminsOf } from '../../src/users/admins.ts';
import { isEmail } from '../../src/users/email.ts';
import { notesOf } from '../../src/users/list.ts';
import { nameOf, nameProblem } from '../../src/users/name.ts';
import { passwordProblem } from '../../src/users/password.ts';
import type { PlainUser } from '../../src/users/read.ts';
import { parseRole } from '../../src/users/role.ts';
import { passwordObstacles } from '../../src/users/sign-in.ts';
import type { WebSettings } from '../../src/users/web-settings.ts';
import { webSettings } from '../../src/users/web-settings.ts';

/** Settings of a web with these variables. */
function settingsOf(env: Readonly<Record<string, string>>, generation: 2 | 3 | 4 = 3): WebSettings {
  const variables = new Map(
    Object.entries(env).map(([name, value]): [string, EnvVariable] => [
      name,
      { name, value: new Secret(value), source: { from: 'literal' } },
    ]),
  );
  const deployment = { components: [{ role: 'web', env: { variables, unreadable: [] } }] };
  return webSettings({ deployment, generation } as unknown as Parameters<typeof webSettings>[0]);
}

const plain: PlainUser = {
  id: 'u1',
  email: 'mia@example.com',
  name: 'Mia',
  admin: false,
  password: true,
  providers: [],
  organizations: [{ id: 'o1', name: 'Example', role: 'OWNER', projects: [] }],
  createdAt: '2026-01-01T00:00:00.000Z',
  lastSeenAt: null,
  lastSeenSource: 'unknown',
};

const notes = (user: Partial<PlainUser>, env: Readonly<Record<string, string>> = {}, all: PlainUser[] = []) =>
  notesOf({ ...plain, ...user }, all, { settings: settingsOf(env), configuredDomains: [], unknown: [] });

describe('an e-mail', () => {
  it.each(['mia@example.com', "o'neil+x@mail.example.co", 'a.b-c_d@x-y.example'])('%s lets in', (email) => {
    expect(isEmail(email)).toBe(true);
  });
  it.each([
    'mia',
    'mia@',
    '@example.com',
    'mia@example',
    'a b@example.com',
    'a@@example.com',
    '.a@example.com',
    'a..b@example.com',
    'a@example.c',
    'a@-x.com',
  ])('%s does not', (email) => {
    expect(isEmail(email)).toBe(false);
  });
});

describe('a password', () => {
  it('is held to what the sign-up of its version wants', () => {
    expect(passwordProblem('short1!', 2)).toContain('fewer than 8');
    expect(passwordProblem('onlyletters', 2)).toBeNull();
    expect(passwordProblem('onlyletters', 3)).toBe('has no digit');
    expect(passwordProblem('12345678!', 4)).toBe('has no letter');
    expect(passwordProblem('letters123', 4)).toContain('no character other');
    expect(passwordProblem('letters 123', 4)).toBeNull();
  });
  it('is not longer than what bcrypt looks at, and can be typed', () => {
    expect(passwordProblem(`a1!${'ä'.repeat(35)}`, 3)).toContain('72 bytes');
    expect(passwordProblem('letters\n123!', 3)).toContain('nobody can type');
  });
});

describe('a name', () => {
  it('is held to what the sign-up of its version wants', () => {
    expect(nameProblem('<b>x</b>', 2)).toBe('holds HTML');
    expect(nameProblem('4711', 2)).toBeNull();
    expect(nameProblem('4711', 3)).toContain('does not begin with a letter');
    expect(nameProblem('see https://example.com', 3)).toBe('holds a URL');
    expect(nameProblem('x'.repeat(101), 3)).toContain('100');
    expect(nameProblem(' ', 4)).toBe('is empty');
  });
  it.each(['mia.smith@example.com', '0815@example.com', '_@example.com'])('is made from %s', (email) => {
    expect(nameProblem(nameOf(email), 4)).toBeNull();
  });
});

describe('a role', () => {
  it('is read in any letters, and suggested', () => {
    expect(parseRole('owner')).toBe('OWNER');
    expect(() => parseRole('viewr')).toThrow('did you mean VIEWER?');
  });
});

describe('a password is useless', () => {
  const why = (env: Readonly<Record<string, string>>, generation: 2 | 3 | 4 = 3, configured: string[] = []) =>
    passwordObstacles('mia@example.com', {
      settings: settingsOf(env, generation),
      configuredDomains: configured,
    });

  it('where passwords are off or the domain has to use SSO', () => {
    expect(why({})).toEqual([]);
    expect(why({ AUTH_DISABLE_USERNAME_PASSWORD: 'true' })[0]).toContain('AUTH_DISABLE_USERNAME_PASSWORD');
    expect(why({ AUTH_DISABLE_USERNAME_PASSWORD: 'false' })).toEqual([]);
    expect(why({ AUTH_DOMAINS_WITH_SSO_ENFORCEMENT: 'a.com, Example.com' })[0]).toContain('example.com');
    expect(why({}, 2, ['example.com'])[0]).toContain('sso_configs');
  });
  it('where version 2 has the domain exactly so in its list', () => {
    const enforced = { AUTH_DOMAINS_WITH_SSO_ENFORCEMENT: 'a.com, example.com' };
    expect(why(enforced, 2)).toEqual([]);
    expect(why({ AUTH_DOMAINS_WITH_SSO_ENFORCEMENT: 'a.com,example.com' }, 2)).toHaveLength(1);
  });
  it('for an address in other than lower-case letters', () => {
    const settings = { settings: settingsOf({}), configuredDomains: [] };
    expect(passwordObstacles('Mia@example.com', settings)[0]).toContain('upper-case');
  });
});

describe('settings of web', () => {
  it('know whether sso_configs is read at all', () => {
    expect(settingsOf({ LANGFUSE_EE_LICENSE_KEY: 'langfuse_ee_1' }, 2).readsSsoConfigs).toBe(true);
    expect(settingsOf({ LANGFUSE_EE_LICENSE_KEY: 'langfuse_ee_1' }, 3).readsSsoConfigs).toBe(false);
    expect(settingsOf({ NEXT_PUBLIC_LANGFUSE_CLOUD_REGION: 'EU' }, 4).readsSsoConfigs).toBe(true);
  });
  it('count sessions in days, and know that nothing is known without a cluster', () => {
    expect(settingsOf({}).sessionDays).toBe(30);
    expect(settingsOf({ AUTH_SESSION_MAX_AGE: '60' }).sessionDays).toBe(1);
    const bare = webSettings({ deployment: null, generation: 3 } as Parameters<typeof webSettings>[0]);
    expect(bare.unknown).toEqual(['variables of web (no cluster to read them from)']);
  });
  it('name the user of LANGFUSE_INIT_* only where it takes effect', () => {
    const init = { LANGFUSE_INIT_USER_EMAIL: 'Mia@example.com', LANGFUSE_INIT_USER_PASSWORD: 'x' };
    expect(settingsOf(init).initUser).toBeNull();
    expect(settingsOf({ ...init, LANGFUSE_INIT_ORG_ID: 'o1' }).initUser).toEqual({
      email: 'mia@example.com',
      organizationId: 'o1',
    });
  });
});

describe('what is said of a user', () => {
  it('is nothing where all is usual', () => {
    expect(notes({})).toEqual([]);
  });
  it('is that it cannot sign in, and why', () => {
    expect(notes({ email: null })).toEqual(['no e-mail: cannot sign in']);
    expect(notes({ email: 'Mia@example.com' })[0]).toContain('upper-case');
    expect(notes({ password: false })[0]).toContain('no password and no identity provider');
    expect(notes({}, { AUTH_DISABLE_USERNAME_PASSWORD: 'true' })[0]).toContain('cannot sign in');
    expect(notes({ providers: ['google'] }, { AUTH_DISABLE_USERNAME_PASSWORD: 'true' })).toEqual([]);
  });
  it('is that another row has its address in other letters', () => {
    expect(notes({}, {}, [plain, { ...plain, id: 'u2', email: 'MIA@example.com' }])).toEqual([
      'same address in other letters as MIA@example.com',
    ]);
  });
  it('is that it is made owner again, is admin, or is in no organization', () => {
    const init = {
      LANGFUSE_INIT_USER_EMAIL: 'mia@example.com',
      LANGFUSE_INIT_USER_PASSWORD: 'x',
      LANGFUSE_INIT_ORG_ID: 'o1',
    };
    expect(notes({}, init)[0]).toBe(
      'LANGFUSE_INIT_USER_EMAIL: made OWNER of Example again at every start of web',
    );
    expect(notes({ organizations: [] })).toEqual(['in no organization']);
    expect(notes({ admin: true })[0]).toContain('owner rights');
  });
});

describe('administrators', () => {
  it('are those of the instance, then owners and admins; an organization without an owner is named', () => {
    const user = { ...plain, notes: [] };
    const root = { ...user, id: 'u2', admin: true, organizations: [] };
    const organizations = [
      { id: 'o1', name: 'Example' },
      { id: 'o2', name: 'Lost' },
    ];
    const found = adminsOf([user, root], organizations, []);
    expect(found.administrators.map(({ scope, role, user: { id } }) => [scope, role, id])).toEqual([
      ['instance', null, 'u2'],
      ['organization', 'OWNER', 'u1'],
    ]);
    expect(found.ownerless).toEqual([{ id: 'o2', name: 'Lost' }]);
  });
});
