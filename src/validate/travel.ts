import type { LangfusePort } from '../ports/langfuse.ts';
import type { EncodeSpans } from '../ports/otlp.ts';
import { LfctlError } from '../errors/error.ts';
import type { Canary } from './canary.ts';
import { exportedFiles } from './clean/raw-files.ts';
import type { Clock } from './follow.ts';
import { follow } from './follow.ts';
import type { Hop, HopResult } from './hop.ts';
import { objectHop } from './hops/object.ts';
import { queueHop } from './hops/queue.ts';
import { readHop } from './hops/read.ts';
import { clickhouseRows, postgresRows, storeHop } from './hops/store.ts';
import type { RowCounter } from './hops/store.ts';
import type { JobFinder } from './jobs.ts';
import { jobFinder } from './jobs.ts';
import type { Accepted, Refused } from './send.ts';
import { sendCanary } from './send.ts';
import type { Era } from './session.ts';
import type { Station } from './station.ts';
import type { Stations } from './stations.ts';

export interface Journey {
  readonly langfuse: LangfusePort;
  readonly encodeSpans: EncodeSpans;
  readonly era: Era;
  readonly stations: Stations;
  readonly clock: Clock;
  /** By the clock: after it nothing is waited for. */
  readonly untilMs: number;
  readonly onProgress: (text: string) => void;
  /**
   * Told the texts by which the canary's jobs are known, and whether its raw files all are, before it is followed:
   * clean-up needs them after Ctrl-C.
   */
  readonly onAnswer: (marks: readonly string[], isPlaced: boolean) => void;
}

/** Sends one canary and follows it to the end of its way. */
export async function travel(journey: Journey, canary: Canary): Promise<readonly HopResult[]> {
  const { langfuse, encodeSpans, stations, clock, untilMs } = journey;
  const sentMs = clock.elapsed();
  const answer = await named(
    stations,
    canary,
    await sendCanary(langfuse, canary, encodeSpans, prefixOf(stations)),
  );
  const isPlaced = canary.way === 'json' || (answer.state === 'accepted' && answer.files.keys.length > 0);
  journey.onAnswer(answer.marks, isPlaced);
  const acceptedMs = clock.elapsed();
  const ms = Math.round(acceptedMs - sentMs);
  if (answer.state === 'refused')
    return [{ hop: 'http', look: { state: 'failed', detail: answer.detail }, ms }];
  const http: HopResult = { hop: 'http', look: { state: 'seen', detail: answer.detail }, ms };
  const hops = hopsFor(journey, canary, answer);
  const onLook = (hop: string): void => journey.onProgress(`${canary.way}: looking at ${hop}`);
  const results = await follow({ hops, clock, sentMs, acceptedMs, untilMs, onLook });
  return [http, ...results];
}

/**
 * The answer to an export names its raw file on most versions; else it is looked for by what it holds, because web
 * writes it before it answers.
 */
async function named<Answer extends Accepted | Refused>(
  { objects }: Stations,
  canary: Canary,
  answer: Answer,
): Promise<Answer | Accepted> {
  const isNamed = answer.state === 'refused' || canary.way === 'json' || answer.files.keys.length > 0;
  if (isNamed || objects.state !== 'open') return answer;
  try {
    const keys = await exportedFiles(objects.port.objects, objects.port.prefix, [canary]);
    const unnamed =
      keys.length > 0 ? {} : { unnamed: 'the raw file of the export is neither named nor found' };
    return { ...answer, files: { ...answer.files, keys, ...unnamed }, marks: [...answer.marks, ...keys] };
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
    return { ...answer, files: { ...answer.files, unnamed: error.message } };
  }
}

const prefixOf = ({ objects }: Stations): string => (objects.state === 'open' ? objects.port.prefix : '');

function hopsFor({ langfuse, era, stations }: Journey, canary: Canary, accepted: Accepted): Hop[] {
  const { objects, redis } = stations;
  return [
    objectHop(
      objects.state === 'open' ? { state: 'open', port: objects.port.objects } : objects,
      accepted.files,
    ),
    queueHop(jobsAt(redis, accepted.marks)),
    storeHop(rowsAt(stations, era), canary),
    readHop(langfuse, canary, era),
  ];
}

/** Where the jobs that hold one of the marks are found. */
export function jobsAt(station: Stations['redis'], marks: readonly string[]): Station<JobFinder> {
  if (station.state !== 'open') return station;
  return { state: 'open', port: jobFinder(station.port, marks) };
}

/** Where the rows of a canary are counted. */
export function rowsAt({ postgres, clickhouse }: Stations, era: Era): Station<RowCounter> {
  if (era.generation === 2)
    return postgres.state === 'open' ? { state: 'open', port: postgresRows(postgres.port) } : postgres;
  return clickhouse.state === 'open'
    ? { state: 'open', port: clickhouseRows(clickhouse.port, era) }
    : clickhouse;
}
