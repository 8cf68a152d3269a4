import type { IncomingMessage } from 'node:http';
import { PrismaError } from '../langfuse/prisma-error.ts';
import { checkKey, type KeyScope, type ProjectScope } from './auth.ts';
import { HttpError, jsonLimitBytes, readBody, type Answer } from './answer.ts';
import type { Web } from './web.ts';

/** One request, taken apart. */
export interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Parts of the path that the route's pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One path of the public API; the owner is what the handlers of one generation share. */
export interface Route<Owner = Web> {
  /** For example `/api/public/traces/:traceId`. */
  readonly path: string;
  readonly methods: Readonly<Partial<Record<string, (web: Owner, call: Call) => Promise<Answer>>>>;
  /** What another method is told, where it is not the common answer. */
  readonly notAllowed?: object;
  /** Methods that need the tables of 3: a deployment in events_only mode has them no more. */
  readonly legacy?: readonly string[];
}

/**
 * Routes of one project (web/src/features/public-api/server/createAuthedProjectAPIRoute.ts).
 *
 * @throws HttpError 401; 403 for a key of another kind; 503 when Postgres cannot be asked
 */
export async function projectScope(
  web: Web,
  call: Call,
  allowed: readonly KeyScope['accessLevel'][] = ['project'],
): Promise<ProjectScope> {
  const check = await checkKey(web, call.request.headers.authorization).catch((error: unknown) => {
    throw error instanceof PrismaError ? new HttpError(503, { message: 'Service Unavailable' }) : error;
  });
  if (!check.validKey) throw new HttpError(401, { message: check.error });
  const { scope } = check;
  if (!allowed.includes(scope.accessLevel))
    throw new HttpError(403, { message: 'Access denied - insufficient permissions for this endpoint' });
  if (scope.projectId === null)
    throw new HttpError(403, {
      message: 'Project ID not found for API token. Are you using an organization key?',
    });
  return { ...scope, projectId: scope.projectId };
}

/** @throws HttpError 400 when the body is no JSON */
export async function jsonBody(call: Call): Promise<unknown> {
  const body = await readBody(call.request, jsonLimitBytes);
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown);
  } catch {
    throw new HttpError(400, { message: 'Invalid JSON' });
  }
}

/** Matches a path against a pattern with `:name` parts. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = decoded(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
