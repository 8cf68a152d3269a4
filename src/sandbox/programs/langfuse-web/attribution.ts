import type { IncomingHttpHeaders } from 'node:http';
import { baggage, type Attribution, type EventOrigin } from '../langfuse/ingestion.ts';
import { authOf, type KeyScope, type ProjectScope } from './auth.ts';
import type { Call } from './route.ts';
import type { Web } from './web.ts';

/** A header of Langfuse's SDKs; some proxies turn its hyphens into underscores. */
export function sdkHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name] ?? headers[name.replaceAll('-', '_')];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Which key and SDK sent a request (packages/shared/src/server/ingestion/ingestionAttribution.ts of v4). */
export function attributionOf(headers: IncomingHttpHeaders, scope: KeyScope): Attribution {
  return {
    ingestionApiKey: scope.publicKey,
    ingestionSdkName: sdkHeader(headers, 'x-langfuse-sdk-name') ?? 'unknown',
    ingestionSdkVersion: sdkHeader(headers, 'x-langfuse-sdk-version') ?? 'unknown',
  };
}

/** What the jobs of a request tell of it; only the batch endpoint knows the key before the route. */
export function originOf(
  { release }: Web,
  { request }: Call,
  scope: ProjectScope,
  route: string,
): EventOrigin {
  const first = route === 'POST /api/public/ingestion' ? 'project' : 'route';
  return {
    baggage: baggage(authOf(scope), route, first),
    attribution: release.generation >= 4 ? attributionOf(request.headers, scope) : undefined,
  };
}
