import type { HttpAnswer, LangfusePort } from '../../ports/langfuse.ts';
import type { Canary } from '../canary.ts';
import type { Hop, Look } from '../hop.ts';
import type { Era } from '../session.ts';

/** Errors of the server may pass; after this time they are its answer. */
const patienceMs = 10_000;

/** Reads the canary back as users do, through the endpoint that this version has. */
export function readHop(langfuse: LangfusePort, canary: Canary, era: Era): Hop {
  const { path, parts } = era.mode === 'events_only' ? observationsOf(canary) : traceOf(canary);
  return {
    name: 'read',
    look: async ({ sinceMs }): Promise<Look> => {
      const answer = await langfuse.getWithKeys(path);
      if (answer.status === 200) return judgeBody(path, answer, parts);
      const detail = `GET ${path} answers ${answer.status}: ${answer.body.slice(0, 200)}`;
      const mayPass = answer.status === 404 || (answer.status >= 500 && sinceMs < patienceMs);
      if (answer.status === 404 && /not available/.test(answer.body)) return { state: 'failed', detail };
      return { state: mayPass ? 'waiting' : 'failed', detail };
    },
  };
}

/** What must be in the answer: how many of each list. */
type Parts = (
  body: Record<string, unknown>,
) => readonly (readonly [name: string, found: number, wanted: number])[];

function traceOf({ traceId }: Canary): { path: string; parts: Parts } {
  return {
    path: `/api/public/traces/${traceId}`,
    parts: ({ observations, scores }) => [
      ['observations', lengthOf(observations), 1],
      ['scores', lengthOf(scores), 1],
    ],
  };
}

/** Root and generation; scores have an endpoint of their own there. */
function observationsOf({ traceId }: Canary): { path: string; parts: Parts } {
  return {
    path: `/api/public/v2/observations?traceId=${traceId}&limit=10`,
    parts: ({ data }) => [['observations', lengthOf(data), 2]],
  };
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function judgeBody(path: string, { body }: HttpAnswer, parts: Parts): Look {
  const found = parts(objectIn(body));
  const missing = found.filter(([, count, wanted]) => count < wanted);
  if (missing.length > 0)
    return { state: 'waiting', detail: `GET ${path} lacks ${missing.map(([name]) => name).join(', ')}` };
  return { state: 'seen', detail: `GET ${path.split('?')[0] ?? path}` };
}

/** An answer that is no JSON object has none of the parts. */
function objectIn(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
