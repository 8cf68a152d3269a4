import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findClickHouse } from '../../../src/sandbox/programs/clickhouse/engine.ts';
import {
  bundleRunner,
  endAll,
  login,
  removeRunner,
  startClickHouse,
  type ClickHouseProcess,
} from './clickhouse-process.ts';
import { eventually, testFolder } from './host.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let runner: string;
let server: ClickHouseProcess;
let client: ClickHouseClient;

const columns = '(id String, at DateTime64(3), project_id String, size UInt64, tags Array(String))';
const engine = 'ENGINE = ReplacingMergeTree(at) PARTITION BY toYYYYMM(at) ORDER BY (project_id, id)';

beforeAll(async () => {
  folder = await testFolder();
  runner = await bundleRunner('lfctl-stores');
  server = await startClickHouse({ runner, folder: join(folder.path, 'shared') });
  client = server.client();
  await client.command({ query: `CREATE TABLE traces ${columns} ${engine}` });
});
afterAll(async () => {
  await client.close();
  endAll();
  await removeRunner('lfctl-stores');
  await folder.remove();
});

async function rows(query: string, options: object = {}, from = client): Promise<Record<string, unknown>[]> {
  return (await from.query({ query, format: 'JSONEachRow', ...options })).json();
}

const url = (parameters: Record<string, string>): string =>
  `${server.url}/?${new URLSearchParams(parameters).toString()}`;
const spoolPath = ['shared', 'root', 'tmp', 'clickhouse'];
const auth = {
  authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
};
const send = (query: string, parameters: Record<string, string> = {}): Promise<Response> =>
  fetch(url({ database: 'langfuse', ...parameters }), { method: 'POST', body: query, headers: auth });

describe('health and login', () => {
  it('answers pings without a login', async () => {
    expect(await (await fetch(`${server.url}/ping`)).text()).toBe('Ok.\n');
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });

  it.each([
    ['Basic', { authorization: `Basic ${Buffer.from('langfuse:wrong').toString('base64')}` }, {}],
    ['headers', { 'x-clickhouse-user': 'langfuse', 'x-clickhouse-key': 'wrong' }, {}],
    ['the URL', {}, { user: 'langfuse', password: 'wrong' }],
  ])('refuses a wrong password by %s in the words of the real server', async (_by, headers, parameters) => {
    const answer = await fetch(url(parameters), { method: 'POST', body: 'SELECT 1', headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516');
    expect(answer.headers.get('x-clickhouse-server-display-name')).toBe('clickhouse-0');
    expect(await answer.text()).toMatch(
      /^Code: 516\. DB::Exception: langfuse: Authentication failed: password is incorrect, or there is no user with that name\. \(AUTHENTICATION_FAILED\) \(version 26\.\S+ \(official build\)\)\n$/,
    );
    expect(server.log.join('\n')).not.toContain('canary');
  });

  it.each([
    ['Basic', auth, {}],
    ['headers', { 'x-clickhouse-user': login.username, 'x-clickhouse-key': login.password }, {}],
    ['the URL', {}, { user: login.username, password: login.password }],
  ])('lets the right password in by %s', async (_by, headers, parameters) => {
    const answer = await fetch(url({ ...parameters, query_id: 'mine' }), {
      method: 'POST',
      body: 'SELECT 1',
      headers,
    });
    expect(await answer.text()).toBe('1\n');
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('mine');
  });
});

describe('queries', () => {
  it('keeps to UTC, whatever the zone of the machine', async () => {
    expect(
      await rows("SELECT timezone() AS zone, toUInt32(toDateTime('2026-01-01 00:00:00')) AS at"),
    ).toEqual([{ zone: 'UTC', at: 1767225600 }]);
  });

  it('binds parameters of every kind', async () => {
    const query = 'SELECT {s:String} AS s, {n:UInt32} AS n, {a:Array(String)} AS a, {d:DateTime64(3)} AS d';
    const query_params = {
      s: "it's \\ \n x",
      n: 7,
      a: ['a', "b'c"],
      d: new Date('2025-01-02T03:04:05.678Z'),
    };
    expect(await rows(query, { query_params })).toEqual([{ ...query_params, d: '2025-01-02 03:04:05.678' }]);
  });

  it.each([
    ['JSON', 'application/json'],
    ['JSONEachRow', 'application/x-ndjson'],
    ['CSVWithNames', 'text/csv'],
    ['TabSeparated', 'text/tab-separated-values'],
    ['Parquet', 'application/octet-stream'],
  ])('answers 200 000 rows as one document in %s', async (format, type) => {
    const answer = await send(`SELECT number AS a FROM numbers(200000) FORMAT ${format} -- as asked`);
    expect(answer.headers.get('content-type')).toContain(type);
    const body = Buffer.from(await answer.arrayBuffer());
    if (format === 'JSON') expect(JSON.parse(body.toString())).toMatchObject({ rows: 200_000 });
    if (format === 'CSVWithNames') expect(body.toString().match(/"a"/g)).toHaveLength(1);
    if (format === 'Parquet') expect(body.toString('latin1').match(/PAR1/g)).toHaveLength(2);
  });

  it('compresses when the client asks for it', async () => {
    const gzip = server.client({ compression: { request: true, response: true } });
    expect(await rows('SELECT number FROM numbers(3)', {}, gzip)).toHaveLength(3);
    await gzip.close();
    const body = gzipSync('SELECT 5');
    const headers = { ...auth, 'content-encoding': 'gzip', 'accept-encoding': 'gzip' };
    const answer = await fetch(url({ enable_http_compression: '1' }), { method: 'POST', body, headers });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe('5\n');
    const broken = await fetch(url({}), { method: 'POST', body: body.subarray(0, 12), headers });
    expect(broken.headers.get('x-clickhouse-exception-code')).toBe('354');
    expect(gunzipSync(body).toString()).toBe('SELECT 5');
  });

  it('applies settings to their request alone', async () => {
    const slow = rows('SELECT sleep(3)', { clickhouse_settings: { max_execution_time: 1 } });
    await expect(slow).rejects.toMatchObject({ type: 'TIMEOUT_EXCEEDED', code: '159' });
    expect(await rows("SELECT value FROM system.settings WHERE name = 'max_execution_time'")).toEqual([
      { value: '0' },
    ]);
  });

  it('keeps what belongs to a session_id for its requests, one at a time', async () => {
    const session = server.client({ session_id: 'shared' });
    await session.command({ query: 'CREATE TEMPORARY TABLE kept (a Int8)' });
    expect(await rows('SELECT count() AS c FROM kept', {}, session)).toEqual([{ c: 0 }]);
    await expect(rows('SELECT count() AS c FROM kept')).rejects.toMatchObject({ type: 'UNKNOWN_TABLE' });
    const slow = rows('SELECT sleep(1)', { query_id: 'in-session' }, session);
    await eventually(async () => {
      const running = await rows("SELECT 1 FROM system.processes AS p WHERE p.query_id = 'in-session'");
      expect(running).toHaveLength(1);
    });
    const other = server.client({ session_id: 'shared' });
    await expect(rows('SELECT 1', {}, other)).rejects.toMatchObject({ type: 'SESSION_IS_LOCKED' });
    await slow;
    await Promise.all([session.close(), other.close()]);
  });

  it('goes on answering while more queries wait than it has threads for', async () => {
    const minutes = 'SELECT sum(sleepEachRow(0.05)) FROM numbers(2000) SETTINGS max_block_size = 1';
    const many = server.client({ max_open_connections: 40 });
    let ended = 0;
    const slow = Array.from({ length: 30 }, async (_, index) => {
      await rows(minutes, { query_id: `slow-${index}` }, many).catch(() => undefined);
      ended += 1;
    });
    expect(await (await fetch(`${server.url}/ping`)).text()).toBe('Ok.\n');
    await eventually(async () => {
      await client.command({ query: "KILL QUERY WHERE query_id LIKE 'slow-%'" });
      expect(ended).toBe(30);
    });
    await Promise.all(slow);
    await many.close();
  });

  it('lets GET read and not write', async () => {
    expect(await (await fetch(url({ query: 'SELECT 1' }), { headers: auth })).text()).toBe('1\n');
    const answer = await fetch(url({ query: 'CREATE TABLE no (a Int8) ENGINE = Memory' }), { headers: auth });
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('164');
  });

  it.each([
    ['SELECT * FROM nope', 404, 'UNKNOWN_TABLE'],
    ['SELEC 1', 400, 'SYNTAX_ERROR'],
    ['SELECT nope FROM traces', 404, 'UNKNOWN_IDENTIFIER'],
    [
      'INSERT INTO traces (size) FORMAT JSONEachRow\n{"size":"x"}',
      400,
      'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
    ],
    ['INSERT INTO nope FORMAT JSONEachRow\n{"size":1}', 404, 'UNKNOWN_TABLE'],
    ['SELECT 1 SETTINGS nonsense = 1', 404, 'UNKNOWN_SETTING'],
    ['', 400, 'SYNTAX_ERROR'],
    ["SELECT nope, 'Code: 1. DB::Exception: (TEXT_OF_QUERY)'", 404, 'UNKNOWN_IDENTIFIER'],
  ])('says of %j what a server says, and nothing of its files', async (query, status, name) => {
    const answer = await send(query);
    const text = await answer.text();
    expect(text).toMatch(
      new RegExp(
        `^Code: \\d+\\. DB::Exception: [\\s\\S]*\\(${name}\\) \\(version [^()]* \\(official build\\)\\)\\n$`,
      ),
    );
    expect(text).not.toContain(folder.path);
    expect(answer.status).toBe(status);
  });

  it('reports a failure in the middle of a stream to the client', async () => {
    const result = await client.query({
      query: 'SELECT throwIf(number = 3000000) AS a FROM numbers(10000000)',
      format: 'JSONEachRow',
    });
    const read = async (): Promise<number> => {
      let count = 0;
      for await (const part of result.stream()) count += part.length;
      return count;
    };
    await expect(read()).rejects.toThrow(/throwIf/);
    const waiting = await send('SELECT throwIf(number = 3000000) FROM numbers(10000000)', {
      wait_end_of_query: '1',
    });
    expect(waiting.status).toBe(500);
  });

  it('knows running queries by the ids of their clients, and kills them', async () => {
    const endless = rows('SELECT count() FROM numbers(1e12) WHERE NOT ignore(sipHash64(number))', {
      query_id: 'endless',
    });
    const killed = expect(endless).rejects.toMatchObject({ type: 'QUERY_WAS_CANCELLED' });
    const running = 'SELECT query_id FROM system.processes WHERE query_id = {id:String}';
    await eventually(async () => {
      expect(await rows(running, { query_params: { id: 'endless' } })).toEqual([{ query_id: 'endless' }]);
    });
    await client.command({ query: "KILL QUERY WHERE query_id = 'endless'" });
    await killed;
  });
});

describe('inserts and mutations', () => {
  it('takes rows in the body, in the statement and from a SELECT', async () => {
    await client.command({ query: `CREATE TABLE ways ${columns} ${engine}` });
    await client.insert({
      table: 'ways',
      format: 'JSONEachRow',
      values: [{ id: '1', at: 0, tags: ["é'\n"] }],
    });
    await client.command({ query: "INSERT INTO ways (id, tags) VALUES ('2', ['x'])" });
    await client.command({ query: 'INSERT INTO ways SELECT * REPLACE (concat(id, id) AS id) FROM ways' });
    await send('INSERT INTO ways (id) SETTINGS async_insert = 1 FORMAT TSV\n3\n');
    await send('5\n', {
      query: 'INSERT INTO ways (id) FORMAT CSV',
      async_insert: '1',
      wait_for_async_insert: '1',
    });
    const found = await rows('SELECT id, tags FROM ways ORDER BY id');
    expect(found.map(({ id }) => id)).toEqual(['1', '11', '2', '22', '3', '5']);
    expect(found[0]?.['tags']).toEqual(["é'\n"]);
    expect(await readdir(join(folder.path, ...spoolPath))).toEqual([]);
  });

  it('deletes in the background, and shows it in system.mutations', async () => {
    await client.command({
      query: "INSERT INTO traces (id, project_id) SELECT toString(number), 'p0' FROM numbers(5000)",
    });
    const slow = "ALTER TABLE traces DELETE WHERE project_id = 'p0' AND NOT ignore(sleepEachRow(0.0001))";
    await client.command({ query: slow });
    const open = "SELECT countIf(NOT is_done) AS open FROM system.mutations WHERE table = 'traces'";
    expect(Number((await rows(open))[0]?.['open'])).toBe(1);
    await eventually(async () => expect(Number((await rows(open))[0]?.['open'])).toBe(0));
    expect(await rows('SELECT count() AS c FROM traces')).toEqual([{ c: 0 }]);
  });

  it('keeps nothing of an insert whose client goes away', async () => {
    const spool = join(folder.path, ...spoolPath);
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = `POST /?database=langfuse&query=INSERT+INTO+traces+(id)+FORMAT+TSV HTTP/1.1\r\nHost: x\r\nAuthorization: ${auth.authorization}\r\nContent-Length: 1000000\r\n\r\n`;
    socket.write(`${head}${'half\n'.repeat(60_000)}`);
    await eventually(async () => expect(await readdir(spool)).toHaveLength(1));
    socket.destroy();
    await eventually(async () => expect(await readdir(spool)).toHaveLength(0));
    expect(await client.ping({ select: true })).toEqual({ success: true });
    expect(await rows("SELECT count() AS c FROM traces WHERE id = 'half'")).toEqual([{ c: 0 }]);
  });
});

describe('memory and life', () => {
  it('takes and gives 100 MB without holding them', async () => {
    const own = await startClickHouse({ runner, folder: join(folder.path, 'large') });
    const large = own.client({ request_timeout: 60_000 });
    await large.command({ query: `CREATE TABLE traces ${columns} ${engine}` });
    const before = await own.memory();
    function* traces(): Generator<object> {
      for (let index = 0; index < 110_000; index += 1)
        yield { id: String(index), project_id: 'p'.repeat(900), size: index };
    }
    const body = Readable.from(traces());
    await large.insert({ table: 'traces', format: 'JSONEachRow', values: body });
    const answer = await large.exec({ query: 'SELECT * FROM traces FORMAT JSONEachRow' });
    let sizeBytes = 0;
    for await (const chunk of answer.stream) sizeBytes += (chunk as Buffer).length;
    expect(sizeBytes).toBeGreaterThan(100e6);
    expect((await own.memory()).peakMb - before.residentMb).toBeLessThan(400);
    await large.close();
    expect(await own.kill('SIGTERM')).toBe(0);
  });

  it('has its data after kill -9, and takes the password its env has now', async () => {
    const own = join(folder.path, 'killed');
    const first = await startClickHouse({ runner, folder: own });
    await first.client().command({ query: `CREATE TABLE traces ${columns} ${engine}` });
    await first.client().command({ query: "INSERT INTO traces (id) VALUES ('kept')" });
    await first.kill('SIGKILL');
    const second = await startClickHouse({ runner, folder: own, env: { CLICKHOUSE_PASSWORD: 'another' } });
    expect(await rows('SELECT id FROM traces', {}, second.client({ password: 'another' }))).toEqual([
      { id: 'kept' },
    ]);
    await expect(rows('SELECT 1', {}, second.client())).rejects.toMatchObject({ code: '516' });
    expect(await second.kill('SIGTERM')).toBe(0);
  });

  it('names the package when it is not installed', async () => {
    await expect(findClickHouse([folder.path], 'chdb-not-there')).rejects.toMatchObject({
      code: 'SANDBOX_PART_MISSING',
      message: expect.stringContaining('chdb-not-there'),
    });
  });
});
