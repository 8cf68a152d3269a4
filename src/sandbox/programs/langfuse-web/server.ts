import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../langfuse/log.ts';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { bareError, HttpError, send, type Answer } from './answer.ts';
import { PrepareError } from './prepare.ts';
import { matchPath } from './route.ts';
import { routes } from './routes.ts';
import type { Web } from './web.ts';

/**
 * Next's standalone server: listens at once, answers after the instrumentation hook; when that failed, 500 to
 * everything for as long as it runs.
 */
export function makeServer(web: Web, prepared: Promise<void>): Server {
  const failures = failureLog(web);
  const server = createServer((request, response) => {
    void prepared
      .then(
        async () => await dispatch(web, request),
        (error: unknown) => {
          failures(error);
          return bareError;
        },
      )
      .then((answer) => reply(request, response, answer));
  });
  // Next hands this one variable to Node; argv's --keepAliveTimeout is read by nobody.
  const keepAliveMs = Number.parseInt(web.settings.text('KEEP_ALIVE_TIMEOUT') ?? '', 10);
  if (Number.isFinite(keepAliveMs) && keepAliveMs >= 0) server.keepAliveTimeout = keepAliveMs;
  return server;
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  send(request, response, answer);
  // A body nobody read would stop the next request on this connection.
  request.resume();
}

/** The first request after a failed start logs "Failed to prepare server" again, each one the error. */
function failureLog(web: Web): (error: unknown) => void {
  let first = true;
  return (error) => {
    const block = error instanceof PrepareError ? error.message : messageOf(error);
    if (first) web.log.plain(`Failed to prepare server ${block}`);
    first = false;
    web.log.plain(block);
  };
}

async function dispatch(web: Web, request: IncomingMessage): Promise<Answer> {
  const url = URL.canParse(request.url ?? '/', 'http://localhost')
    ? new URL(request.url ?? '/', 'http://localhost')
    : new URL('http://localhost/');
  for (const route of routes) {
    const parameters = matchPath(route.path, url.pathname);
    if (parameters === undefined) continue;
    const handler = route.methods[request.method ?? 'GET'];
    if (handler === undefined)
      return { status: 405, json: { message: 'Method not allowed', error: 'MethodNotAllowedError' } };
    return await handler(web, { request, url, parameters }).catch((error: unknown) => failed(web, error));
  }
  return pageAt(url.pathname);
}

/** The user interface is a page with a title; all other paths are Next's page for what is not there. */
function pageAt(path: string): Answer {
  if (path === '/' || path.startsWith('/auth/') || path.startsWith('/project/'))
    return {
      status: 200,
      html: '<!DOCTYPE html><html lang="en"><head><title>Langfuse</title></head><body></body></html>',
    };
  return {
    status: 404,
    html: '<!DOCTYPE html><html lang="en"><head><title>404: This page could not be found</title></head><body><h1>404</h1><h2>This page could not be found.</h2></body></html>',
  };
}

/** What Langfuse's route middleware makes of errors. */
function failed(web: Web, error: unknown): Answer {
  if (error instanceof HttpError) return error.answer;
  web.log.error(messageOf(error), error);
  if (error instanceof PrismaError && error.code === 'P1001')
    return { status: 503, json: { message: 'Service Unavailable' } };
  if (error instanceof PrismaError)
    return { status: 500, json: { message: 'Internal Server Error', error: 'An unknown error occurred' } };
  return { status: 500, json: { message: 'Internal Server Error', error: messageOf(error) } };
}
