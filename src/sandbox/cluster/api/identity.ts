import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { asFields, numberOf, textOf } from '../fields.ts';
import { kinds } from '../kinds.ts';
import type { ObjectStore } from '../objects.ts';
import type { Identity } from './rbac.ts';
import { requireAccess } from './rbac.ts';
import { StatusError } from './status.ts';

/** Who may talk to the API: a bearer token and the groups it stands for. */
export interface ApiUser {
  readonly name: string;
  readonly token: string;
  /** `system:masters` may do all. */
  readonly groups: readonly string[];
}

/** Turns a request's headers into who asks. */
export interface Authenticator {
  /** @throws StatusError 401 for a token nobody has */
  readonly identify: (headers: IncomingHttpHeaders) => Identity;
  /** A token that this server accepts as the service account until it expires. */
  readonly issue: (namespace: string, name: string, lifeSeconds: number) => string;
}

const anonymous: Identity = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Who a service account is to RBAC. */
function serviceAccountIdentity(namespace: string, name: string): Identity {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** Claims that are no JSON name no account, and so are refused like those of an unknown one. */
function decodeClaims(text: string): Readonly<Record<string, unknown>> {
  try {
    return asFields(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return {};
  }
}

const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

const same = (left: string, right: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
};

/**
 * Service account tokens are JWTs signed with a key made from the users' tokens, so that they outlive a restart of
 * the server without a key file.
 */
export function createAuthenticator(
  store: ObjectStore,
  users: readonly ApiUser[],
  now: () => Date,
): Authenticator {
  const key = createHash('sha256')
    .update(users.map((user) => user.token).join('\n'))
    .digest();
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');

  const issue: Authenticator['issue'] = (namespace, name, lifeSeconds) => {
    const issued = seconds(now());
    const { name: sub } = serviceAccountIdentity(namespace, name);
    const claims = { iss: 'sandbox', sub, namespace, account: name, iat: issued, exp: issued + lifeSeconds };
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${body}.${sign(body)}`;
  };

  const fromJwt = (token: string): Identity => {
    const [head = '', claims = '', signature = ''] = token.split('.');
    if (!same(sign(`${head}.${claims}`), signature)) throw unauthorized();
    const { namespace, account, exp } = decodeClaims(claims);
    const found = store.get(kinds.serviceAccounts, textOf(namespace), textOf(account));
    if (found === null || numberOf(exp) < seconds(now())) throw unauthorized();
    return serviceAccountIdentity(textOf(namespace), textOf(account));
  };

  const fromToken = (header: string | undefined): Identity => {
    if (header === undefined || header === '') return anonymous;
    const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(header) ?? [];
    const user = users.find((each) => same(each.token, token));
    if (user === undefined) return fromJwt(token);
    return { name: user.name, groups: [...new Set([...user.groups, 'system:authenticated'])] };
  };

  return {
    identify: (headers) => impersonated(store, fromToken(headers.authorization), headers),
    issue,
  };
}

/** Impersonate-User and Impersonate-Group (`kubectl --as`), if the caller may. */
function impersonated(store: ObjectStore, caller: Identity, headers: IncomingHttpHeaders): Identity {
  const name = headers['impersonate-user'];
  if (typeof name !== 'string') return caller;
  const groups = [headers['impersonate-group'] ?? []].flat().flatMap((each) => each.split(/,\s*/));
  const base = { verb: 'impersonate', group: '', subresource: '', namespace: '' };
  requireAccess(store, caller, { ...base, resource: 'users', name });
  for (const group of groups) requireAccess(store, caller, { ...base, resource: 'groups', name: group });
  const [, , namespace, account] = name.split(':');
  if (name.startsWith('system:serviceaccount:') && namespace !== undefined && account !== undefined)
    return serviceAccountIdentity(namespace, account);
  return { name, groups: [...groups, 'system:authenticated'] };
}
