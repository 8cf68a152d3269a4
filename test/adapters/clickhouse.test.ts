import { afterEach, describe, expect, it } from 'vitest';
import { clickHouseOpener } from '../../src/adapters/clickhouse.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import type { HttpServer } from './kube-server.ts';
import { httpServer } from './kube-server.ts';
import { accessOf, canary, errorOf, expectNoSecret } from './support.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A ClickHouse that logs everyone in and answers the question after that as told. */
async function answering(
  status: number,
  body: string,
  login: (url: URL) => string | null = () => null,
): Promise<{ server: HttpServer; connect: () => Promise<ClickHousePort> }> {
  const server = await httpServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    let sql = '';
    request.on('data', (chunk: Buffer) => (sql += chunk.toString()));
    request.on('end', () => {
      const refusal = login(url);
      if (refusal !== null) response.writeHead(500).end(refusal);
      else if (sql.startsWith('SELECT 1 AS ok')) response.end(rows({ ok: 1 }));
      else response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    });
  });
  const target = { url: server.url, user: 'lf', password: new Secret(canary), database: 'default' };
  open.push(server);
  return {
    server,
    connect: async () => {
      const port = await clickHouseOpener()(target, accessOf());
      open.unshift(port);
      return port;
    },
  };
}

const rows = (...data: unknown[]): string => JSON.stringify({ meta: [], data, rows: data.length });

const exception = (code: number, text: string, type: string): string =>
  `Code: ${code}. DB::Exception: ${text}. (${type}) (version 25.8.1.1 (official build))\n`;

describe('ClickHouse', () => {
  it.each([
    [497, 'ACCESS_DENIED', 'CLICKHOUSE_FORBIDDEN'],
    [516, 'AUTHENTICATION_FAILED', 'CLICKHOUSE_AUTH'],
    [192, 'UNKNOWN_USER', 'CLICKHOUSE_AUTH'],
    [193, 'WRONG_PASSWORD', 'CLICKHOUSE_AUTH'],
    [194, 'REQUIRED_PASSWORD', 'CLICKHOUSE_AUTH'],
    [159, 'TIMEOUT_EXCEEDED', 'CLICKHOUSE_TIMEOUT'],
    [241, 'MEMORY_LIMIT_EXCEEDED', 'CLICKHOUSE_FAILED'],
  ])('code %i %s', async (code, type, expected) => {
    const { connect } = await answering(500, exception(code, `it is said of ${canary}`, type));
    const error = await errorOf((await connect()).query('SELECT 2'));
    expect(error.code).toBe(expected);
    expect(error.message).toContain(`(code ${code}, ${type})`);
    expectNoSecret(error);
  });

  it.each([
    [200, '<html><h1>Welcome to nginx!</h1></html>', 'Welcome to nginx!'],
    [404, '<html><h1>Not Found</h1></html>', 'Not Found'],
    [502, 'upstream connect error', 'upstream connect error'],
    [200, '{"data": [{"n": 1}', '{"data"'],
    [200, '', 'empty'],
    [200, '[]', '[]'],
  ])('says that an answer %i %s is none of its own', async (status, body, text) => {
    const { connect } = await answering(status, body);
    const error = await errorOf((await connect()).query('SELECT 2'));
    expect(error.code).toBe('CLICKHOUSE_ANSWER');
    expect(error.message).toContain(text);
  });

  it('works for a user whose profile is read-only', async () => {
    const readOnly = (url: URL): string | null =>
      url.searchParams.has('output_format_json_quote_64bit_integers')
        ? exception(
            164,
            "Cannot modify 'output_format_json_quote_64bit_integers' setting in readonly mode",
            'READONLY',
          )
        : null;
    const { connect, server } = await answering(200, rows({ n: 2 }), readOnly);
    expect(await (await connect()).query('SELECT 2 AS n')).toEqual([{ n: 2 }]);
    expect(server.asked.length).toBe(3);
  });

  it.each([
    [
      'in its middle',
      `{"data":[{"n":1},\n${exception(241, 'Memory limit exceeded', 'MEMORY_LIMIT_EXCEEDED')}`,
    ],
    [
      'at its end',
      `{"data":[{"n":1}],"exception":"${exception(241, 'Memory limit exceeded', 'MEMORY_LIMIT_EXCEEDED').trim()}"}`,
    ],
  ])('says when an answer holds an exception %s', async (_where, body) => {
    const { connect } = await answering(200, body);
    const error = await errorOf((await connect()).query('SELECT 2 AS n'));
    expect(error.code).toBe('CLICKHOUSE_FAILED');
    expect(error.message).toContain('Memory limit exceeded (code 241, MEMORY_LIMIT_EXCEEDED)');
  });

  it('sends what it must, and the login only in headers', async () => {
    const { connect, server } = await answering(200, rows());
    expect(await (await connect()).query('SELECT {a:String}', { a: 'b c' })).toEqual([]);
    const last = server.asked.at(-1);
    expect(new URL(last?.url ?? '', 'http://x').searchParams.get('param_a')).toBe('b c');
    expect(last?.url).not.toContain(canary);
    expect(last?.headers.authorization).toMatch(/^Basic /);
  });
});
