import { findCause } from './cause.ts';
import { firstFailed, hopReports, verdictOf } from './judge.ts';
import { withProbes } from './probes/judge.ts';
import { noProbes } from './probes/run.ts';
import type { HopReport, NegativeReport, ProbeReport, ValidateReport, WayReport } from './report.ts';
import type { Era } from './session.ts';
import type { Refusal, ValidateOptions } from './start.ts';

/** What a run saw, before it is judged. */
export interface Outcome {
  readonly hops: readonly HopReport[];
  readonly ways: readonly WayReport[];
  readonly negative: readonly NegativeReport[];
  readonly probes: readonly ProbeReport[];
  readonly projectId: string | null;
  readonly era: Era | null;
  readonly version: string | null;
  readonly startedMs: number;
}

/** Answers of servers and reasons of failed jobs are quoted: a secret in them is cut out. */
export function withoutSecrets(outcome: Outcome, redact: (text: string) => string): Outcome {
  const clean = (hops: readonly HopReport[]): HopReport[] =>
    hops.map((hop) => (hop.detail === undefined ? hop : { ...hop, detail: redact(hop.detail) }));
  return {
    ...outcome,
    hops: clean(outcome.hops),
    ways: outcome.ways.map((way) => ({ ...way, hops: clean(way.hops) })),
    negative: outcome.negative.map((one) => ({ ...one, observed: redact(one.observed) })),
    probes: outcome.probes.map((one) => ({ ...one, detail: redact(one.detail) })),
  };
}

/** Nothing was sent: the first hop has failed. */
export function refusedOutcome(options: ValidateOptions, { refusal, version, startedMs }: Refusal): Outcome {
  const ms = Math.round(options.clock.elapsed() - startedMs);
  const look = { state: 'failed', detail: refusal.message } as const;
  const hops = hopReports([{ hop: 'http', look, ms }], options.require);
  const probes = noProbes('not looked at: web does not let validate in', options.require);
  return { hops, ways: [], negative: [], probes, projectId: null, era: null, version, startedMs };
}

/** The verdict, and for a failure what doctor says of its cause. */
export async function reportOf(options: ValidateOptions, outcome: Outcome): Promise<ValidateReport> {
  const { hops, ways, negative, probes, projectId, era, version, startedMs } = outcome;
  return {
    verdict: withProbes(verdictOf(hops, negative), probes),
    langfuse: { version, mode: era?.mode ?? null },
    projectId,
    hops,
    ways,
    firstFailure: await failureOf(options, hops),
    negative,
    probes,
    during: null,
    residue: null,
    notes: [...midnightNote(options.now(), era), ...modeNote(era)],
    ms: Math.round(options.clock.elapsed() - startedMs),
  };
}

async function failureOf(
  options: ValidateOptions,
  hops: readonly HopReport[],
): Promise<ValidateReport['firstFailure']> {
  const failed = firstFailed(hops);
  if (failed === null) return null;
  options.onProgress('asking doctor for the cause');
  const cause = await findCause(options, failed.hop);
  return {
    hop: failed.hop,
    detail: failed.detail ?? '',
    cause: cause?.id ?? null,
    causeDetail: cause?.detail ?? null,
  };
}

function modeNote(era: Era | null): string[] {
  if (era?.generation !== 4 || era.mode !== null) return [];
  return [
    'whether it writes as legacy or as dual is known by its variables alone: the old tables were looked at',
  ];
}

/** Langfuse delays JSON events by 15 s around midnight UTC (packages/shared/src/server/ingestion/processEventBatch.ts). */
function midnightNote(now: Date, era: Era | null): string[] {
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const isAround = minute >= 23 * 60 + 45 || minute <= 15;
  if (era?.generation !== 3 || !isAround) return [];
  return ['between 23:45 and 00:15 UTC Langfuse delays JSON events by 15 s instead of 5 s'];
}
