import type { TextStyle } from '../../cli/command.ts';
import type { Administrator, UserAdmins } from '../../users/admins.ts';
import type { UserList } from '../../users/list.ts';
import type { OrganizationRole, User } from '../../users/user.ts';
import { cleanText } from '../clean.ts';
import { tableText } from '../table.ts';

/** A line per user; what is unusual about one stands under the table. */
export function usersText({ users, unknown }: UserList, style: TextStyle): string {
  const head = ['e-mail', 'name', 'signs in by', 'roles', 'last seen'];
  const rows = users.map((user) => [
    cleanText(user.email ?? '-'),
    cleanText(user.name ?? ''),
    signInText(user),
    user.organizations.map(roleText).join(', '),
    user.lastSeenAt ?? 'unknown',
  ]);
  const table = users.length === 0 ? 'no users\n' : tableText(head, rows, style);
  return [table, notesText(users), unknownText(unknown)].filter((part) => part !== '').join('\n');
}

const notesText = (users: readonly Pick<User, 'email' | 'id' | 'notes'>[]): string =>
  users
    .flatMap(({ email, id, notes }) => notes.map((note) => `${cleanText(email ?? id)}: ${cleanText(note)}\n`))
    .join('');

const unknownText = (unknown: readonly string[]): string =>
  unknown.map((what) => `unknown: ${cleanText(what)}\n`).join('');

function signInText({ password, providers, admin }: User): string {
  const ways = [...(password ? ['password'] : []), ...providers].join(', ');
  return `${ways === '' ? 'nothing' : ways}${admin ? ' (admin)' : ''}`;
}

function roleText({ name, role, projects }: OrganizationRole): string {
  const own = projects.map((project) => `${cleanText(project.name)}: ${project.role}`).join(', ');
  return `${cleanText(name)}: ${role}${own === '' ? '' : ` (${own})`}`;
}

/** For TSV: e-mail, id, name, ways to sign in, roles, admin, created, last seen. */
export function userRows({ users }: UserList): string[][] {
  return users.map((user) => [
    user.email ?? '',
    user.id,
    user.name ?? '',
    [...(user.password ? ['password'] : []), ...user.providers].join(','),
    user.organizations.map(({ id, role }) => `${id}:${role}`).join(','),
    user.admin ? 'admin' : '',
    user.createdAt,
    user.lastSeenAt ?? '',
  ]);
}

/** Who may administrate what. */
export function adminsText({ administrators, ownerless, unknown }: UserAdmins, style: TextStyle): string {
  const rows = administrators.map(({ user, ...one }) => [
    scopeText(one),
    one.role ?? 'admin',
    cleanText(user.email ?? user.id),
    cleanText(user.name ?? ''),
    user.lastSeenAt ?? 'unknown',
  ]);
  const table = tableText(['where', 'role', 'e-mail', 'name', 'last seen'], rows, style);
  const users = new Map(administrators.map(({ user }) => [user.id, user]));
  const lost = ownerless
    .map(({ name, id }) => `organization ${cleanText(name)} (${id}) has no owner\n`)
    .join('');
  const parts = [table === '' ? 'no administrators\n' : table, notesText([...users.values()]), lost];
  return [...parts, unknownText(unknown)].filter((part) => part !== '').join('\n');
}

const scopeText = ({ organization }: Pick<Administrator, 'organization'>): string =>
  organization === null ? 'everywhere' : cleanText(organization.name);

/** For TSV: scope, organization's id, role, e-mail, user's id. */
export function adminRows({ administrators }: UserAdmins): string[][] {
  return administrators.map(({ scope, organization, role, user }) => [
    scope,
    organization?.id ?? '',
    role ?? 'admin',
    user.email ?? '',
    user.id,
  ]);
}
