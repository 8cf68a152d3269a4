import { setTimeout as pause } from 'node:timers/promises';
import type { DoctorOptions, DoctorRun } from './run.ts';
import { runDoctor } from './run.ts';

/** Between two looks of --wait. */
const betweenMs = 2000;

/** Looks again until the verdict is healthy or the time is over; gives the last look. */
export async function watchDoctor(
  options: DoctorOptions,
  waitMs: number,
  onLook: (run: DoctorRun, leftMs: number) => void,
): Promise<DoctorRun> {
  const endMs = options.now().getTime() + waitMs;
  for (;;) {
    const run = await runDoctor(options);
    const leftMs = endMs - options.now().getTime();
    if (run.report.verdict === 'healthy' || leftMs <= 0) return run;
    onLook(run, leftMs);
    await pause(Math.min(betweenMs, leftMs), undefined, { signal: options.signal });
  }
}
