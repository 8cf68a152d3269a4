import { loadBalancerIdle } from '../../doctor/load-balancer-idle.ts';
import { LfctlError } from '../../errors/error.ts';
import type { IdleOutcome } from '../../ports/idle.ts';
import type { Run } from '../start.ts';
import type { Finding, Probe, ProbeContext } from './probe.ts';
import { skipped, words } from './probe.ts';
import { publicTarget } from './public-target.ts';
import { viewOfRun } from './view.ts';

/** A connection, two requests, and what comes between. */
const besideMs = 20_000;

/** Whether web keeps an idle connection for as long as is asked; by the public URL that is told as well. */
export const idleProbe: Probe = {
  id: 'idle',
  limitMs: ({ idleMs }) => (idleMs ?? 0) + besideMs,
  look: async (context) => {
    const { run, wishes, inside } = context;
    const { idleMs } = wishes;
    if (idleMs === null) return skipped('asked for by --idle DURATION');
    const [outcome, outside] = await Promise.all([
      run.options.openers.holdIdle(healthAt(run.url), idleMs, inside),
      bySide(context, idleMs),
    ]);
    return { ...judgeIdle(outcome, keptSeconds(run), outside), from: viewOfRun(run) };
  },
};

const healthAt = (url: string): string => `${url.replace(/\/+$/, '')}/api/public/health`;

/** How long the load balancer keeps idle connections to web, in seconds: as configured, else by its class. */
const keptSeconds = ({ options, deployment }: Run): number | null =>
  options.settings.ingress.loadBalancerIdleSeconds?.value ?? loadBalancerIdle(deployment?.routes ?? []);

/** What stands in front may close its own connections when it likes: clients open others. */
async function bySide({ run, wishes, here }: ProbeContext, idleMs: number): Promise<string> {
  const target = publicTarget(wishes, run);
  if ('why' in target) return '';
  const { origin, href } = target.url;
  try {
    const outcome = await run.options.openers.holdIdle(healthAt(href), idleMs, here);
    return `; by ${origin} ${outcomeText(outcome)}`;
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return `; by ${origin} not known: ${words(error)}`;
  }
}

/** Closed before the load balancer does it, a request on its way meets the close: a 502 now and then. */
export function judgeIdle(
  outcome: IdleOutcome,
  keptFor: number | null,
  outside: string,
): Omit<Finding, 'from'> {
  const { ended, promisedSeconds } = outcome;
  const promise = promisedSeconds === null ? '' : `, its Keep-Alive header says ${promisedSeconds} s`;
  const kept = keptFor === null ? '' : `; the load balancer keeps its own for ${keptFor} s`;
  const detail = `web: ${outcomeText(outcome)}${promise}${kept}${outside}`;
  return { status: ended === null ? 'ok' : 'fail', detail };
}

function outcomeText({ ended, afterMs, status }: IdleOutcome): string {
  const seconds = `${(afterMs / 1000).toFixed(1)} s`;
  if (ended === null) return `open after ${seconds}, and used again (${status ?? 'no answer'})`;
  return `${ended} by the other side after ${seconds}`;
}
