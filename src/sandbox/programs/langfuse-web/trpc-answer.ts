import { isRecord } from '../langfuse/event-check.ts';
import type { Answer } from './answer.ts';

const codes = {
  BAD_REQUEST: -32600,
  UNAUTHORIZED: -32001,
  FORBIDDEN: -32003,
  NOT_FOUND: -32004,
  CONFLICT: -32009,
  INTERNAL_SERVER_ERROR: -32603,
} as const;

const statuses = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  INTERNAL_SERVER_ERROR: 500,
} as const;

/** A refusal of the user interface's API, by tRPC's name of it. */
export class TrpcError extends Error {
  override readonly name = 'TRPCError';
  readonly code: keyof typeof codes;

  constructor(code: keyof typeof codes, message: string) {
    super(message);
    this.code = code;
  }
}

/** tRPC's answer (https://trpc.io/docs/rpc); superjson puts what it carries under `json`. */
export function trpcAnswer(json: unknown): Answer {
  return { status: 200, json: { result: { data: { json } } } };
}

/** tRPC's answer to a failure of the procedure at this path, for example `projects.create`. */
export function trpcRefusal(path: string, { code, message }: TrpcError): Answer {
  const httpStatus = statuses[code];
  const data = { code, httpStatus, path, zodError: null };
  return { status: httpStatus, json: { error: { json: { message, code: codes[code], data } } } };
}

/** What superjson carries of an input; undefined for anything else. */
export function trpcInput(body: unknown): Readonly<Record<string, unknown>> | undefined {
  const json: unknown = isRecord(body) ? body['json'] : undefined;
  return isRecord(json) ? json : undefined;
}
