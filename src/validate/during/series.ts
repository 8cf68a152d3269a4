import type { Ledger } from './ledger.ts';
import type { DuringReport, Stretch } from './report.ts';
import { entriesOf, isAccepted, isThere, percentile } from './tally.ts';

/** A chart has room for so many stretches. */
const mostStretches = 120;

/** Lengths that people read easily, in seconds. */
const lengths: readonly number[] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];

interface Heap {
  sent: number;
  accepted: number[];
  arrived: number[];
  missing: number;
}

/** What became of the canaries of each stretch of time. */
export function seriesOf(
  ledger: Ledger,
  startedMs: number,
  ms: number,
  couldLook: boolean,
): DuringReport['series'] {
  const stretchMs = stretchFor(ms);
  const count = Math.max(1, Math.ceil(ms / stretchMs));
  const heaps = Array.from({ length: count }, (): Heap => ({
    sent: 0,
    accepted: [],
    arrived: [],
    missing: 0,
  }));
  for (const entry of entriesOf(ledger)) {
    const { plannedMs, acceptedMs, seenMs } = entry;
    const heap = heaps[Math.min(count - 1, Math.floor((plannedMs - startedMs) / stretchMs))];
    if (heap === undefined) continue;
    heap.sent += 1;
    if (isAccepted(entry)) heap.accepted.push(acceptedMs - plannedMs);
    if (isThere(entry)) heap.arrived.push(seenMs - plannedMs);
    else if (isAccepted(entry)) heap.missing += 1;
  }
  return { stretchMs, stretches: heaps.map((heap, index) => stretchOf(heap, index * stretchMs, couldLook)) };
}

const stretchFor = (ms: number): number =>
  (lengths.find((seconds) => ms <= seconds * 1000 * mostStretches) ?? 86_400) * 1000;

const stretchOf = (
  { sent, accepted, arrived, missing }: Heap,
  atMs: number,
  couldLook: boolean,
): Stretch => ({
  atMs,
  sent,
  accepted: accepted.length,
  arrived: arrived.length,
  lost: couldLook ? missing : 0,
  httpMs: high(accepted),
  arrivalMs: high(arrived),
});

const high = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round(percentile(Float64Array.from(values).sort(), 0.95));
