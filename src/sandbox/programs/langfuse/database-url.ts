import type { Settings } from './settings.ts';

/** The image's entrypoint joins the parts without encoding and ignores DATABASE_PORT (web/entrypoint.sh of v3). */
export function databaseUrl(settings: Settings): string | undefined {
  const given = settings.text('DATABASE_URL');
  if (given !== undefined) return given;
  const [host, user, password, name] = ['HOST', 'USERNAME', 'PASSWORD', 'NAME'].map((part) =>
    settings.text(`DATABASE_${part}`),
  );
  if ([host, user, password, name].includes(undefined)) return undefined;
  const options = settings.text('DATABASE_ARGS');
  return `postgresql://${user}:${password}@${host}/${name}${options === undefined ? '' : `?${options}`}`;
}

/** What the entrypoints print when neither the URL nor all its parts are set. */
export const databaseUrlMissing =
  'Error: Required database environment variables are not set. Provide a postgres url for DATABASE_URL.';

/** Where a database is, taken from its URL. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly schema: string;
}

/** Parts of a Postgres URL as Prisma reads them; undefined where Prisma says P1013. */
export function parseDatabaseUrl(text: string): DatabaseAddress | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname === '' && url.searchParams.get('host') === null) return undefined;
  return {
    host: url.searchParams.get('host') ?? url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database: decoded(url.pathname.slice(1)),
    schema: url.searchParams.get('schema') ?? 'public',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Prisma's reason for P1013. */
export function badUrlReason(text: string): string {
  if (!/^postgres(?:ql)?:\/\//.test(text))
    return 'The scheme is not recognized in database URL. the URL must start with the protocol `postgresql://` or `postgres://`.';
  return `${/@[^/]*$|:[^@/]*[/#?]/.test(text.slice(13)) ? 'invalid port number' : 'empty host'} in database URL.`;
}
