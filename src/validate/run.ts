import { setMaxListeners } from 'node:events';
import type { Deployment } from '../deployment/model.ts';
import type { Settings } from '../deployment/settings.ts';
import type { OpenPorts } from '../doctor/ports.ts';
import { openPorts } from '../doctor/ports.ts';
import { Skipped } from '../doctor/fact.ts';
import { LfctlError } from '../errors/error.ts';
import type { LangfusePort } from '../ports/langfuse.ts';
import type { PortOpeners } from '../ports/openers.ts';
import { findCause } from './cause.ts';
import { makeCanary } from './canary.ts';
import type { Canary } from './canary.ts';
import { cleanUp, leftCanaries } from './clean/clean.ts';
import type { Cleaning } from './clean/clean.ts';
import { cleaningOf } from './clean/cleaning.ts';
import type { Clock } from './follow.ts';
import { firstFailed, hopReports, together, verdictOf } from './judge.ts';
import type { KeyPair } from './keys.ts';
import { keyPair } from './keys.ts';
import { negativeCases } from './negative.ts';
import type { HopReport, NegativeReport, Residue, ValidateReport, WayReport } from './report.ts';
import type { Era } from './session.ts';
import { waysOf } from './session.ts';
import type { Stations } from './stations.ts';
import { openStations } from './stations.ts';
import { eraOf, projectOf, targetUrl } from './target.ts';
import { travel } from './travel.ts';

export interface ValidateOptions {
  readonly settings: Settings;
  readonly openers: PortOpeners;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly clock: Clock;
  readonly fingerprint: (value: string) => string;
  readonly signal: AbortSignal;
  /** Hops that must be seen although their store is not configured. */
  readonly require: readonly string[];
  readonly onProgress: (text: string) => void;
}

/** One request's answer; a hang is an answer, too: with Redis gone web hangs for half a minute. */
const answerMs = 10_000;
const connectMs = 4000;

/** What is the same for a whole run. */
export interface Run {
  readonly options: ValidateOptions;
  readonly opened: OpenPorts;
  readonly deployment: Deployment | null;
  readonly langfuse: LangfusePort;
  readonly url: string;
  readonly pair: KeyPair;
  readonly era: Era;
  readonly projectId: string;
  readonly stations: Stations;
}

/** Sends canaries, follows them, judges, and removes them. @throws LfctlError where there is nothing to send to */
export async function runValidate(options: ValidateOptions): Promise<ValidateReport> {
  return await withPorts(options, async (opened) => {
    const startedMs = options.clock.elapsed();
    const started = await start(options, opened);
    if ('refusal' in started) return await refused(options, started, startedMs);
    return await validate(started, startedMs);
  });
}

/** Removes what earlier runs left. @throws LfctlError where nothing answers or the pair is refused */
export async function runClean(
  options: ValidateOptions,
): Promise<{ readonly found: number; readonly residue: Residue }> {
  return await withPorts(options, async (opened) => {
    const started = await start(options, opened);
    if ('refusal' in started) throw started.refusal;
    const { stations, era, projectId } = started;
    const { brooms } = cleaningOf(stations, era, [], options.clock);
    const left = await leftCanaries(brooms, projectId);
    return { found: left.length, residue: await cleanUp(cleaningFor(started, left), left) };
  });
}

/** Connections outlive Ctrl-C for a moment, so that canaries can still be removed. */
const afterAbortMs = 3500;

async function withPorts<Value>(
  options: ValidateOptions,
  work: (opened: OpenPorts) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController();
  // Every request and every connection listens to it.
  setMaxListeners(0, ending.signal, options.signal);
  const end = (): void => void setTimeout(() => ending.abort(options.signal.reason), afterAbortMs).unref();
  options.signal.addEventListener('abort', end, { once: true });
  const { settings, openers, env } = options;
  const opened = openPorts({
    settings,
    openers,
    env,
    connectTimeoutMs: connectMs,
    queryTimeoutMs: answerMs,
    signal: ending.signal,
  });
  try {
    return await work(opened);
  } finally {
    options.signal.removeEventListener('abort', end);
    await opened.close();
  }
}

/** Web did not answer, or not as Langfuse does: the first hop fails before a canary is sent. */
interface Refusal {
  readonly refusal: LfctlError;
  readonly version: string | null;
}

async function start(options: ValidateOptions, opened: OpenPorts): Promise<Run | Refusal> {
  const { settings, openers } = options;
  const deployment = await deploymentOf(settings, opened);
  const url = targetUrl(settings, deployment);
  const pair = await keyPair(settings, () => Promise.resolve(deployment));
  const langfuse = openers.openLangfuse({ url, ...pair }, opened.access);
  options.onProgress('asking for the version');
  try {
    const [era, projectId] = await Promise.all([eraOf(langfuse, deployment), projectOf(langfuse)]);
    const stations = await openStations(opened, settings, deployment, era);
    return { options, opened, deployment, langfuse, url, pair, era, projectId, stations };
  } catch (error) {
    langfuse.close();
    if (!(error instanceof LfctlError)) throw error;
    return { refusal: error, version: deployment?.imageVersion ?? null };
  }
}

/** Null with URLs alone. @throws LfctlError where a cluster is configured and cannot be read */
async function deploymentOf(settings: Settings, opened: OpenPorts): Promise<Deployment | null> {
  try {
    return await opened.deployment();
  } catch (error) {
    if (error instanceof Skipped) return null;
    if (error instanceof LfctlError && settings.url !== null && settings.publicKey !== null) return null;
    throw error;
  }
}

async function refused(
  options: ValidateOptions,
  { refusal, version }: Refusal,
  startedMs: number,
): Promise<ValidateReport> {
  const ms = Math.round(options.clock.elapsed() - startedMs);
  const look = { state: 'failed', detail: refusal.message } as const;
  const hops = hopReports([{ hop: 'http', look, ms }], options.require);
  return await reportOf(options, {
    hops,
    ways: [],
    negative: [],
    projectId: null,
    era: null,
    version,
    startedMs,
  });
}

async function validate(run: Run, startedMs: number): Promise<ValidateReport> {
  const { options, era, projectId } = run;
  const at = options.now();
  // A second has one id: each way gets a second of its own, back from now.
  const canaries = waysOf(era).map((way, index) =>
    makeCanary(projectId, way, new Date(at.getTime() - index * 1000)),
  );
  try {
    const [ways, negative] = await Promise.all([
      Promise.all(canaries.map(async (canary) => await sendOne(run, canary, startedMs))),
      negativeCases((pair) => open(run, pair), run.pair),
    ]);
    const hops = together(ways);
    const report = await reportOf(options, {
      hops,
      ways,
      negative,
      projectId,
      era,
      version: era.version,
      startedMs,
    });
    options.onProgress('removing the canaries');
    return { ...report, residue: await cleanUp(cleaningFor(run, canaries), canaries) };
  } catch (error) {
    await cleanUp(cleaningFor(run, canaries), canaries).catch(() => undefined);
    throw error;
  } finally {
    run.langfuse.close();
  }
}

const cleaningFor = ({ stations, era, options }: Run, canaries: Parameters<typeof cleaningOf>[2]): Cleaning =>
  cleaningOf(stations, era, canaries, options.clock);

function open(
  { options, opened, url }: Run,
  pair: Pick<KeyPair, 'publicKey' | 'secretKey'> | null,
): LangfusePort {
  return options.openers.openLangfuse({ url, ...pair }, opened.access);
}

async function sendOne(run: Run, canary: Canary, startedMs: number): Promise<WayReport> {
  const { options, langfuse, era, stations } = run;
  const results = await travel(
    {
      langfuse,
      encodeSpans: options.openers.encodeSpans,
      era,
      stations,
      clock: options.clock,
      untilMs: startedMs + options.settings.timeoutMs,
      onProgress: options.onProgress,
    },
    canary,
  );
  return { way: canary.way, traceId: canary.traceId, hops: hopReports(results, options.require) };
}

interface Outcome {
  readonly hops: readonly HopReport[];
  readonly ways: readonly WayReport[];
  readonly negative: readonly NegativeReport[];
  readonly projectId: string | null;
  readonly era: Era | null;
  readonly version: string | null;
  readonly startedMs: number;
}

async function reportOf(options: ValidateOptions, outcome: Outcome): Promise<ValidateReport> {
  const { hops, ways, negative, projectId, era, version, startedMs } = outcome;
  const failed = firstFailed(hops);
  const cause = failed === null ? null : await findCause(options);
  return {
    verdict: verdictOf(
      hops,
      negative.some(({ status }) => status === 'fail'),
    ),
    langfuse: { version, mode: era?.mode ?? null },
    projectId,
    hops,
    ways,
    firstFailure:
      failed === null
        ? null
        : {
            hop: failed.hop,
            detail: failed.detail ?? '',
            cause: cause?.id ?? null,
            causeDetail: cause?.detail ?? null,
          },
    negative,
    residue: null,
    notes: midnightNote(options.now(), era),
    ms: Math.round(options.clock.elapsed() - startedMs),
  };
}

/** Langfuse delays JSON events by 15 s around midnight UTC (packages/shared/src/server/ingestion/processEventBatch.ts). */
function midnightNote(now: Date, era: Era | null): string[] {
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const isAround = minute >= 23 * 60 + 45 || minute <= 15;
  if (era?.generation !== 3 || !isAround) return [];
  return ['between 23:45 and 00:15 UTC Langfuse delays JSON events by 15 s instead of 5 s'];
}
