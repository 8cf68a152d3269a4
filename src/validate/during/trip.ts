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
  readonly strays: Strays;
  /** Deliveries that have not come to their end. */
  readonly open: Set<Promise<void>>;
}

/** When exports were sent that were not accepted: their raw files may be there, and nobody named them. */
interface Strays {
  readonly add: () => void;
  readonly range: () => { readonly from: Date; readonly to: Date } | null;
}

function openStrays(now: () => Date): Strays {
  let range: ReturnType<Strays['range']> = null;
  return {
    add: () => {
      const at = now();
      // It was sent up to an answer's deadline before.
      range = { from: range?.from ?? new Date(at.getTime() - 60_000), to: at };
    },
    range: () => range,
  };
}

/** Connections to web at the same time: more would wait inside of web. */
const mostRequests = 256;

export function openTrip(run: Run, asked: DuringOptions): Trip {
  const { options, langfuse, era, projectId, stations } = run;
  const { clock, now, openers } = options;
  const ledger = openLedger();
  const files = new Set<string>();
  const strays = openStrays(now);
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
    onRefused: (way) => {
      if (way !== 'json') strays.add();
    },
  };
  const watch = { ...shared, lookers: lookersOf(stations, langfuse, era) };
  const baseSecond = firstSecond(now(), Math.random());
  return { run, asked, delivery, watch, baseSecond, files, strays, open: new Set() };
}
