import type { PostgresTarget } from '../../ports/postgres.ts';
import { envText } from '../resolve-env.ts';
import type { ResolvedEnv } from '../model.ts';
import { Secret } from '../secret.ts';
import { decode } from './decode.ts';

export type Parsed<Target> =
  | { readonly target: Target; readonly why: null }
  | { readonly target: null; readonly why: string };

/** DATABASE_URL, else the URL that the image's entrypoint builds from DATABASE_* parts, without any encoding. */
export function databaseUrl(
  env: ResolvedEnv,
): { readonly url: string; readonly variables: readonly string[] } | null {
  const url = envText(env, 'DATABASE_URL');
  if (url !== null) return { url, variables: ['DATABASE_URL'] };
  const parts = ['DATABASE_HOST', 'DATABASE_USERNAME', 'DATABASE_PASSWORD', 'DATABASE_NAME'] as const;
  const [host, user, password, name] = parts.map((part) => envText(env, part));
  if (host == null || user == null || password == null || name == null) return null;
  const args = envText(env, 'DATABASE_ARGS');
  // The entrypoint ignores DATABASE_PORT (langfuse/langfuse web/entrypoint.sh).
  return {
    url: `postgresql://${user}:${password}@${host}/${name}${args === null ? '' : `?${args}`}`,
    variables: parts,
  };
}

/** Characters of the password that a URL must have percent-encoded and this one has not. */
export function unencodedCharacters(url: string): string {
  const rest = url.replace(/^[a-z0-9+.-]+:\/\//i, '');
  // Where the login ends as it should, an @ of the query is none of its own.
  const ends = /^[^/?#]*@/.test(rest);
  const before = ends ? (rest.split(/[?#]/)[0] ?? '') : rest;
  const userinfo = before.slice(0, Math.max(0, before.lastIndexOf('@')));
  const colon = userinfo.indexOf(':');
  if (colon < 0) return '';
  const password = userinfo.slice(colon + 1).replace(/%[0-9a-f]{2}/gi, '');
  return [...new Set(password.match(/[@/?#[\]%\s]/g) ?? [])].join('');
}

/** True for characters that end the authority of a URL; WHATWG parsers, Prisma's too, survive the others. */
export function breaksUrl(unencoded: string): boolean {
  return /[/?#]/.test(unencoded);
}

export function parsePostgresUrl(url: string): Parsed<PostgresTarget> {
  const unencoded = unencodedCharacters(url);
  if (breaksUrl(unencoded)) return { target: null, why: `the password holds ${unencoded} unencoded` };
  if (!/^postgres(ql)?:\/\//i.test(url)) return { target: null, why: 'the scheme is not postgresql://' };
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return { target: null, why: 'it is not a URL' };
  }
  if (namesSocket(parsed))
    return { target: null, why: 'it names a unix socket inside the pod, which only the pod reaches' };
  return { target: fromUrl(parsed), why: null };
}

/** `?host=/path`, `%2Fpath` for a host, or no host: https://www.postgresql.org/docs/current/libpq-connect.html */
function namesSocket(url: URL): boolean {
  return url.hostname === '' || /^(\/|%2f)/i.test(url.searchParams.get('host') ?? url.hostname);
}

function fromUrl(url: URL): PostgresTarget {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decode(url.username),
    password: new Secret(decode(url.password)),
    database: decode(url.pathname.slice(1)) || decode(url.username),
    tls: tlsMode(url.searchParams.get('sslmode')),
    schema: url.searchParams.get('schema') ?? 'public',
  };
}

function tlsMode(text: string | null): PostgresTarget['tls'] {
  switch (text) {
    case 'require':
    case 'verify-ca':
    case 'verify-full':
    case 'disable':
      return text;
    default:
      // Prisma's own default: https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments
      return 'prefer';
  }
}
