import type { ResourceEntry } from '../resources.ts';
import { findResource } from '../resources.ts';

/** A request for objects: `/apis/apps/v1/namespaces/a/deployments/b/scale`. */
export interface ResourceRoute {
  readonly resource: ResourceEntry;
  /** Null for cluster-wide kinds and for lists over all namespaces. */
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
}

/** A segment with a broken escape stands for itself, and is then not found. */
const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const segmentsOf = (path: string): string[] =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);

const routeOf = (
  resource: ResourceEntry | undefined,
  namespace: string | null,
  rest: readonly string[],
): ResourceRoute | null => {
  if (resource === undefined || rest.length > 2) return null;
  const subresource = rest[1] ?? null;
  if (subresource !== null && !resource.subresources.includes(subresource)) return null;
  return { resource, namespace, name: rest[0] ?? null, subresource };
};

/** The route of an object path; null when nothing is served there. */
export function resourceRoute(path: string): ResourceRoute | null {
  const [root, ...all] = segmentsOf(path);
  if (root !== 'api' && root !== 'apis') return null;
  const group = root === 'api' ? '' : (all.shift() ?? '');
  const [version, first, second, third, ...rest] = all;
  if (version === undefined || first === undefined) return null;
  const find = (plural: string): ResourceEntry | undefined => findResource(group, version, plural);
  if (first === 'namespaces' && second !== undefined && third !== undefined) {
    const inside = find(third);
    if (inside?.namespaced === true) return routeOf(inside, second, rest);
  }
  const resource = find(first);
  if (resource?.namespaced === true && second !== undefined) return null;
  return routeOf(
    resource,
    null,
    [second, third, ...rest].filter((each) => each !== undefined),
  );
}
