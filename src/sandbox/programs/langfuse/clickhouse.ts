import { type Log, messageOf } from './log.ts';
import type { Resolve } from './network.ts';
import { httpClient, isNetworkError, type HttpClient } from './outgoing.ts';
import type { Settings } from './settings.ts';

/** Values for `{name: Type}` in a statement. */
export type ClickHouseParameters = Readonly<Record<string, string | number | readonly string[]>>;

/** ClickHouse as Langfuse's client uses it. */
export interface ClickHouse {
  /** Rows of a SELECT; the statement must not name a format. */
  readonly select: <Row>(sql: string, parameters?: ClickHouseParameters) => Promise<Row[]>;
  readonly insert: (table: string, rows: readonly object[]) => Promise<void>;
  readonly command: (sql: string, parameters?: ClickHouseParameters) => Promise<void>;
  readonly close: () => void;
}

/** An answer of ClickHouse that is an error, in the words of its JavaScript client. */
export class ClickHouseError extends Error {
  readonly code: string;
  readonly type: string | undefined;

  constructor(code: string, message: string, type: string | undefined) {
    super(message);
    this.code = code;
    this.type = type;
  }
}

type Post = (
  kind: 'Query' | 'Insert' | 'Command',
  query: Record<string, string>,
  body: string,
) => Promise<string>;

/** Client of the app's ClickHouse over HTTP; the log lines are those of the captures. */
export function openClickHouse(settings: Settings, resolve: Resolve, log: Log): ClickHouse {
  const http = httpClient(resolve, settings.number('CLICKHOUSE_MAX_OPEN_CONNECTIONS', 25));
  const post = poster(http, settings, log);
  return {
    select: async <Row>(sql: string, parameters: ClickHouseParameters = {}) =>
      rowsOf<Row>(await post('Query', asQuery(parameters), `${sql}\nFORMAT JSONEachRow`)),
    insert: async (table, rows) => {
      const query = {
        query: `INSERT INTO ${table} FORMAT JSONEachRow`,
        date_time_input_format: 'best_effort',
      };
      await post('Insert', query, rows.map((row) => JSON.stringify(row)).join('\n'));
    },
    command: async (sql, parameters = {}) => {
      await post('Command', asQuery(parameters), sql);
    },
    close: http.close,
  };
}

function poster(http: HttpClient, settings: Settings, log: Log): Post {
  const headers = {
    'X-ClickHouse-User': settings.text('CLICKHOUSE_USER') ?? 'default',
    'X-ClickHouse-Key': settings.text('CLICKHOUSE_PASSWORD') ?? '',
  };
  const database = settings.text('CLICKHOUSE_DB') ?? 'default';
  return async (kind, query, body) => {
    const url = new URL(settings.text('CLICKHOUSE_URL') ?? '');
    url.search = new URLSearchParams({ database, ...query }).toString();
    try {
      const answer = await http.send(url, { method: 'POST', headers, body });
      const text = answer.body.toString();
      if (answer.status !== 200) throw clickHouseError(answer.status, text);
      return text;
    } catch (error) {
      log.error(`[Connection] ${kind}: HTTP request error.`, error);
      throw error;
    }
  };
}

function asQuery(parameters: ClickHouseParameters): Record<string, string> {
  const query: Record<string, string> = { output_format_json_quote_64bit_integers: '0' };
  for (const [name, value] of Object.entries(parameters)) query[`param_${name}`] = parameterText(value);
  return query;
}

function parameterText(value: string | number | readonly string[]): string {
  const quoted = (item: string): string => `'${item.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? escaped(value) : `[${value.map(quoted).join(',')}]`;
}

/** Query parameters are read in ClickHouse's TSV escaping. */
function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n');
}

function rowsOf<Row>(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Same parsing as the JavaScript client does: code, message and type of `Code: N. DB::Exception: … (TYPE)`. */
function clickHouseError(status: number, text: string): ClickHouseError {
  const match = /(?:Code|Error): (\d+).*?Exception: (.+)\(((?=.+[A-Z]{3})[A-Z0-9_]+?)\)/s.exec(text);
  if (match === null)
    return new ClickHouseError(String(status), text.slice(0, 500) || `HTTP ${status}`, undefined);
  return new ClickHouseError(match[1] ?? '', (match[2] ?? '').trim(), match[3]);
}

/** Reads are tried three times when the network fails, 100 ms apart (web-clickhouse-unreachable capture). */
export async function selectWithRetries<Row>(
  clickhouse: ClickHouse,
  log: Log,
  sql: string,
  parameters: ClickHouseParameters = {},
): Promise<Row[]> {
  const attempts = 3;
  for (let attempt = 1; ; attempt++) {
    try {
      return await clickhouse.select<Row>(sql, parameters);
    } catch (error) {
      if (!isNetworkError(error)) throw error;
      log.warn(
        `ClickHouse query failed with retryable error (attempt ${attempt}/${attempts}): ${messageOf(error)}`,
      );
      if (attempt === attempts) throw error;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}

/** The probe of instrumentation and worker start; never fatal. */
export async function probeVersion(clickhouse: ClickHouse, log: Log): Promise<void> {
  try {
    await clickhouse.select('SELECT version() AS version');
    log.info('Resolved ClickHouse compatibility from version');
    log.info('Applying ClickHouse compatibility settings');
  } catch {
    log.warn('Failed to detect ClickHouse version; continuing without automatic compatibility settings');
  }
}
