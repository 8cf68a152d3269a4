import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { NodeAgentError } from '../node-agent.ts';
import { StoreError } from '../store-error.ts';
import { readBody } from './body.ts';
import type { ApiContext, Reply } from './context.ts';
import { isTrue } from './context.ts';
import { aggregated, aggregatedType, coreVersions, group, groupList, resourceList } from './discovery.ts';
import { answerObjects } from './objects.ts';
import { openApiDocument, openApiIndex, openApiV2, openApiV2Type, serverVersion } from './openapi.ts';
import { accessTo } from './access.ts';
import type { Identity } from './rbac.ts';
import { requireAccess, requirePath } from './rbac.ts';
import type { ResourceRoute } from './route.ts';
import { resourceRoute } from './route.ts';
import type { Status } from './status.ts';
import { methodNotAllowed, StatusError, unknownPath } from './status.ts';

const text = (bytes: string): Reply => ({ code: 200, bytes, type: 'text/plain' });
const found = (json: object | null): Reply | null => (json === null ? null : { code: 200, json });

const wantsAggregated = (headers: IncomingHttpHeaders): boolean =>
  /as=APIGroupDiscoveryList/.test(headers.accept ?? '') && /v=v2(?!beta)/.test(headers.accept ?? '');

/** Discovery, version, health and OpenAPI; null for every other path. */
function answerPath(path: string, headers: IncomingHttpHeaders): Reply | null {
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return text('ok');
  const aggregate = (core: boolean): Reply => ({ code: 200, json: aggregated(core), type: aggregatedType });
  switch (path) {
    case '/version':
      return { code: 200, json: serverVersion };
    case '/api':
      return wantsAggregated(headers) ? aggregate(true) : found(coreVersions(headers.host ?? ''));
    case '/apis':
      return wantsAggregated(headers) ? aggregate(false) : found(groupList());
    case '/openapi/v3':
      return found(openApiIndex());
    case '/openapi/v2':
      return { code: 200, bytes: openApiV2(), type: openApiV2Type };
    default:
      return answerGroupPath(path);
  }
}

function answerGroupPath(path: string): Reply | null {
  const [, document] = /^\/openapi\/v3\/(.+)$/.exec(path) ?? [];
  if (document !== undefined) return found(openApiDocument(document));
  const [, served] = /^\/(?:apis\/([^/]+\/v[^/]+)|api\/v1)$/.exec(path) ?? [];
  if (path === '/api/v1' || served !== undefined) return found(resourceList(served ?? 'v1'));
  const [, name] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  return name === undefined ? null : found(group(name));
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The RBAC verb of a request. */
function verbOf(method: string, route: ResourceRoute, query: URLSearchParams): string {
  const collection = route.name === null;
  if (method === 'GET' && collection) return isTrue(query, 'watch') ? 'watch' : 'list';
  if (method === 'DELETE' && collection) return 'deletecollection';
  return verbs[method] ?? 'get';
}

/** Below a group that is served, an unknown path is a Status; elsewhere it is the plain text of Go's router. */
function nothingThere(path: string): Reply {
  const [, name] = /^\/apis\/([^/]+)\/./.exec(path) ?? [];
  const isServed = path.startsWith('/api/') || (name !== undefined && group(name) !== null);
  if (isServed) throw unknownPath();
  return { code: 404, bytes: '404 page not found\n', type: 'text/plain; charset=utf-8' };
}

/** GET of a path outside the objects. */
function answerElsewhere(
  context: ApiContext,
  identity: Identity,
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): Reply {
  requirePath(context.store, identity, { verb: verbs[method] ?? 'get', path });
  const reply = answerPath(path, headers);
  if (reply === null) return nothingThere(path);
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  return reply;
}

/** Authenticates, authorises and answers one request. @throws StatusError, NodeAgentError, StoreError */
export async function answer(
  context: ApiContext,
  message: IncomingMessage,
  signal: AbortSignal,
): Promise<Reply> {
  const url = new URL(message.url ?? '/', 'http://api');
  const method = message.method === 'HEAD' ? 'GET' : (message.method ?? 'GET');
  const identity = context.authenticator.identify(message.headers);
  const path = url.pathname.replace(/(?<=.)\/+$/, '');
  const route = resourceRoute(path);
  if (route === null) return answerElsewhere(context, identity, method, path, message.headers);
  const query = url.searchParams;
  requireAccess(context.store, identity, accessTo(verbOf(method, route, query), route));
  const body = await readBody(message);
  const request = { method, route, query, headers: message.headers, identity, body, signal };
  return answerObjects(context, request);
}

const agentReasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The Status that a failure becomes. */
export function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  if (error instanceof NodeAgentError)
    return new StatusError(error.status, agentReasons[error.status] ?? 'InternalError', error.message).status;
  if (error instanceof StoreError) {
    const code = error.reason === 'NotFound' ? 404 : 409;
    return new StatusError(code, error.reason, error.message).status;
  }
  const why = error instanceof Error ? error.message : String(error);
  return new StatusError(500, 'InternalError', `Internal error occurred: ${why}`).status;
}
