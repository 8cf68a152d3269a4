import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fail, openAnswer, type Answer, type ServerIdentity } from './answer.ts';
import { openBody } from './body.ts';
import { exceptionOf, exceptionText, RequestRefused } from './exception.ts';
import { planExecution, prepareSession, type Execution } from './execute.ts';
import type { ClickHouseImageEnv } from './image-env.ts';
import { readRequest, type ClickHouseRequest } from './request.ts';
import type { Lease, Sessions } from './sessions.ts';

/** ClickHouse's default keep_alive_timeout. */
const keepAliveMs = 10_000;

/** A running HTTP interface. */
export interface ClickHouseServer {
  readonly sessions: Sessions;
  readonly image: ClickHouseImageEnv;
  readonly identity: ServerIdentity;
  /** Where rows on their way wait; empty between requests. */
  readonly spoolFolder: string;
  readonly logError: (queryId: string, line: string) => void;
  /** Called after each request, for example to give memory back. */
  readonly afterRequest: () => void;
}

/** ClickHouse's HTTP interface over the engine. */
export function createClickHouseServer(server: ClickHouseServer): Server {
  const http = createServer((message, response) => void handle(server, message, response));
  http.keepAliveTimeout = keepAliveMs;
  // A long insert is no fault.
  http.requestTimeout = 0;
  return http;
}

async function handle(
  server: ClickHouseServer,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = requestUrl(message);
  if (url === null || !answerWithoutQuery(url, message, response)) {
    if (url === null) return void response.writeHead(400).end();
    await answerQuery(server, message, response, readRequest(message, url));
    server.afterRequest();
  }
}

function requestUrl(message: IncomingMessage): URL | null {
  const text = `http://clickhouse${message.url ?? '/'}`;
  return URL.canParse(text) ? new URL(text) : null;
}

/** Health checks need no login. */
function answerWithoutQuery(url: URL, message: IncomingMessage, response: ServerResponse): boolean {
  const path = url.pathname;
  if (path === '/' && (message.method === 'POST' || url.searchParams.has('query'))) return false;
  message.resume();
  if (path === '/ping' || path === '/' || path === '/replicas_status') {
    response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' }).end('Ok.\n');
    return true;
  }
  response.writeHead(404, { 'content-type': 'text/plain; charset=UTF-8' });
  response.end(
    `There is no handle ${path}\n\nUse / or /ping for health checks.\nOr /replicas_status for more sophisticated health checks.\n`,
  );
  return true;
}

async function answerQuery(
  server: ClickHouseServer,
  message: IncomingMessage,
  response: ServerResponse,
  request: ClickHouseRequest,
): Promise<void> {
  const startedMs = performance.now();
  const state: { lease: Lease | null; answer: Answer | null; sql: string } = {
    lease: null,
    answer: null,
    sql: request.query,
  };
  try {
    authenticate(server.image, request);
    state.lease = server.sessions.lease(request);
    const { session } = state.lease;
    prepareSession(session, request);
    const { spoolFolder } = server;
    const execution = await planExecution({ session, request, spoolFolder }, await openBody(message));
    state.sql = execution.sql;
    state.answer = openAnswer(response, request, server.identity, { ...aboutOf(execution), startedMs });
    await execution.run(state.answer.write, state.answer.closed);
    await state.answer.end();
  } catch (error) {
    message.resume();
    await answerFailure(server, response, request, state, error);
  } finally {
    state.lease?.release();
  }
}

function aboutOf({ format, summary }: Execution): Pick<Execution, 'format' | 'summary'> {
  return { format, summary };
}

async function answerFailure(
  server: ClickHouseServer,
  response: ServerResponse,
  request: ClickHouseRequest,
  { answer, sql }: { readonly answer: Answer | null; readonly sql: string },
  error: unknown,
): Promise<void> {
  const exception = exceptionOf(error);
  const text = exceptionText(exception, server.identity.version);
  server.logError(
    request.queryId,
    `${text} (from ${response.socket?.remoteAddress ?? ''}) (in query: ${sql})`.replaceAll(/\s+/g, ' '),
  );
  await (answer === null
    ? fail(response, request.queryId, exception, server.identity)
    : answer.fail(exception));
}

/** The words of 26.x; those about the default user's password file are longer there. */
function authenticate(image: ClickHouseImageEnv, request: ClickHouseRequest): void {
  if (request.user === image.user && request.password === image.password) return;
  throw new RequestRefused({
    code: 516,
    name: 'AUTHENTICATION_FAILED',
    message: `${request.user}: Authentication failed: password is incorrect, or there is no user with that name`,
  });
}
