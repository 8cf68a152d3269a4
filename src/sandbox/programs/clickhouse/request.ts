import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request of the HTTP interface. https://clickhouse.com/docs/interfaces/http */
export interface ClickHouseRequest {
  readonly queryId: string;
  /** From the URL; the body follows it. */
  readonly query: string;
  readonly user: string;
  readonly password: string;
  readonly database: string | null;
  /** Shared with other requests of the same id; null = a session of its own. */
  readonly sessionId: string | null;
  readonly sessionTimeoutMs: number;
  readonly defaultFormat: string;
  /** Settings and `param_…` of the URL, by name. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly gzipAnswer: boolean;
  readonly waitEndOfQuery: boolean;
  /** GET must not write. */
  readonly readonly: boolean;
}

/** Parameters of the HTTP interface itself: https://clickhouse.com/docs/interfaces/http */
const interfaceParameters = new Set([
  'query',
  'query_id',
  'user',
  'password',
  'quota_key',
  'database',
  'default_format',
  'enable_http_compression',
  'compress',
  'decompress',
  'wait_end_of_query',
  'buffer_size',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'stacktrace',
  'client_protocol_version',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
]);

const defaultSessionSeconds = 60;

/** Settings that only say how rows are gathered before a write, which is at once here. */
const inertSettings = new Set(['async_insert', 'wait_for_async_insert', 'async_insert_busy_timeout_ms']);

/** Takes user, database, settings and parameters from headers and query. */
export function readRequest(message: IncomingMessage, url: URL): ClickHouseRequest {
  const parameters = url.searchParams;
  const accepts = message.headers['accept-encoding']?.toString() ?? '';
  return {
    queryId: parameters.get('query_id') || randomUUID(),
    query: parameters.get('query') ?? '',
    ...credentials(message, parameters),
    database: parameters.get('database') || header(message, 'x-clickhouse-database') || null,
    sessionId: parameters.get('session_id') || null,
    sessionTimeoutMs: 1000 * Number(parameters.get('session_timeout') || defaultSessionSeconds),
    defaultFormat:
      parameters.get('default_format') || header(message, 'x-clickhouse-format') || 'TabSeparated',
    settings: [...parameters].filter(([name]) => !interfaceParameters.has(name) && !inertSettings.has(name)),
    gzipAnswer: parameters.get('enable_http_compression') === '1' && /\bgzip\b/.test(accepts),
    waitEndOfQuery: parameters.get('wait_end_of_query') === '1',
    readonly: message.method === 'GET',
  };
}

/** By Basic authentication, by ClickHouse's own headers, or by the URL. */
function credentials(
  message: IncomingMessage,
  parameters: URLSearchParams,
): Pick<ClickHouseRequest, 'user' | 'password'> {
  const basic = /^Basic\s+(.+)$/i.exec(message.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0
      ? { user: text, password: '' }
      : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return {
    user: header(message, 'x-clickhouse-user') || parameters.get('user') || 'default',
    password: header(message, 'x-clickhouse-key') || parameters.get('password') || '',
  };
}

function header(message: IncomingMessage, name: string): string {
  const value = message.headers[name];
  return typeof value === 'string' ? value : '';
}
