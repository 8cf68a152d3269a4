import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnswerSummary } from './answer.ts';
import { bodyText, spool, type OpenedBody } from './body.ts';
import type { EngineResult, EngineSession } from './engine.ts';
import { RequestRefused } from './exception.ts';
import { insertFromFile, readInsert, type InsertStatement } from './insert-statement.ts';
import { withClientQueryIds } from './processes.ts';
import type { ClickHouseRequest } from './request.ts';
import { readStatement, selectIntoFile, streams, type Statement } from './select-statement.ts';

/** A statement longer than this is none; rows of an INSERT may be as long as they like. */
const textLimitBytes = 64 * 1024 * 1024;

/** How a request is carried out; `run` writes the answer piece by piece. */
export interface Execution {
  readonly format: string;
  readonly sql: string;
  readonly run: (write: (bytes: Uint8Array) => Promise<void>, gone: () => boolean) => Promise<void>;
  readonly summary: () => AnswerSummary;
}

interface Workbench {
  readonly session: EngineSession;
  readonly request: ClickHouseRequest;
  readonly spoolFolder: string;
}

/** Sets the session up as the request wants it. All of it is gone with the session. */
export function prepareSession(session: EngineSession, request: ClickHouseRequest): void {
  if (request.database !== null) session.query(`USE ${identifier(request.database)}`);
  // Where clients look for their own query id: the engine makes another one.
  session.query(`SET log_comment = ${literal(request.queryId)}`);
  for (const [name, value] of request.settings)
    session.query(`SET ${name.replace(/\W/g, '')} = ${literal(value)}`);
  if (request.readonly) session.query('SET readonly = 2');
}

function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Reads as much of the body as the statement needs, and says how it will be carried out. */
export async function planExecution(workbench: Workbench, body: OpenedBody): Promise<Execution> {
  const { request } = workbench;
  const head = request.query === '' ? body.head.toString('utf8') : request.query;
  const insert = readInsert(head);
  if (insert !== null) return insertion(workbench, head, insert, body);
  const separator = request.query !== '' && body.head.length > 0 ? '\n' : '';
  const sql = `${request.query}${separator}${await bodyText(body, textLimitBytes)}`;
  const statement = readStatement(withClientQueryIds(sql), request.defaultFormat);
  if (statement.text === '') throw emptyQuery;
  if (statement.kind === 'other') return plain(workbench, statement);
  const direct = streams(statement) && !request.waitEndOfQuery;
  return direct ? streamed(workbench, statement) : spooled(workbench, statement);
}

const emptyQuery = new RequestRefused({ code: 62, name: 'SYNTAX_ERROR', message: 'Empty query' });

/** The rows go to a file first: the engine reads it block by block, whatever the format. */
function insertion(
  { session, request, spoolFolder }: Workbench,
  head: string,
  insert: InsertStatement,
  body: OpenedBody,
): Execution {
  const file = join(spoolFolder, `insert-${request.queryId.replace(/[^\w-]/g, '_')}`);
  let result: EngineResult | null = null;
  return {
    format: request.defaultFormat,
    sql: `${insert.target} ${insert.settings} FORMAT ${insert.format}`,
    summary: () => ({
      ...nothingRead,
      writtenRows: result?.rowsRead ?? 0,
      writtenBytes: result?.bytesRead ?? 0,
    }),
    run: async () => {
      try {
        await spool(inQuery(request, head, insert, body), dataStart(request, head, insert), file);
        result = await session.queryAsync(insertFromFile(insert, file), { format: 'Null' });
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

const nothingRead: AnswerSummary = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 };

/** Rows may begin in the URL's statement already (`VALUES (1)`): they stand before the body then. */
function inQuery(
  request: ClickHouseRequest,
  head: string,
  insert: InsertStatement,
  body: OpenedBody,
): OpenedBody {
  if (request.query === '') return body;
  const inUrl = Buffer.from(head.slice(insert.dataStart));
  return { ...body, all: () => joined(inUrl, body.all()) };
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function dataStart(request: ClickHouseRequest, head: string, insert: InsertStatement): number {
  return request.query === '' ? Buffer.byteLength(head.slice(0, insert.dataStart)) : 0;
}

/** DDL, SHOW, ALTER and the like: answers are small. */
function plain({ session }: Workbench, statement: Statement): Execution {
  let result: EngineResult | null = null;
  return {
    format: statement.format,
    sql: statement.text,
    summary: () => ({ ...nothingRead, readRows: result?.rowsRead ?? 0, readBytes: result?.bytesRead ?? 0 }),
    run: async (write) => {
      result = await session.queryAsync(statement.text, { format: statement.format });
      const bytes = result.bytes();
      if (bytes.length > 0) await write(bytes);
    },
  };
}

/** Rows go out as the engine makes them; a client that leaves ends the query. */
function streamed({ session }: Workbench, statement: Statement): Execution {
  return {
    format: statement.format,
    sql: statement.text,
    summary: () => nothingRead,
    run: async (write, gone) => {
      for await (const chunk of session.queryStream(statement.text, { format: statement.format })) {
        if (gone()) return;
        await write(chunk.raw());
      }
    },
  };
}

/** Formats with a head or a foot come as one document: written to a file, then sent. */
function spooled({ session, request, spoolFolder }: Workbench, statement: Statement): Execution {
  const file = join(spoolFolder, `select-${request.queryId.replace(/[^\w-]/g, '_')}`);
  let result: EngineResult | null = null;
  return {
    format: statement.format,
    sql: statement.text,
    summary: () => ({ ...nothingRead, readRows: result?.rowsRead ?? 0, readBytes: result?.bytesRead ?? 0 }),
    run: async (write, gone) => {
      try {
        result = await session.queryAsync(selectIntoFile(statement, file), { format: 'Null' });
        for await (const chunk of createReadStream(file)) {
          if (gone()) return;
          await write(chunk as Buffer);
        }
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}
