import { createHash, randomBytes } from 'node:crypto';
import { isRecord } from '../../langfuse/event-check.ts';
import { messageOf } from '../../langfuse/log.ts';
import { jsonLimitBytes, readBody, type Answer } from '../answer.ts';
import { jsonBody, type Call, type Route } from '../route.ts';
import { cookieName, cookieOf, isSecure, sealed, sessionEmail, sessionSeconds } from '../session.ts';
import { sessionUser } from '../session-user.ts';
import { authorize, type UserDesk } from '../sign-in.ts';
import { signUp } from '../sign-up.ts';

/** NextAuth 4 as far as a password needs it (https://next-auth.js.org/getting-started/rest-api). */
export const authRoutes: readonly Route<UserDesk>[] = [
  { path: '/api/auth/signup', methods: { POST: async (desk, call) => signUp(desk, await jsonBody(call)) } },
  { path: '/api/auth/providers', methods: { GET: providers } },
  { path: '/api/auth/csrf', methods: { GET: csrf } },
  { path: '/api/auth/callback/credentials', methods: { POST: credentials } },
  { path: '/api/auth/session', methods: { GET: session } },
  { path: '/api/auth/signout', methods: { POST: signOut } },
];

async function providers(desk: UserDesk): Promise<Answer> {
  const url = baseUrl(desk);
  const [signinUrl, callbackUrl] = [`${url}/signin/credentials`, `${url}/callback/credentials`];
  const own = { id: 'credentials', name: 'credentials', type: 'credentials', signinUrl, callbackUrl };
  return { status: 200, json: { credentials: own } };
}

/** Where browsers reach NextAuth. */
const baseUrl = ({ settings }: UserDesk): string =>
  `${(settings.text('NEXTAUTH_URL') ?? 'http://localhost:3000').replace(/\/(?:api\/auth)?$/, '')}/api/auth`;

/** The token, and in a cookie the token with its hash. */
async function csrf(desk: UserDesk): Promise<Answer> {
  const token = randomBytes(32).toString('hex');
  const cookie = setCookie(desk, 'csrf-token', encodeURIComponent(`${token}|${csrfHash(desk, token)}`));
  return { status: 200, json: { csrfToken: token }, headers: { 'set-cookie': cookie } };
}

const csrfHash = ({ settings }: UserDesk, token: string): string =>
  createHash('sha256')
    .update(`${token}${settings.text('NEXTAUTH_SECRET') ?? ''}`)
    .digest('hex');

function setCookie(
  { settings }: UserDesk,
  name: 'session-token' | 'csrf-token',
  value: string,
  seconds?: number,
): string {
  const expires =
    seconds === undefined ? '' : `; Expires=${new Date(Date.now() + seconds * 1000).toUTCString()}`;
  const secure = isSecure(settings) ? '; Secure' : '';
  return `${cookieName(settings, name)}=${value}; Path=/${expires}; HttpOnly${secure}; SameSite=Lax`;
}

/** Sign-in by password: with `json=true` the way on stands in the body, else in Location. */
async function credentials(desk: UserDesk, call: Call): Promise<Answer> {
  const form = await formOf(call);
  if (!isOwnForm(desk, call, form['csrfToken'] ?? ''))
    return wayOn(form, 200, `${baseUrl(desk)}/signin?csrf=true`);
  const { email = '', password = '' } = form;
  try {
    const user = await authorize(desk, email, password);
    const claims = { name: user.name, email: user.email ?? '', picture: user.image, sub: user.id };
    const token = sealed(desk.settings, claims, new Date());
    const cookie = setCookie(desk, 'session-token', token, sessionSeconds(desk.settings));
    const target = form['callbackUrl'] ?? baseUrl(desk).replace(/\/api\/auth$/, '');
    return withCookie(wayOn(form, 200, target), cookie);
  } catch (error) {
    return wayOn(form, 401, `${baseUrl(desk)}/error?error=${encodeURIComponent(messageOf(error))}`);
  }
}

const withCookie = (answer: Answer, cookie: string): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'set-cookie': cookie },
});

function wayOn(form: Readonly<Record<string, string>>, status: number, url: string): Answer {
  if (form['json'] === 'true') return { status, json: { url } };
  return { status: 302, text: '', headers: { location: url } };
}

/** The form comes from a page of this site: its token is the cookie's. */
function isOwnForm(desk: UserDesk, { request }: Call, token: string): boolean {
  const cookie = decodeURIComponent(cookieOf(request, cookieName(desk.settings, 'csrf-token')) ?? '');
  return token !== '' && cookie === `${token}|${csrfHash(desk, token)}`;
}

/** A body as browsers and as fetch send it. */
async function formOf({ request }: Call): Promise<Readonly<Record<string, string>>> {
  const text = (await readBody(request, jsonLimitBytes)).toString();
  const isJson = /json/.test(request.headers['content-type'] ?? '');
  if (!isJson) return Object.fromEntries(new URLSearchParams(text));
  try {
    const body: unknown = JSON.parse(text);
    return Object.fromEntries(
      Object.entries(isRecord(body) ? body : {}).map(([name, value]) => [name, String(value)]),
    );
  } catch {
    return {};
  }
}

/** `{}` without a session; `user` is null for one whose user is gone. */
async function session(desk: UserDesk, { request }: Call): Promise<Answer> {
  const email = sessionEmail(desk.settings, request, new Date());
  if (email === undefined) return { status: 200, json: {} };
  const expires = new Date(Date.now() + sessionSeconds(desk.settings) * 1000).toISOString();
  const user = (await sessionUser(desk, email)) ?? null;
  return { status: 200, json: { user, expires } };
}

async function signOut(desk: UserDesk, call: Call): Promise<Answer> {
  const form = await formOf(call);
  const answer = wayOn(form, 200, form['callbackUrl'] ?? baseUrl(desk).replace(/\/api\/auth$/, ''));
  return withCookie(answer, setCookie(desk, 'session-token', '', 0));
}
