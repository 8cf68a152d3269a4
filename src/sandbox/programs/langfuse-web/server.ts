import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Connections } from '../langfuse/connections.ts';
import { messageOf, type Log } from '../langfuse/log.ts';
import { bareError, send, type Answer } from './answer.ts';
import { PrepareError } from './prepare.ts';
import { matchPath, type Route } from './route.ts';

/** What serving needs of any generation's web server. */
export type Served = Pick<Connections, 'host' | 'settings' | 'release' | 'log'>;

/** What one generation answers with. */
export interface Site<Owner> {
  readonly owner: Owner;
  readonly routes: readonly Route<Owner>[];
  /** What its route middleware makes of errors. */
  readonly failed: (owner: Owner, error: unknown) => Answer;
}

/**
 * Next's standalone server: listens at once, answers after the instrumentation hook; when that failed, 500 to
 * everything for as long as it runs.
 */
export function makeServer<Owner extends Served>(site: Site<Owner>, prepared: Promise<void>): Server {
  const { settings, log } = site.owner;
  const failures = failureLog(log);
  const server = createServer((request, response) => {
    void prepared
      .then(
        async () => await dispatch(site, request),
        (error: unknown) => {
          failures(error);
          return bareError;
        },
      )
      .then((answer) => reply(request, response, answer));
  });
  // Next hands this one variable to Node; argv's --keepAliveTimeout is read by nobody.
  const keepAliveMs = Number.parseInt(settings.text('KEEP_ALIVE_TIMEOUT') ?? '', 10);
  if (Number.isFinite(keepAliveMs) && keepAliveMs >= 0) server.keepAliveTimeout = keepAliveMs;
  return server;
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  send(request, response, answer);
  // A body nobody read would stop the next request on this connection.
  request.resume();
}

/** The first request after a failed start logs "Failed to prepare server" again, each one the error. */
function failureLog(log: Log): (error: unknown) => void {
  let first = true;
  return (error) => {
    const block = error instanceof PrepareError ? error.message : messageOf(error);
    if (first) log.plain(`Failed to prepare server ${block}`);
    first = false;
    log.plain(block);
  };
}

async function dispatch<Owner>(site: Site<Owner>, request: IncomingMessage): Promise<Answer> {
  const url = URL.canParse(request.url ?? '/', 'http://localhost')
    ? new URL(request.url ?? '/', 'http://localhost')
    : new URL('http://localhost/');
  for (const route of site.routes) {
    const parameters = matchPath(route.path, url.pathname);
    if (parameters === undefined) continue;
    const handler = route.methods[request.method ?? 'GET'];
    if (handler === undefined) return { status: 405, json: route.notAllowed ?? methodNotAllowed };
    return await handler(site.owner, { request, url, parameters }).catch((error: unknown) =>
      site.failed(site.owner, error),
    );
  }
  return pageAt(url.pathname);
}

const methodNotAllowed = { message: 'Method not allowed', error: 'MethodNotAllowedError' };

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
