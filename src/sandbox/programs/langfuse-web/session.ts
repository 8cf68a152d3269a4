import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isRecord } from '../langfuse/event-check.ts';
import { uuid } from '../langfuse/ids.ts';
import type { Settings } from '../langfuse/settings.ts';

/** What NextAuth 4 derives its key with (https://github.com/nextauthjs/next-auth/blob/v4/packages/next-auth/src/jwt/index.ts). */
const keyPurpose = 'NextAuth.js Generated Encryption Key';

/** A session lives in its cookie alone: nothing in the stores ends it. */
export interface SessionClaims {
  readonly name: string | null;
  readonly email: string;
  readonly picture: string | null;
  /** The user's id at sign-in. */
  readonly sub: string;
}

/** Whether cookies are for HTTPS alone, by the scheme of NEXTAUTH_URL. */
export function isSecure(settings: Settings): boolean {
  return settings.text('NEXTAUTH_URL')?.startsWith('https://') === true;
}

/** The cookie's name as the browser has it, for example `__Secure-next-auth.session-token`. */
export function cookieName(settings: Settings, name: 'session-token' | 'csrf-token'): string {
  return `${isSecure(settings) ? '__Secure-' : ''}next-auth.${name}`;
}

/** Seconds that a session lasts: AUTH_SESSION_MAX_AGE is in minutes. */
export function sessionSeconds(settings: Settings): number {
  return settings.number('AUTH_SESSION_MAX_AGE', 43_200) * 60;
}

/** One cookie of a request; undefined when it was not sent. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(/; */);
  return cookies.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The e-mail address that a request's session carries; undefined without one, or past its time. */
export function sessionEmail(settings: Settings, request: IncomingMessage, now: Date): string | undefined {
  const token = cookieOf(request, cookieName(settings, 'session-token')) ?? '';
  const { email, exp } = opened(token, settings) ?? {};
  const expired = typeof exp !== 'number' || exp * 1000 < now.getTime();
  return typeof email === 'string' && !expired ? email : undefined;
}

/** A new session's token: a JWE in its compact form (dir, A256GCM). */
export function sealed(settings: Settings, claims: SessionClaims, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000);
  const text = JSON.stringify({ ...claims, iat, exp: iat + sessionSeconds(settings), jti: uuid() });
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(settings), iv).setAAD(Buffer.from(header));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [iv, body, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [header, '', ...parts].join('.');
}

const keyOf = (settings: Settings): Buffer =>
  Buffer.from(hkdfSync('sha256', settings.text('NEXTAUTH_SECRET') ?? '', '', keyPurpose, 32));

/** The claims; undefined for a token that another secret made. */
function opened(token: string, settings: Settings): Readonly<Record<string, unknown>> | undefined {
  const [header = '', , iv = '', text = '', tag = ''] = token.split('.');
  try {
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', keyOf(settings), bytes(iv));
    decipher.setAAD(Buffer.from(header)).setAuthTag(bytes(tag));
    const claims: unknown = JSON.parse(
      `${decipher.update(bytes(text), undefined, 'utf8')}${decipher.final('utf8')}`,
    );
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
