import type { ServerResponse } from 'node:http';
import type { StoredObject, StoreEvent } from '../objects.ts';
import { groupVersion, resourceKey } from '../resources.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { isTrue, queryNumber, wantsTable } from './context.ts';
import { checkWatchVersion } from './options.ts';
import { rowObject, selected, selection } from './list.ts';
import type { Status } from './status.ts';
import { expired, invalid } from './status.ts';
import { table } from './table.ts';

type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** A reader that lets this much pile up is cut off, as the real server does; it lists again and goes on. */
const backlogLimitBytes = 16 * 1024 * 1024;

/** Longest watch without timeoutSeconds: 30 min, the real server's --min-request-timeout. */
const longestWatchSeconds = 1800;

/**
 * What a watcher with selectors sees of a change: an object that no longer matches is DELETED to it, one that
 * begins to match is ADDED.
 */
function seenAs(event: StoreEvent, matches: (object: StoredObject) => boolean): WatchType | null {
  const before = event.previous !== undefined && matches(event.previous);
  if (event.type === 'DELETED') return before ? 'DELETED' : null;
  const after = matches(event.object);
  if (after) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : null;
}

/** WatchList: the watch begins with all objects and a bookmark says where they end. */
function wantsInitialEvents({ query }: ApiRequest): boolean {
  if (!query.has('sendInitialEvents')) return false;
  if (query.get('resourceVersionMatch') === 'NotOlderThan') return isTrue(query, 'sendInitialEvents');
  const message = 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueForbidden', message, field: 'resourceVersionMatch' },
  ]);
}

/** Changes to begin with: all objects as ADDED, or what happened after the version; null when that is gone. */
function backlog(context: ApiContext, request: ApiRequest, since: string): StoreEvent[] | null {
  const { resource } = request.route;
  if (since === '' || since === '0')
    return selected(context, request).map((object) => ({ type: 'ADDED', resource, object }));
  const events = context.store.since(Number(since));
  return events === null ? null : [...events];
}

function tooOld(context: ApiContext, since: string): Status {
  return expired(`too old resource version: ${since} (${context.store.resourceVersion()})`).status;
}

/** GET with watch=true: one JSON object per line until the time is over or the client goes. */
export function watchObjects(context: ApiContext, request: ApiRequest): Reply {
  const initial = wantsInitialEvents(request);
  const seen = sight(context, request);
  const since = initial ? '' : (request.query.get('resourceVersion') ?? '');
  checkWatchVersion(since);
  const stream = async (response: ServerResponse): Promise<void> => {
    const write = lineWriter(response);
    const events = backlog(context, request, since);
    if (events === null) {
      write('ERROR', tooOld(context, since));
      response.end();
      return;
    }
    const send = (event: StoreEvent): void => {
      const line = seen(event);
      if (line !== null) write(line.type, line.object);
    };
    events.forEach(send);
    if (initial) write('BOOKMARK', bookmark(context, request, { 'k8s.io/initial-events-end': 'true' }));
    const stop = context.store.watch(send);
    await over(queryNumber(request.query, 'timeoutSeconds') ?? longestWatchSeconds, request.signal);
    stop();
    if (isTrue(request.query, 'allowWatchBookmarks') && !request.signal.aborted)
      write('BOOKMARK', bookmark(context, request));
    response.end();
  };
  return { stream };
}

/** Begins the answer; each call is one line of it. */
function lineWriter(response: ServerResponse): (type: WatchType, object: unknown) => void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  return (type, object) => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > backlogLimitBytes) response.destroy();
  };
}

/** What this watcher sees of a change, as an object or as a table's row; null for what it did not ask for. */
function sight(
  context: ApiContext,
  request: ApiRequest,
): (event: StoreEvent) => { readonly type: WatchType; readonly object: unknown } | null {
  const { resource, namespace } = request.route;
  const key = resourceKey(resource);
  const selects = selection(resource, request.query);
  const matches = (object: StoredObject): boolean =>
    (namespace === null || object.metadata.namespace === namespace) && selects(object);
  return (event) => {
    if (resourceKey(event.resource) !== key) return null;
    const type = seenAs(event, matches);
    return type === null ? null : { type, object: shown(context, request, event.object) };
  };
}

function shown(context: ApiContext, request: ApiRequest, object: StoredObject): unknown {
  if (!wantsTable(request.headers)) return object;
  const { resourceVersion } = object.metadata;
  return table(
    request.route.resource,
    [object],
    { resourceVersion },
    rowObject(request.query),
    context.now(),
  );
}

function bookmark(
  context: ApiContext,
  request: ApiRequest,
  annotations?: Readonly<Record<string, string>>,
): unknown {
  const { resource } = request.route;
  const metadata = {
    resourceVersion: String(context.store.resourceVersion()),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { kind: resource.kind, apiVersion: groupVersion(resource), metadata };
}

/** Resolves after the seconds or when the client has gone. */
function over(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(finish, seconds * 1000);
    timer.unref();
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
  });
}
