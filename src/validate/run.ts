import { cleanOrTell } from './clean/last-words.ts';
import type { CanaryIds } from './canary.ts';
import { makeCanary } from './canary.ts';
import { Secret } from '../deployment/secret.ts';
import type { Broom } from './clean/broom.ts';
import { cacheBroom } from './clean/cache.ts';
import { cleanUp, leftCanaries } from './clean/clean.ts';
import type { Sweep } from './clean/cleaning.ts';
import { cleaningOf } from './clean/cleaning.ts';
import { proxiedCanaries } from './clean/proxied.ts';
import { endedOnly } from './clean/under-way.ts';
import { waysFor } from './consumer.ts';
import { firstFailed, together } from './judge.ts';
import { negativeCases } from './negative.ts';
import type { NegativeContext } from './negative/case.ts';
import { keyStores, negativeContext } from './negative/context.ts';
import { removeLeftKeys } from './negative/temporary-key.ts';
import { runProbes } from './probes/run.ts';
import { refusedOutcome, reportOf, withoutSecrets } from './outcome.ts';
import type { CleanReport, Residue, ValidateReport, WayReport } from './report.ts';
import type { Seconds } from './seconds.ts';
import { takeSeconds } from './seconds.ts';
import type { Run, ValidateOptions } from './start.ts';
import { closeRun, start, withPorts } from './start.ts';
import type { Sent } from './sending.ts';
import { sendAll, withoutPlaced } from './sending.ts';

/** Sends canaries, follows them, judges, and removes them. @throws LfctlError where there is nothing to send to */
export async function runValidate(options: ValidateOptions): Promise<ValidateReport> {
  return await withPorts(options, async (opened) => {
    const run = await start(options, opened);
    if ('refusal' in run)
      return await reportOf(options, withoutSecrets(refusedOutcome(options, run), run.redact));
    try {
      return await sendAndClean(run);
    } finally {
      closeRun(run);
    }
  });
}

/** Removes what earlier runs left. @throws LfctlError where nothing answers or the pair is refused */
export async function runClean(options: ValidateOptions): Promise<CleanReport> {
  return await withPorts(options, async (opened) => {
    const run = await start(options, opened);
    if ('refusal' in run) throw run.refusal;
    try {
      return await cleanLeft(run);
    } finally {
      closeRun(run);
    }
  });
}

async function cleanLeft(run: Run): Promise<CleanReport> {
  const { projectId, stations, options } = run;
  const { brooms } = cleaningOf(sweepOf(run, [], []));
  const { canaries: own, files, unknown } = await leftCanaries(brooms, projectId);
  const proxied = await proxiedCanaries(stations, run.era.generation, projectId);
  const canaries = [...own, ...proxied.canaries];
  const ended = await endedOnly(stations.postgres, projectId, canaries, options.now());
  const residue = await sweep(run, ended.canaries, files, 0);
  const young = ended.unsure === null ? {} : { 'other runs': ended.unsure };
  const keys = await removeLeftKeys(stations.postgres, keyStores(run), projectId, run.pair.publicKey);
  const unsureKeys = keys.unsure === null ? {} : { keys: keys.unsure };
  return {
    found: new Set(canaries.map(({ traceId }) => traceId)).size,
    underWay: ended.underWay,
    // A store that could not be asked may hold others, however well the known ones went.
    residue: {
      ...residue,
      total: residue.total + keys.left,
      byStore: { ...residue.byStore, ...(stations.postgres.state === 'open' ? { keys: keys.left } : {}) },
      unknown: { ...residue.unknown, ...unknown, ...proxied.unknown, ...young, ...unsureKeys },
    },
  };
}

async function sendAndClean(run: Run): Promise<ValidateReport> {
  const { options, projectId, stations } = run;
  const seconds = await takeSeconds(stations.postgres, projectId, options.now(), Math.random());
  try {
    return await sendAndSweep(run, seconds);
  } finally {
    await seconds.release();
  }
}

async function sendAndSweep(run: Run, seconds: Seconds): Promise<ValidateReport> {
  const { options, era, projectId, startedMs } = run;
  const ways = await waysFor(run);
  const canaries = ways.map((way, index) => makeCanary(projectId, way, seconds.at(index), options.now()));
  const sent: Sent = { marks: [], placed: new Set() };
  const sending = sendAll(run, canaries, sent);
  /** Canaries, and traces that probes make. */
  const made: CanaryIds[] = [...canaries];
  const probing = runProbes(run, canaries, sending, (trace) => void made.push(trace));
  const context = beside(run, seconds, sending);
  made.push({ ...context.neighbour, exported: null });
  const refusing = negativeCases(context);
  const clean = async (quietMs: number): Promise<Residue> =>
    await sweep(run, withoutPlaced(made, sent), sent.marks, quietMs, madeUp(context));
  try {
    const [travelled, negative, probes] = await Promise.all([sending, refusing, probing]);
    const hops = together(travelled);
    const outcome = {
      hops,
      ways: travelled,
      negative,
      probes,
      projectId,
      era,
      version: era.version,
      startedMs,
    };
    const report = await reportOf(options, withoutSecrets(outcome, run.redact));
    return { ...report, residue: await clean(report.verdict === 'ok' ? 0 : unsettledMs) };
  } catch (error) {
    // What a probe is about to make has to be removed, too, and a temporary key.
    await Promise.allSettled([probing, refusing]);
    // Ctrl-C, or a bug: the canaries go all the same, as far as there is time.
    await cleanOrTell(async () => await clean(unsettledMs), options.onNote);
    throw error;
  }
}

/** The last of the run's seconds: ways take the first ones. */
const neighbourIndex = 15;

/** Negative cases, whose valid neighbour is followed only as long as the canaries are. */
function beside(run: Run, seconds: Seconds, sending: Promise<readonly WayReport[]>): NegativeContext {
  let isGivenUp = false;
  const watch = async (): Promise<void> => {
    const ways = await sending.catch(() => null);
    isGivenUp = ways === null || firstFailed(together(ways)) !== null;
  };
  void watch();
  const second = seconds.at(neighbourIndex);
  const neighbour = makeCanary(run.projectId, 'json', second, run.options.now());
  return negativeContext(run, neighbour, () => isGivenUp);
}

/** What the cache of keys holds of pairs that were made up; a swapped pair has the public key for its secret. */
function madeUp({ keys, stranger, pair }: NegativeContext): Broom[] {
  const broom = cacheBroom(keys, [stranger, new Secret(pair.publicKey)]);
  return broom === null ? [] : [broom];
}

/** A worker writes what it has taken within a second (LANGFUSE_INGESTION_CLICKHOUSE_WRITE_INTERVAL_MS). */
const unsettledMs = 1600;

async function sweep(
  run: Run,
  canaries: readonly CanaryIds[],
  marks: readonly string[],
  quietMs: number,
  more: readonly Broom[] = [],
): Promise<Residue> {
  run.options.onProgress('removing the canaries');
  const cleaning = cleaningOf(sweepOf(run, canaries, marks));
  return await cleanUp({ ...cleaning, brooms: [...cleaning.brooms, ...more] }, canaries, quietMs);
}

function sweepOf(run: Run, canaries: readonly CanaryIds[], marks: readonly string[]): Sweep {
  const { langfuse, stations, era, options, projectId } = run;
  return { langfuse, stations, era, clock: options.cleanClock, projectId, canaries, marks };
}
