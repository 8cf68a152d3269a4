import type { StoredObject } from '../objects.ts';
import type { ResourceEntry } from '../resources.ts';
import { groupVersion } from '../resources.ts';
import type { ApiContext, ApiRequest, Reply } from './context.ts';
import { queryNumber, wantsMetadata, wantsTable } from './context.ts';
import { checkListOptions, checkReached } from './options.ts';
import type { Matches } from './selectors.ts';
import { fieldMatcher, labelMatcher } from './selectors.ts';
import { badRequest } from './status.ts';
import type { RowObject } from './table.ts';
import { table } from './table.ts';

/** Where an object stands in a list. */
const position = (object: StoredObject): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

const encodePosition = (at: string): string =>
  Buffer.from(JSON.stringify({ v: 1, at })).toString('base64url');

function decodePosition(token: string): string {
  try {
    const { at } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { readonly at?: unknown };
    if (typeof at === 'string') return at;
  } catch {
    // falls through to the same answer
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

/** The query's label and field selector together. @throws StatusError 400 */
export function selection(resource: ResourceEntry, query: URLSearchParams): Matches {
  const labels = labelMatcher(query.get('labelSelector') ?? '');
  const fields = fieldMatcher(resource, query.get('fieldSelector') ?? '');
  return (object) => labels(object) && fields(object);
}

/** Everything of the request's kind and namespace that its selectors take, by namespace and name. */
export function selected(context: ApiContext, request: ApiRequest): StoredObject[] {
  const { resource, namespace } = request.route;
  const matches = selection(resource, request.query);
  return context.store
    .list(resource, namespace)
    .filter(matches)
    .sort((a, b) => (position(a) < position(b) ? -1 : 1));
}

interface Page {
  readonly items: readonly StoredObject[];
  readonly metadata: Record<string, unknown>;
}

function page(all: readonly StoredObject[], query: URLSearchParams, resourceVersion: number): Page {
  const token = query.get('continue') ?? '';
  const after = token === '' ? '' : decodePosition(token);
  const rest = all.filter((object) => position(object) > after);
  const limit = queryNumber(query, 'limit') ?? 0;
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const last = items.at(-1);
  const more = rest.length - items.length;
  if (more === 0 || last === undefined)
    return { items, metadata: { resourceVersion: String(resourceVersion) } };
  // How many are left is not counted where a selector would have to look at them all.
  const counted = !query.get('labelSelector') && !query.get('fieldSelector');
  const next = {
    continue: encodePosition(position(last)),
    ...(counted ? { remainingItemCount: more } : {}),
  };
  return { items, metadata: { resourceVersion: String(resourceVersion), ...next } };
}

/** `includeObject` of the query. */
export function rowObject(query: URLSearchParams): RowObject {
  const asked = query.get('includeObject');
  return asked === 'Object' || asked === 'None' ? asked : 'Metadata';
}

/** GET of a collection: a list, or a Table for kubectl. */
export function listObjects(context: ApiContext, request: ApiRequest): Reply {
  const { resource } = request.route;
  checkListOptions(request, context.store.resourceVersion());
  const { items, metadata } = page(
    selected(context, request),
    request.query,
    context.store.resourceVersion(),
  );
  if (wantsTable(request.headers)) {
    const json = table(resource, items, metadata, rowObject(request.query), context.now());
    return { code: 200, json };
  }
  if (wantsMetadata(request.headers)) {
    const json = { kind: 'PartialObjectMetadataList', apiVersion: metaVersion, metadata };
    return { code: 200, json: { ...json, items: items.map(metadataOnly) } };
  }
  const json = { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata };
  return { code: 200, json: { ...json, items: items.map((object) => listed(resource, object)) } };
}

const metaVersion = 'meta.k8s.io/v1';

/** An object without what only its readers need. */
function metadataOnly({ metadata }: StoredObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata };
}

/** Items of a list name their kind only where the server keeps them as they came: custom resources. */
function listed(resource: ResourceEntry, object: StoredObject): unknown {
  if (resource.custom) return object;
  const { kind: _kind, apiVersion: _version, ...rest } = object;
  return rest;
}

/** One object as the client wants it: plain, or a Table of one row. */
export function oneObject(context: ApiContext, request: ApiRequest, object: StoredObject, code = 200): Reply {
  if (request.method === 'GET')
    checkReached(request.query.get('resourceVersion') ?? '', context.store.resourceVersion());
  if (wantsMetadata(request.headers)) return { code, json: metadataOnly(object) };
  if (!wantsTable(request.headers)) return { code, json: object };
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  const json = table(request.route.resource, [object], metadata, rowObject(request.query), context.now());
  return { code, json };
}
