import type { StoredObject } from '../objects.ts';
import type { ApiContext, ApiRequest } from './context.ts';
import { notFound } from './status.ts';

/** The object that a request names. @throws StatusError 404 */
export function existing(context: ApiContext, { route }: ApiRequest): StoredObject {
  const name = route.name ?? '';
  const found = context.store.get(route.resource, route.namespace, name);
  if (found === null) throw notFound(route.resource, name);
  return found;
}
