import { Client } from 'pg';
import { type ParsedOptions, parseOptions, pathOf, type Tool, type ToolContext, addressOf } from './tool.ts';
import { printResult } from './psql-table.ts';

const takesValue =
  '-U --username -d --dbname -h --host -p --port -c --command -f --file -F --field-separator -v --set -P --pset -R'.split(
    ' ',
  );

interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** psql without its prompt: -c, -f or stdin, against this pod or any other. Exit codes as psql's: 1 SQL, 2 connection. */
export const psql: Tool = async (args, context) => {
  const options = parseOptions(args, takesValue);
  const target = targetOf(options, context);
  let client;
  try {
    client = new Client({ ...target, host: await addressOf(context, target.host) });
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.stderr(
      `psql: error: connection to server at "${target.host}", port ${target.port} failed: ${reason(why)}\n`,
    );
    return 2;
  }
  try {
    let failed = false;
    for (const sql of await statements(options, context)) {
      const code = await runStatement(client, sql, options, context);
      failed ||= code !== 0;
      if (code !== 0 && options.values('-v', '--set').includes('ON_ERROR_STOP=1')) return 3;
    }
    return failed && options.has('-c', '--command') ? 1 : 0;
  } finally {
    await client.end().catch(() => undefined);
  }
};

function reason(message: string): string {
  if (message.includes('ECONNREFUSED')) return 'Connection refused';
  if (message.includes('ENOTFOUND'))
    return 'could not translate host name to address: Name or service not known';
  return `FATAL:  ${message}`;
}

/** A local connection of the official image needs no password; here the server is asked over TCP with the image's. */
function targetOf(options: ParsedOptions, { env }: ToolContext): Target {
  const uri = [options.value('-d', '--dbname'), ...options.rest].find((each) => each?.includes('://'));
  if (uri !== undefined) return uriTarget(uri);
  const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD, POSTGRES_POSTGRES_PASSWORD, PGPASSWORD } = env;
  const superuser = POSTGRES_USER ?? 'postgres';
  const user = options.value('-U', '--username') ?? env['PGUSER'] ?? superuser;
  const own = user === 'postgres' ? (POSTGRES_POSTGRES_PASSWORD ?? POSTGRES_PASSWORD) : POSTGRES_PASSWORD;
  return {
    host: options.value('-h', '--host') ?? env['PGHOST'] ?? 'localhost',
    port: Number(options.value('-p', '--port') ?? env['PGPORT'] ?? 5432),
    user,
    database: options.value('-d', '--dbname') ?? options.rest[0] ?? env['PGDATABASE'] ?? POSTGRES_DB ?? user,
    password: PGPASSWORD ?? own ?? '',
  };
}

function uriTarget(uri: string): Target {
  const url = new URL(uri);
  return {
    host: url.hostname,
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    password: decodeURIComponent(url.password),
  };
}

async function statements(options: ParsedOptions, context: ToolContext): Promise<readonly string[]> {
  const commands = options.values('-c', '--command');
  if (commands.length > 0) return commands;
  const file = options.value('-f', '--file');
  if (file === undefined || file === '-') return [await context.stdin()];
  const { readFile } = await import('node:fs/promises');
  return [await readFile(pathOf(context, file), 'utf8')];
}

interface SqlClient {
  readonly query: (query: { text: string; rowMode: 'array' }) => Promise<unknown>;
}

async function runStatement(
  client: SqlClient,
  sql: string,
  options: ParsedOptions,
  context: ToolContext,
): Promise<number> {
  try {
    const answer = await client.query({ text: sql, rowMode: 'array' });
    for (const result of Array.isArray(answer) ? answer : [answer]) printResult(result, options, context);
    return 0;
  } catch (error) {
    const { message, severity = 'ERROR' } = error as Error & { severity?: string };
    context.stderr(`${severity}:  ${message}\n`);
    return 1;
  }
}
