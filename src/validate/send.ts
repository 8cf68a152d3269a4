import { LfctlError } from '../errors/error.ts';
import type { HttpAnswer, HttpRequest, LangfusePort } from '../ports/langfuse.ts';
import type { EncodeSpans, OtlpSpan } from '../ports/otlp.ts';
import type { Canary, Way } from './canary.ts';
import type { RawFiles } from './hops/object.ts';
import { jsonEvents, scoreEvent, type BatchEvent } from './payload/json.ts';
import { canaryResource, canarySpans, directHeaders } from './payload/otlp.ts';

/** A canary that web took, and what its answers tell about the way on. */
export interface Accepted {
  readonly state: 'accepted';
  readonly files: RawFiles;
  /** Texts that its jobs' payloads hold. */
  readonly marks: readonly string[];
  readonly detail: string;
}

/** A canary that was refused, in whole, inside a 207, or its score behind spans that were taken. */
export interface Refused {
  readonly state: 'refused';
  /** As of an accepted one, of the part that was taken: clean-up has to know it. */
  readonly marks: readonly string[];
  readonly detail: string;
  /** Of the answer; null when there was none. */
  readonly status: number | null;
}

/** Sends a canary in its way, and reads the whole answer: a 207 says nothing before its `errors` are read. */
export async function sendCanary(
  langfuse: LangfusePort,
  canary: Canary,
  encode: EncodeSpans,
  prefix: string,
): Promise<Accepted | Refused> {
  if (canary.way === 'json') return await sendEvents(langfuse, canary, jsonEvents(canary), prefix);
  const spans = await sendSpans(langfuse, canary.way, canarySpans(canary), encode);
  if (spans.state === 'refused') return spans;
  const score = await sendEvents(langfuse, canary, [scoreEvent(canary)], prefix);
  return score.state === 'refused' ? { ...score, marks: spans.marks } : joined(spans, score);
}

/** No answer is a refusal. */
async function answered(sending: Promise<Accepted | Refused>): Promise<Accepted | Refused> {
  try {
    return await sending;
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return refused(null, error.message);
  }
}

const refused = (status: number | null, detail: string): Refused => ({
  state: 'refused',
  marks: [],
  detail,
  status,
});

function joined(spans: Accepted, score: Accepted): Accepted {
  return {
    state: 'accepted',
    files: { keys: spans.files.keys, prefixes: score.files.prefixes },
    marks: [...spans.marks, ...score.marks],
    detail: `${spans.detail}, ${score.detail}`,
  };
}

const json = { 'content-type': 'application/json' } as const;

/** Sends a batch of events. */
export async function sendEvents(
  langfuse: LangfusePort,
  { projectId }: Pick<Canary, 'projectId'>,
  batch: readonly BatchEvent[],
  prefix: string,
): Promise<Accepted | Refused> {
  return await answered(postEvents(langfuse, projectId, batch, prefix));
}

async function postEvents(
  langfuse: LangfusePort,
  projectId: string,
  batch: readonly BatchEvent[],
  prefix: string,
): Promise<Accepted | Refused> {
  const body = Buffer.from(JSON.stringify({ batch }));
  const path = '/api/public/ingestion';
  const answer = await langfuse.sendWithKeys({ method: 'POST', path, headers: json, body });
  const refusal = refusalIn(answer, batch);
  if (refusal !== null) return refused(answer.status, `POST ${path} ${refusal}`);
  const ids = batch.map(({ body: entity }) => String(entity['id']));
  const prefixes = batch.map(
    ({ type }, index) => `${prefix}${projectId}/${entityOf[type]}/${ids[index] ?? ''}/`,
  );
  return {
    state: 'accepted',
    files: { keys: [], prefixes },
    marks: ids,
    detail: `207 for ${batch.length} events`,
  };
}

const entityOf: Readonly<Record<BatchEvent['type'], string>> = {
  'trace-create': 'trace',
  'generation-create': 'observation',
  'score-create': 'score',
};

/** Why the batch was not taken whole; null when it was. */
function refusalIn(answer: HttpAnswer, batch: readonly BatchEvent[]): string | null {
  if (answer.status !== 207) return `answers ${answer.status}: ${answer.body.slice(0, 200)}`;
  const { successes, errors } = listsIn(answer.body);
  const [first] = errors;
  if (first !== undefined)
    return `answers 207 with ${errors.length} errors inside, the first: ${JSON.stringify(first).slice(0, 300)}`;
  const taken = new Set(successes.map((each) => (each as { id?: unknown } | null)?.id));
  const missing = batch.filter(({ id }) => !taken.has(id));
  return missing.length === 0 ? null : `answers 207 and names only ${taken.size} of ${batch.length} events`;
}

function listsIn(body: string): { successes: readonly unknown[]; errors: readonly unknown[] } {
  try {
    const { successes, errors } = JSON.parse(body) as { successes?: unknown; errors?: unknown };
    return {
      successes: Array.isArray(successes) ? successes : [],
      errors: Array.isArray(errors) ? errors : [],
    };
  } catch {
    return { successes: [], errors: [] };
  }
}

/** Sends spans in one export request. */
export async function sendSpans(
  langfuse: LangfusePort,
  way: Exclude<Way, 'json'>,
  spans: readonly OtlpSpan[],
  encode: EncodeSpans,
): Promise<Accepted | Refused> {
  return await answered(postSpans(langfuse, way, spans, encode));
}

async function postSpans(
  langfuse: LangfusePort,
  way: Exclude<Way, 'json'>,
  spans: readonly OtlpSpan[],
  encode: EncodeSpans,
): Promise<Accepted | Refused> {
  const encoding = way === 'otlp-protobuf' ? 'protobuf' : 'json';
  const { contentType, bytes } = await encode(spans, canaryResource, encoding);
  const request: HttpRequest = {
    method: 'POST',
    path: '/api/public/otel/v1/traces',
    headers: { 'content-type': contentType, ...directHeaders },
    body: bytes,
  };
  const answer = await langfuse.sendWithKeys(request);
  if (answer.status !== 200)
    return refused(
      answer.status,
      `POST ${request.path} answers ${answer.status}: ${answer.body.slice(0, 300)}`,
    );
  const key = /"fileKey"\s*:\s*"([^"]+)"/.exec(answer.body)?.[1];
  return {
    state: 'accepted',
    files: { keys: key === undefined ? [] : [key], prefixes: [] },
    marks: key === undefined ? [] : [key],
    detail: `200 for ${encoding} spans`,
  };
}
