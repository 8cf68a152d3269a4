import type { Canary } from '../canary.ts';
import type { Era } from '../session.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { skipped } from './probe.ts';
import { viewOfRun } from './view.ts';

/** A score of Langfuse 3 and 4 has a job of its own, delayed by 5 s; the writer takes a second more. */
const patienceMs = 10_000;
const pauseMs = 500;

/** Scores of Langfuse 4 in events_only mode are read at an endpoint of their own; elsewhere they come with the trace. */
export const scoreProbe: Probe = {
  id: 'score',
  look: async (context) => {
    const canary = await context.arrived;
    const { run } = context;
    if (canary === null) return skipped('no canary has come');
    const from = viewOfRun(run);
    if (run.era.mode !== 'events_only') return { status: 'ok', detail: 'it was read with its trace', from };
    const missing = await readScore(context, canary, run.era);
    if (missing === null) return { status: 'ok', detail: `GET ${endpoint}`, from };
    return { status: 'fail', detail: missing, from };
  },
};

const endpoint = '/api/public/v3/scores';

/** Null when it is there; what stands in its place when the patience is over. */
async function readScore(
  { run }: ProbeContext,
  { scoreId }: Canary,
  { version }: Era,
): Promise<string | null> {
  const { clock } = run.options;
  for (const untilMs = clock.elapsed() + patienceMs; ; await clock.pause(pauseMs)) {
    const { status, body } = await run.langfuse.getWithKeys(`${endpoint}?id=${scoreId}&limit=1`);
    if (status === 200 && body.includes(`"${scoreId}"`)) return null;
    if (status >= 400 && status < 500)
      return `GET ${endpoint} of ${version ?? 'this version'} answers ${status}: ${body.slice(0, 200)}`;
    if (clock.elapsed() > untilMs) return `GET ${endpoint} does not have it (${status})`;
  }
}
