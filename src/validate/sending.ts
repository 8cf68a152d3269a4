import type { Canary, CanaryIds } from './canary.ts';
import { hopReports } from './judge.ts';
import type { WayReport } from './report.ts';
import type { Run } from './start.ts';
import { travel } from './travel.ts';

/** What the answers told, for clean-up. */
export interface Sent {
  /** Texts by which jobs and raw files are known. */
  readonly marks: string[];
  /** Traces whose raw files are among them. */
  readonly placed: Set<string>;
}

/** Where the raw file is known by name, none is looked for among those of others. */
export const withoutPlaced = (made: readonly CanaryIds[], { placed }: Sent): CanaryIds[] =>
  made.map((one) => (placed.has(one.traceId) ? { ...one, exported: null } : one));

/** Ends when the last one has: what is on its way when another fails has to be removed, too. */
export async function sendAll(run: Run, canaries: readonly Canary[], sent: Sent): Promise<WayReport[]> {
  const sending = canaries.map(async (canary) => await sendOne(run, canary, sent));
  await Promise.allSettled(sending);
  return await Promise.all(sending);
}

async function sendOne(run: Run, canary: Canary, sent: Sent): Promise<WayReport> {
  const { options, langfuse, era, stations, startedMs } = run;
  const { clock, onProgress, openers, settings } = options;
  const untilMs = startedMs + settings.timeoutMs;
  const onAnswer = (marks: readonly string[], isPlaced: boolean): void => {
    sent.marks.push(...marks);
    if (isPlaced) sent.placed.add(canary.traceId);
  };
  const about = { langfuse, encodeSpans: openers.encodeSpans, era, stations };
  const results = await travel({ ...about, clock, untilMs, onProgress, onAnswer }, canary);
  return { way: canary.way, traceId: canary.traceId, hops: hopReports(results, options.require) };
}
