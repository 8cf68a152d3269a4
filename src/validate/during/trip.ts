import { waysOf } from '../session.ts';
import type { Run } from '../start.ts';
import { lookersOf } from './arrival.ts';
import type { DuringCommand } from './command.ts';
import type { Delivery } from './deliver.ts';
import { firstSecond } from './ids.ts';
import { openLedger } from './ledger.ts';
import { countRefusals } from './refusals.ts';
import { openSlots } from './slots.ts';
import type { Watch } from './watch.ts';

/** What `--during`, `--for` and `--rate` ask for. */
export interface DuringOptions {
  readonly ratePerSecond: number;
  /** At least so long; null: until the command has ended. */
  readonly forMs: number | null;
  readonly command: DuringCommand | null;
}

/** One run of many canaries: what they are sent with and looked for with. */
export interface Trip {
  readonly run: Run;
  readonly asked: DuringOptions;
  readonly delivery: Delivery;
  readonly watch: Watch;
  /** Second that the first trace stands for. */
  readonly baseSecond: number;
  /** Raw files that answers named. */
  readonly files: Set<string>;
  /** Deliveries that have not come to their end. */
  readonly open: Set<Promise<void>>;
}

/** Connections to web at the same time: more would wait inside of web. */
const mostRequests = 256;

export function openTrip(run: Run, asked: DuringOptions): Trip {
  const { options, langfuse, era, projectId, stations } = run;
  const { clock, now, openers } = options;
  const ledger = openLedger();
  const files = new Set<string>();
  const shared = { projectId, ways: waysOf(era), ledger, clock };
  const delivery: Delivery = {
    ...shared,
    langfuse,
    encodeSpans: openers.encodeSpans,
    now,
    slots: openSlots(mostRequests),
    refusals: countRefusals(),
    traces: new Set(),
    onFile: (key) => void files.add(key),
  };
  const watch = { ...shared, lookers: lookersOf(stations, langfuse, era) };
  const baseSecond = firstSecond(now(), Math.random());
  return { run, asked, delivery, watch, baseSecond, files, open: new Set() };
}
