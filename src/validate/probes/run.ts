import { LfctlError } from '../../errors/error.ts';
import type { Access } from '../../ports/dialer.ts';
import type { Canary } from '../canary.ts';
import type { ProbeReport, WayReport } from '../report.ts';
import type { Run } from '../start.ts';
import { probeIds } from './ids.ts';
import { probes } from './index.ts';
import { probeReport } from './judge.ts';
import type { Finding, Probe, ProbeContext } from './probe.ts';
import { notLooked, skipped } from './probe.ts';

/** A probe is a few requests; what takes longer must not hold up the verdict. */
const limitMs = 10_000;

type About = Pick<ProbeContext, 'arrived' | 'canary' | 'onTrace'>;

/**
 * Runs all probes at once, beside the canaries; some wait for one that has come. Each is told, whatever became of it.
 *
 * @param sending ends when all canaries have come or are lost
 * @param onTrace hears of traces that probes made
 */
export async function runProbes(
  run: Run,
  canaries: readonly Canary[],
  sending: Promise<readonly WayReport[]>,
  onTrace: About['onTrace'],
): Promise<ProbeReport[]> {
  const [canary] = canaries;
  if (canary === undefined) return [];
  const arrived = sending.then(
    (ways) => canaries.find((_, index) => hasCome(ways[index])) ?? null,
    () => null,
  );
  const direct = await run.options.openers.dialer(null, null);
  const about = { arrived, canary, onTrace };
  return await Promise.all(probes.map(async (probe) => await runOne(run, about, probe, direct)));
}

/** What is lost in part would only be waited for. */
function hasCome(way: WayReport | undefined): boolean {
  const hops = way?.hops ?? [];
  const isRead = hops.some(({ hop, status }) => hop === 'read' && status === 'ok');
  return isRead && !hops.some(({ status }) => status === 'fail');
}

async function runOne(run: Run, about: About, probe: Probe, direct: Access['dialer']): Promise<ProbeReport> {
  const { clock, require, probes: wishes, onProgress } = run.options;
  const startedMs = clock.elapsed();
  const timer = AbortSignal.timeout(probe.limitMs?.(wishes) ?? limitMs);
  const signal = AbortSignal.any([run.options.signal, run.access.signal, timer]);
  const inside: Access = { ...run.access, signal };
  const here: Access = { ...inside, dialer: direct };
  const found = wishes.skip.includes(probe.id)
    ? skipped('left out by --skip')
    : await look(probe, { run, wishes, here, inside, ...about });
  onProgress(`probe ${probe.id}: ${found.status}`);
  return probeReport(probe.id, found, Math.round(clock.elapsed() - startedMs), require);
}

async function look(probe: Probe, context: ProbeContext): Promise<Finding> {
  try {
    return await probe.look(context);
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return notLooked(error, null);
  }
}

/** Where there is no Langfuse to look at, or no project to write to. */
export function noProbes(why: string, asked: readonly string[]): ProbeReport[] {
  return probeIds.map((id) => probeReport(id, { status: 'unknown', detail: why, from: null }, 0, asked));
}
