/** The container's env as Langfuse reads it: an empty string counts as unset (langfuse.com/self-hosting/configuration). */
export interface Settings {
  readonly text: (name: string) => string | undefined;
  /** A whole number, or the default when unset or not a number. */
  readonly number: (name: string, fallback: number) => number;
  /** Exactly "true" or "false"; else the default. */
  readonly flag: (name: string, fallback: boolean) => boolean;
}

/** Reads settings from the env. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const text = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    text,
    number: (name, fallback) => {
      const value = Number(text(name));
      return text(name) === undefined || Number.isNaN(value) ? fallback : value;
    },
    flag: (name, fallback) => {
      const value = text(name);
      return value === 'true' ? true : value === 'false' ? false : fallback;
    },
  };
}

/** A problem with one variable, in zod 4's shape (field order is what the log shows). */
export interface Issue {
  readonly expected?: string;
  readonly origin?: string;
  readonly code: string;
  readonly minimum?: number;
  readonly inclusive?: boolean;
  readonly exact?: boolean;
  readonly format?: string;
  readonly received?: string;
  readonly values?: readonly string[];
  readonly path: readonly [string];
  readonly message: string;
}

/** zod's issue for a required string that is not there. */
export function missing(name: string, message?: string): Issue {
  return {
    expected: 'string',
    code: 'invalid_type',
    path: [name],
    message: message ?? 'Invalid input: expected string, received undefined',
  };
}

/** Problems of the variables that web and worker share; a ZodError in the real ones. */
export function sharedIssues(settings: Settings): Issue[] {
  return [
    ...logLevel(settings),
    ...redisPort(settings),
    ...encryptionKey(settings),
    ...clickHouseUrl(settings),
    ...['CLICKHOUSE_USER', 'CLICKHOUSE_PASSWORD', 'LANGFUSE_S3_EVENT_UPLOAD_BUCKET']
      .filter((name) => settings.text(name) === undefined)
      .map((name) => missing(name)),
  ];
}

function redisPort(settings: Settings): Issue[] {
  const value = settings.text('REDIS_PORT');
  if (value === undefined || !Number.isNaN(Number(value))) return [];
  const message = 'Invalid input: expected number, received NaN';
  return [{ expected: 'number', code: 'invalid_type', received: 'NaN', path: ['REDIS_PORT'], message }];
}

function encryptionKey(settings: Settings): Issue[] {
  const key = settings.text('ENCRYPTION_KEY');
  if (key === undefined || key.length === 64) return [];
  return [
    {
      origin: 'string',
      code: key.length < 64 ? 'too_small' : 'too_big',
      minimum: 64,
      inclusive: true,
      exact: true,
      path: ['ENCRYPTION_KEY'],
      message:
        'ENCRYPTION_KEY must be 256 bits, 64 string characters in hex format, generate via: openssl rand -hex 32',
    },
  ];
}

function clickHouseUrl(settings: Settings): Issue[] {
  const url = settings.text('CLICKHOUSE_URL');
  if (url === undefined) return [missing('CLICKHOUSE_URL')];
  return isUrl(url) ? [] : [badUrl('CLICKHOUSE_URL')];
}

/** zod's issue for a string that is no URL. */
export function badUrl(name: string): Issue {
  return { code: 'invalid_format', format: 'url', path: [name], message: 'Invalid URL' };
}

/** Whether the text is an absolute URL. */
export function isUrl(text: string): boolean {
  return URL.canParse(text);
}

/** zod's text of several issues. */
export function issuesText(issues: readonly Issue[]): string {
  return JSON.stringify(issues, null, 2);
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

function logLevel(settings: Settings): Issue[] {
  const level = settings.text('LANGFUSE_LOG_LEVEL');
  if (level === undefined || logLevels.includes(level)) return [];
  const options = logLevels.map((one) => `"${one}"`).join('|');
  const message = `Invalid option: expected one of ${options}`;
  return [{ code: 'invalid_value', values: logLevels, path: ['LANGFUSE_LOG_LEVEL'], message }];
}
