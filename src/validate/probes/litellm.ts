import type { LiteLlm } from '../../deployment/model.ts';
import { LfctlError } from '../../errors/error.ts';
import type { HttpAnswer } from '../../ports/langfuse.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';
import { proxiedSpan, proxyUser } from '../clean/proxied.ts';
import { pairOf } from '../keys.ts';
import type { Run } from '../start.ts';
import { projectOf } from '../target.ts';
import { fieldsOf } from '../fields.ts';
import { notItsOwn } from './answer.ts';
import { callOf, type LiteLlmCall } from './litellm-call.ts';
import { openPod } from './litellm-pod.ts';
import { skipped } from './probe.ts';
import type { Finding, Probe, ProbeContext } from './probe.ts';

const pauseMs = 500;
const longestMs = 120_000;

/** A call of a mock model through LiteLLM, whose trace must come to Langfuse. */
export const litellmProbe: Probe = {
  id: 'litellm',
  limitMs: () => longestMs,
  look: async (context) => {
    const { run, wishes } = context;
    if (!wishes.litellm) return skipped('asked for by --litellm');
    const neighbour = run.deployment?.liteLlm[0];
    if (neighbour === undefined) return skipped('no LiteLLM is in reach');
    const { parseYaml } = await import('../../deployment/yaml.ts');
    const name = `${neighbour.workload.namespace}/${neighbour.workload.name}`;
    const call = callOf(neighbour, parseYaml);
    if ('missing' in call) return unknown(name, call.missing);
    return (await elsewhere(run, neighbour, name)) ?? (await askLiteLlm(context, neighbour, call, name));
  },
};

const unknown = (name: string, why: string): Finding => ({
  status: 'unknown',
  detail: `${name}: ${why}`,
  from: null,
});

/** Why no call is made; null when one is. */
async function elsewhere(
  { openWith, projectId }: Run,
  neighbour: LiteLlm,
  name: string,
): Promise<Finding | null> {
  const pair = pairOf(neighbour);
  if (pair === null) return unknown(name, 'its key pair is not known');
  const client = openWith(pair);
  try {
    if ((await projectOf(client)) === projectId) return null;
    return unknown(name, 'it writes to another project: give validate the keys of that one');
  } catch (error) {
    if (!(error instanceof LfctlError) || error.code !== 'LANGFUSE_AUTH') throw error;
    return {
      status: 'fail',
      detail: `${name}: its key pair is refused, so no trace of it arrives`,
      from: 'cluster',
    };
  } finally {
    client.close();
  }
}

async function askLiteLlm(
  context: ProbeContext,
  neighbour: LiteLlm,
  call: LiteLlmCall,
  name: string,
): Promise<Finding> {
  const { run, inside, canary } = context;
  const client = await openPod(await run.kube(), run.options.openers.openLangfuse, inside, neighbour);
  if (client === null) return unknown(name, 'it has no pod');
  const at = run.options.now();
  const user = proxyUser(canary);
  try {
    const answer = await client.send(completion(call, user));
    if (answer.status !== 200)
      return { status: 'fail', detail: `a call through ${name} answers ${wordsOf(answer)}`, from: 'cluster' };
  } finally {
    client.close();
  }
  const traceId = await arrival(context, user, at);
  return traceId === null
    ? {
        status: 'fail',
        detail: `${name} answers, and no trace of the call arrives (lfctl doctor --only litellm; lfctl validate --clean if it comes later)`,
        from: 'cluster',
      }
    : {
        status: 'ok',
        detail: `a call of ${call.model} through ${name} is trace ${traceId}`,
        from: 'cluster',
      };
}

/** Whatever a callback keeps of it, its raw file holds what clean-up looks for: a canary's name and environment. */
function completion({ model, masterKey }: LiteLlmCall, user: string) {
  const metadata = {
    trace_name: canaryName,
    generation_name: canaryName,
    tags: ['lfctl', canaryEnvironment],
  };
  const messages = [{ role: 'user', content: `${canaryName} (${canaryEnvironment})` }];
  const body = { model, user, messages, metadata, max_tokens: 1 };
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      'content-type': 'application/json',
      ...(masterKey === null ? {} : { authorization: `Bearer ${masterKey.reveal()}` }),
    },
    body: Buffer.from(JSON.stringify(body)),
  } as const;
}

const wordsOf = (answer: HttpAnswer): string =>
  notItsOwn(answer)?.replace('Langfuse', 'LiteLLM') ?? `${answer.status}: ${answer.body.slice(0, 200)}`;

/** Looks until it is there or the run's time is over, and tells of each span for removal. */
async function arrival(
  { run, canary, onTrace }: ProbeContext,
  user: string,
  at: Date,
): Promise<string | null> {
  const { clock, settings } = run.options;
  for (;;) {
    const spans = await spansOf(run, user, at);
    const [first] = spans;
    for (const { traceId, id } of spans)
      onTrace(proxiedSpan({ projectId: run.projectId, traceId }, id, canary.second, at));
    if (first !== undefined) return first.traceId;
    if (clock.elapsed() > run.startedMs + settings.timeoutMs) return null;
    await clock.pause(pauseMs);
  }
}

interface Span {
  readonly traceId: string;
  readonly id: string;
}

/** Spans of a user, by the listing that this version has; a server's error may pass. */
async function spansOf({ langfuse, era }: Run, user: string, at: Date): Promise<readonly Span[]> {
  const from = encodeURIComponent(new Date(at.getTime() - 60_000).toISOString());
  const query = `userId=${user}&limit=20`;
  if (era.mode !== 'events_only')
    return tracesIn(await langfuse.getWithKeys(`/api/public/traces?${query}&fromTimestamp=${from}`));
  return observationsIn(
    await langfuse.getWithKeys(`/api/public/v2/observations?${query}&fromStartTime=${from}`),
  );
}

/** A trace lists the ids of its observations; without one it is not complete. */
const tracesIn = (answer: HttpAnswer): Span[] =>
  rowsIn(answer).flatMap(({ id: traceId, observations }) =>
    (Array.isArray(observations) ? observations : []).flatMap((id: unknown) => spanOf(traceId, id)),
  );

const observationsIn = (answer: HttpAnswer): Span[] =>
  rowsIn(answer).flatMap(({ traceId, id }) => spanOf(traceId, id));

const spanOf = (traceId: unknown, id: unknown): Span[] =>
  typeof traceId === 'string' && typeof id === 'string' ? [{ traceId, id }] : [];

function rowsIn(answer: HttpAnswer): readonly Readonly<Record<string, unknown>>[] {
  const { data } = fieldsOf(answer);
  const rows: readonly unknown[] = Array.isArray(data) ? data : [];
  return rows.filter((row) => typeof row === 'object' && row !== null).map((row) => ({ ...row }));
}
