import { bcryptHash, bcryptMatches } from '../langfuse/api-key.ts';
import type { Connections } from '../langfuse/connections.ts';
import type { Settings } from '../langfuse/settings.ts';
import { findUser, type UserRow } from './user-store.ts';

/** What users are looked up and written with, in any generation. */
export type UserDesk = Pick<Connections, 'postgres' | 'settings' | 'release' | 'log'>;

/** Domains whose users must come by SSO. 2 takes the list as it is written. */
export function isBlockedDomain({ settings, release }: UserDesk, email: string): boolean {
  const domain = email.split('@')[1]?.toLowerCase();
  const written = settings.text('AUTH_DOMAINS_WITH_SSO_ENFORCEMENT')?.split(',') ?? [];
  const blocked = release.generation === 2 ? written : written.map((one) => one.trim().toLowerCase());
  return domain !== undefined && domain !== '' && blocked.includes(domain);
}

/** Whether passwords are of use on this instance at all. */
export const passwordsOff = (settings: Settings): boolean =>
  settings.text('AUTH_DISABLE_USERNAME_PASSWORD') === 'true';

/**
 * Sign-in by e-mail address and password (web/src/server/auth.ts).
 *
 * @throws Error with the text that the sign-in page shows
 */
export async function authorize(desk: UserDesk, email: string, password: string): Promise<UserRow> {
  if (passwordsOff(desk.settings))
    throw new Error('Sign in with email and password is disabled for this instance. Please use SSO.');
  if (isBlockedDomain(desk, email))
    throw new Error('Sign in with email and password is disabled for this domain. Please use SSO.');
  const user = await findUser(desk, email);
  if (user === undefined) {
    // The same work as for a known address, so that time tells nothing.
    await bcryptHash(password, 12);
    throw new Error('Invalid credentials');
  }
  if (user.password === null)
    throw new Error(
      'Please sign in with the identity provider (e.g. Google, GitHub, Azure AD, etc.) that is linked to your account.',
    );
  if (!(await bcryptMatches(password, user.password))) throw new Error('Invalid credentials');
  return user;
}
