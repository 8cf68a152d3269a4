import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createGzip, constants, type Gzip } from 'node:zlib';
import { exceptionInBody, exceptionText, httpStatus, type ServerException } from './exception.ts';
import type { ClickHouseRequest } from './request.ts';

/** What the server says about itself in each answer. */
export interface ServerIdentity {
  readonly version: string;
  /** Host name, as X-ClickHouse-Server-Display-Name has it. */
  readonly displayName: string;
  readonly timezone: string;
}

/** One answer: its head goes out with the first bytes, so that a failure before them is a failure by status. */
export interface Answer {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly end: () => Promise<void>;
  readonly fail: (exception: ServerException) => Promise<void>;
  /** Whether the client is gone. */
  readonly closed: () => boolean;
}

/** What the X-ClickHouse-Summary header says. */
export interface AnswerSummary {
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

/** Opens an answer with the headers that the server sends. */
export function openAnswer(
  response: ServerResponse,
  request: ClickHouseRequest,
  identity: ServerIdentity,
  about: { readonly format: string; readonly summary?: () => AnswerSummary; readonly startedMs: number },
): Answer {
  const tag = randomBytes(8).toString('hex');
  const start = (): Writable => {
    response.writeHead(200, {
      ...commonHeaders(request.queryId, identity),
      'content-type': contentType(about.format),
      'x-clickhouse-format': about.format,
      'x-clickhouse-exception-tag': tag,
      'x-clickhouse-summary': summaryText(about.summary?.(), performance.now() - about.startedMs),
      ...(request.gzipAnswer ? { 'content-encoding': 'gzip' } : {}),
    });
    return request.gzipAnswer ? compressed(response) : response;
  };
  let sink: Writable | null = null;
  const closed = (): boolean => response.destroyed || response.closed;
  return {
    closed,
    write: async (bytes) => {
      sink ??= start();
      if (!sink.write(bytes)) await drained(sink, response);
    },
    end: async () => finish((sink ??= start()), response),
    fail: async (exception) => {
      const text = exceptionText(exception, identity.version);
      if (sink === null) return fail(response, request.queryId, exception, identity);
      sink.write(exceptionInBody(text, tag));
      await finish(sink, response);
    },
  };
}

/** Level 1, and handed on at once: a slow query's first rows must not wait in the compressor. */
function compressed(response: ServerResponse): Gzip {
  const gzip = createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  response.once('close', () => gzip.destroy());
  gzip.on('error', () => undefined);
  return gzip;
}

async function drained(sink: Writable, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    await once(sink, 'drain', { signal: gone.signal });
  } catch {
    // The client left, or the sink with it: the caller looks at closed().
  } finally {
    response.off('close', leave);
  }
}

async function finish(sink: Writable, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const done = once(response, 'close').catch(() => undefined);
  const flushed = once(response, 'finish').catch(() => undefined);
  sink.end();
  await Promise.race([done, flushed]);
}

/** A failure by status code, with the exception's code in a header. */
export function fail(
  response: ServerResponse,
  queryId: string,
  exception: ServerException,
  identity: ServerIdentity,
): void {
  if (response.headersSent) return;
  response.writeHead(httpStatus(exception.code), {
    ...commonHeaders(queryId, identity),
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(exception.code),
  });
  response.end(`${exceptionText(exception, identity.version)}\n`);
}

function commonHeaders(queryId: string, identity: ServerIdentity): Record<string, string> {
  return {
    'x-clickhouse-server-display-name': identity.displayName,
    'x-clickhouse-query-id': queryId,
    'x-clickhouse-timezone': identity.timezone,
  };
}

function summaryText(summary: AnswerSummary | undefined, elapsedMs: number): string {
  const known = summary ?? { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 };
  return JSON.stringify({
    read_rows: String(known.readRows),
    read_bytes: String(known.readBytes),
    written_rows: String(known.writtenRows),
    written_bytes: String(known.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(known.writtenRows),
    result_bytes: String(known.writtenBytes),
    elapsed_ns: String(Math.round(elapsedMs * 1e6)),
  });
}

function contentType(format: string): string {
  const name = format.toLowerCase();
  if (name.startsWith('csvwithnames')) return 'text/csv; charset=UTF-8; header=present';
  if (name === 'csv') return 'text/csv; charset=UTF-8; header=absent';
  if (/^(?:tabseparated|tsv)/.test(name)) return 'text/tab-separated-values; charset=UTF-8';
  if (/^(?:json\w*eachrow\w*|jsonlines|ndjson)$/.test(name)) return 'application/x-ndjson; charset=UTF-8';
  if (name.startsWith('json')) return 'application/json; charset=UTF-8';
  if (/^(?:native|rowbinary\w*|parquet|orc|arrow\w*|avro)$/.test(name)) return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
}
