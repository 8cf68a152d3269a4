import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { NodeAgent } from '../node-agent.ts';
import type { ObjectStore } from '../objects.ts';
import type { Authenticator } from './identity.ts';
import type { Identity } from './rbac.ts';
import type { ResourceRoute } from './route.ts';

/** What every handler works with. */
export interface ApiContext {
  readonly store: ObjectStore;
  readonly agent: NodeAgent;
  readonly authenticator: Authenticator;
  readonly now: () => Date;
}

/** One authorised request for objects. */
export interface ApiRequest {
  readonly method: string;
  readonly route: ResourceRoute;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly identity: Identity;
  readonly body: Buffer;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** What goes back: one body, or a stream that the handler writes itself. */
export type Reply =
  | { readonly code: number; readonly json: unknown; readonly type?: string }
  | { readonly code: number; readonly bytes: Buffer | string; readonly type: string }
  | { readonly stream: (response: ServerResponse) => Promise<void> };

/** `true` and `1` of a query. */
export function isTrue(query: URLSearchParams, name: string): boolean {
  return ['true', '1'].includes(query.get(name) ?? '');
}

/** A whole number of the query; undefined when absent or no number. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Does the client ask for metadata alone, as discovery of many Secrets does? */
export function wantsMetadata(headers: IncomingHttpHeaders): boolean {
  return /as=PartialObjectMetadata/.test(headers.accept ?? '');
}

/** Does the client ask for printed columns? */
export function wantsTable(headers: IncomingHttpHeaders): boolean {
  return /as=Table/.test(headers.accept ?? '');
}
