import type { PostgresPort } from '../ports/postgres.ts';
import { isFound, lowered } from './email.ts';
import type { PlainUser } from './read.ts';
import { readUsers } from './read.ts';
import type { SignIn } from './sign-in.ts';
import { passwordObstacles, readSignIn } from './sign-in.ts';
import type { User } from './user.ts';
import type { WebSettings } from './web-settings.ts';

/** `data` of kind UserList. */
export interface UserList {
  readonly users: readonly User[];
  /** What could not be looked at. */
  readonly unknown: readonly string[];
}

/** All users with what an operator should know of each. @throws LfctlError POSTGRES_* */
export async function listUsers(postgres: PostgresPort, settings: WebSettings): Promise<UserList> {
  const users = await readUsers(postgres);
  const signIn = await readSignIn(postgres, settings);
  return {
    users: users.map((user) => ({ ...user, notes: notesOf(user, users, signIn) })),
    unknown: signIn.unknown,
  };
}

/** What is unusual about a user. */
export function notesOf(user: PlainUser, all: readonly PlainUser[], signIn: SignIn): string[] {
  return [
    ...signInNotes(user, signIn),
    ...twinNotes(user, all),
    ...initNotes(user, signIn.settings),
    ...(user.organizations.length === 0 && !user.admin ? ['in no organization'] : []),
    ...(user.admin ? ['admin: owner rights in every organization and project'] : []),
  ];
}

function signInNotes({ email, password, providers }: PlainUser, signIn: SignIn): string[] {
  if (email === null) return ['no e-mail: cannot sign in'];
  if (!isFound(email)) return ['cannot sign in: its e-mail has upper-case letters'];
  if (!password && providers.length === 0) return ['no password and no identity provider yet'];
  if (!password || providers.length > 0) return [];
  return passwordObstacles(email, signIn).map((why) => `cannot sign in: ${why}`);
}

function twinNotes(user: PlainUser, all: readonly PlainUser[]): string[] {
  const { email, id } = user;
  if (email === null) return [];
  const twins = all.filter(
    (one) => one.id !== id && one.email !== null && lowered(one.email) === lowered(email),
  );
  return twins.map((twin) => `same address in other letters as ${twin.email ?? ''}`);
}

function initNotes({ email, organizations }: PlainUser, { initUser }: WebSettings): string[] {
  if (initUser === null || email !== initUser.email) return [];
  const name =
    organizations.find(({ id }) => id === initUser.organizationId)?.name ?? initUser.organizationId;
  return [`LANGFUSE_INIT_USER_EMAIL: made OWNER of ${name} again at every start of web`];
}
