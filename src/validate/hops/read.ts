import { LfctlError } from '../../errors/error.ts';
import type { HttpAnswer, LangfusePort } from '../../ports/langfuse.ts';
import type { Canary } from '../canary.ts';
import { fieldsOf } from '../fields.ts';
import type { Hop, Look } from '../hop.ts';
import type { Era } from '../session.ts';

/** Errors of the server may pass; after this time they are its answer. */
const patienceMs = 10_000;

/** Reads the canary back as users do, through the endpoint that this version has. */
export function readHop(langfuse: LangfusePort, canary: Canary, era: Era): Hop {
  const endpoint = era.mode === 'events_only' ? observationsOf(canary) : traceOf(canary);
  return {
    name: 'read',
    look: async ({ sinceMs }): Promise<Look> => {
      const answer = await langfuse.getWithKeys(endpoint.path).catch(unanswered);
      if (answer instanceof LfctlError)
        return { state: sinceMs < patienceMs ? 'waiting' : 'failed', detail: answer.message };
      if (answer.status === 200) return judgeBody(endpoint, answer);
      const detail = `GET ${endpoint.name} answers ${answer.status}: ${answer.body.slice(0, 200)}`;
      const mayPass = answer.status === 404 || (answer.status >= 500 && sinceMs < patienceMs);
      if (answer.status === 404 && /not available/.test(answer.body)) return { state: 'failed', detail };
      return { state: mayPass ? 'waiting' : 'failed', detail };
    },
  };
}

/** Web that does not answer is this hop's own failure; a way to it that breaks is not. */
function unanswered(error: unknown): LfctlError {
  if (error instanceof LfctlError && error.code.startsWith('LANGFUSE_')) return error;
  throw error;
}

/** What must be in the answer: how many of each list. */
type Parts = (
  body: Readonly<Record<string, unknown>>,
) => readonly (readonly [name: string, found: number, wanted: number])[];

interface Endpoint {
  /** The path as the API reference writes it. */
  readonly name: string;
  readonly path: string;
  readonly parts: Parts;
}

function traceOf({ traceId }: Canary): Endpoint {
  return {
    name: '/api/public/traces/{id}',
    path: `/api/public/traces/${traceId}`,
    parts: ({ observations, scores }) => [
      ['observations', lengthOf(observations), 1],
      ['scores', lengthOf(scores), 1],
    ],
  };
}

/** Root and generation; scores have an endpoint of their own there. */
function observationsOf({ traceId }: Canary): Endpoint {
  return {
    name: '/api/public/v2/observations',
    path: `/api/public/v2/observations?traceId=${traceId}&limit=10`,
    parts: ({ data }) => [['observations', lengthOf(data), 2]],
  };
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function judgeBody({ name, parts }: Endpoint, { body }: HttpAnswer): Look {
  const missing = parts(fieldsOf({ body })).filter(([, count, wanted]) => count < wanted);
  if (missing.length === 0) return { state: 'seen', detail: `GET ${name}` };
  return { state: 'waiting', detail: `GET ${name} lacks ${missing.map(([part]) => part).join(', ')}` };
}
