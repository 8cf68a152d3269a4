import type { Probe } from '../../../ports/kube-objects.ts';
import { checkProbe, type ProbeTarget } from './probe-checks.ts';

type ProbeKind = 'Startup' | 'Readiness' | 'Liveness';

/** Who hears what the probes of a container found. */
export interface ProbeReports {
  /** The startup probe has passed, or there is none. */
  readonly onStarted: () => void;
  readonly onReady: (ready: boolean) => void;
  /** One failed probe, with its message. */
  readonly onUnhealthy: (kind: ProbeKind, message: string) => void;
  /** A startup or liveness probe has failed as often as it may. */
  readonly onDead: (kind: ProbeKind) => void;
}

/** An answer takes as long here as on a real node, so timeouts shrink only to this. */
const shortestTimeoutMs = 1000;

/**
 * Delays run on the sandbox's clock, but a program starts as fast as this machine can: one that has not answered yet is
 * not taken for dead before this time.
 */
const startingMs = 15_000;

/**
 * Probes a container as its spec says, with delays and periods on the sandbox's clock.
 * @returns the way to stop
 */
export function startProbes(target: ProbeTarget, timeScale: number, reports: ProbeReports): () => void {
  const { startupProbe, readinessProbe, livenessProbe } = target.container;
  const stopping = new AbortController();
  const { signal } = stopping;
  const begin = (): void => {
    reports.onStarted();
    if (livenessProbe)
      repeat('Liveness', livenessProbe, (alive) => {
        if (!alive) reports.onDead('Liveness');
        return alive;
      });
    if (readinessProbe)
      repeat('Readiness', readinessProbe, (ready) => {
        reports.onReady(ready);
        return true;
      });
    else reports.onReady(true);
  };
  const repeat = (kind: ProbeKind, probe: Probe, onVerdict: (passed: boolean) => boolean): void => {
    const begins = kind === 'Startup' || (kind === 'Liveness' && startupProbe === undefined);
    const patienceMs = begins ? startingMs : 0;
    void probeLoop(probe, target, { timeScale, signal, patienceMs }, onVerdict, (message) =>
      reports.onUnhealthy(kind, message),
    );
  };
  if (startupProbe)
    repeat('Startup', startupProbe, (passed) => {
      if (passed) begin();
      else reports.onDead('Startup');
      return false;
    });
  else begin();
  return () => stopping.abort();
}

/** Goes on until onVerdict says no; a verdict is as many equal results in a row as the thresholds ask. */
async function probeLoop(
  probe: Probe,
  target: ProbeTarget,
  { timeScale, signal, patienceMs }: { timeScale: number; signal: AbortSignal; patienceMs: number },
  onVerdict: (passed: boolean) => boolean,
  onFailure: (message: string) => void,
): Promise<void> {
  const timeoutMs = Math.max(shortestTimeoutMs, ((probe.timeoutSeconds ?? 1) * 1000) / timeScale);
  const until = performance.now() + patienceMs;
  await pause(((probe.initialDelaySeconds ?? 0) * 1000) / timeScale, signal);
  for (let passed = 0, failed = 0, answered = false; !signal.aborted;) {
    const failure = await checkProbe(probe, target, timeoutMs);
    if (signal.aborted) return;
    answered ||= isAnswer(probe, failure);
    const counts = answered || performance.now() > until;
    passed = failure === null ? passed + 1 : 0;
    failed = failure === null ? 0 : failed + (counts ? 1 : 0);
    if (failure !== null) onFailure(failure);
    const decided = passed >= (probe.successThreshold ?? 1) || failed >= (probe.failureThreshold ?? 3);
    if (decided && !onVerdict(failure === null)) return;
    await pause(((probe.periodSeconds ?? 10) * 1000) / timeScale, signal);
  }
}

/** Whether somebody was there: a bad answer is one as well. */
function isAnswer(probe: Probe, failure: string | null): boolean {
  return failure === null || (probe.exec === undefined && !failure.includes('connection refused'));
}

/** Waits, or until the signal. */
export async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || waitMs <= 0) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    signal.addEventListener('abort', finish, { once: true });
  });
}
