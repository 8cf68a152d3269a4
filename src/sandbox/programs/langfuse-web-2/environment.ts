import { isUrl, type Issue, type Settings } from '../langfuse/settings.ts';

/** The text names a page of its time; later releases name another. */
const saltMessage =
  'A strong Salt is required to encrypt API keys securely. See: https://langfuse.com/docs/deployment/self-host#deploy-the-container';

const keyMessage =
  'ENCRYPTION_KEY must be 256 bits, 64 string characters in hex format, generate via: openssl rand -hex 32';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Variables that are exactly "true" or "false". */
const switches = [
  'LANGFUSE_ENABLE_EXPERIMENTAL_FEATURES',
  'LANGFUSE_CSP_ENFORCE_HTTPS',
  'TELEMETRY_ENABLED',
  'AUTH_DISABLE_USERNAME_PASSWORD',
  'AUTH_DISABLE_SIGNUP',
  'S3_FORCE_PATH_STYLE',
  'CLICKHOUSE_CLUSTER_ENABLED',
  'REDIS_ENABLE_AUTO_PIPELINING',
  'LANGFUSE_CACHE_API_KEY_ENABLED',
  'LANGFUSE_S3_MEDIA_UPLOAD_ENABLED',
  'LANGFUSE_S3_MEDIA_UPLOAD_FORCE_PATH_STYLE',
] as const;

/** Problems of the variables in zod 3's words (web/src/env.mjs at v2.95.12). */
export function webIssues2(settings: Settings): Issue[] {
  const text = settings.text;
  const key = text('ENCRYPTION_KEY');
  const port = text('REDIS_PORT');
  return [
    ...(text('NEXTAUTH_SECRET') === undefined ? [issue('NEXTAUTH_SECRET', 'Required')] : []),
    ...nextAuthUrl(text('NEXTAUTH_URL')),
    ...(text('SALT') === undefined ? [issue('SALT', saltMessage)] : []),
    ...switches.flatMap((name) => badSwitch(name, text(name))),
    ...(key !== undefined && key.length !== 64 ? [issue('ENCRYPTION_KEY', keyMessage)] : []),
    ...(Number.isNaN(Number(port ?? 0)) ? [issue('REDIS_PORT', 'Expected number, received nan')] : []),
  ];
}

/**
 * Whether the variables that web shares with its packages are fine (packages/shared/src/env.ts at v2.95.12). Where they
 * are not, nothing tells which: Next 14 fails at putting its own words in front of zod's.
 */
export function sharedVariablesFit({ text }: Settings): boolean {
  const clickHouse = text('CLICKHOUSE_URL');
  return (
    logLevels.includes(text('LANGFUSE_LOG_LEVEL') ?? 'info') &&
    ['text', 'json'].includes(text('LANGFUSE_LOG_FORMAT') ?? 'text') &&
    (clickHouse === undefined || isUrl(clickHouse))
  );
}

function nextAuthUrl(url: string | undefined): Issue[] {
  if (url === undefined) return [issue('NEXTAUTH_URL', 'Required')];
  return isUrl(url) ? [] : [issue('NEXTAUTH_URL', 'Invalid url')];
}

function badSwitch(name: string, value: string | undefined): Issue[] {
  if (value === undefined || value === 'true' || value === 'false') return [];
  return [issue(name, `Invalid enum value. Expected 'true' | 'false', received '${value}'`)];
}

function issue(name: string, message: string): Issue {
  return { code: 'custom', path: [name], message };
}
