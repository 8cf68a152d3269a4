/** What is kept of one canary. Times are by the clock, in milliseconds; `NaN` for what has not happened. */
export interface Entry {
  readonly plannedMs: number;
  /** Second of its trace. */
  readonly second: number;
  readonly acceptedMs: number;
  readonly seenMs: number;
  /** Rows that it was seen in at once, at most 255. */
  readonly rows: number;
  /** No further attempt is made. */
  readonly settled: boolean;
}

/** All canaries of a run, by number: forty bytes each, so that hours of them fit into memory. */
export interface Ledger {
  readonly size: () => number;
  /** Gives the canary's number. */
  readonly add: (plannedMs: number, second: number) => number;
  readonly accept: (index: number, atMs: number) => void;
  readonly giveUp: (index: number) => void;
  /** The first sight sets the time, the most rows are kept. */
  readonly see: (index: number, atMs: number, rows: number) => void;
  readonly at: (index: number) => Entry;
  /** Seconds of traces that have canaries which were not seen; asked often, so nothing is made for each canary. */
  readonly unseenSeconds: () => ReadonlySet<number>;
}

export function openLedger(): Ledger {
  let size = 0;
  const times = { planned: column(), second: column(), accepted: column(), seen: column() };
  let rows = new Uint8Array(first);
  let settled = new Uint8Array(first);
  const grow = (): void => {
    for (const each of Object.values(times)) each.grow();
    rows = doubled(rows);
    settled = doubled(settled);
  };
  return {
    size: () => size,
    add: (plannedMs, second) => {
      if (size === rows.length) grow();
      times.planned.set(size, plannedMs);
      times.second.set(size, second);
      return size++;
    },
    accept: (index, atMs) => {
      times.accepted.set(index, atMs);
      settled[index] = 1;
    },
    giveUp: (index) => {
      settled[index] = 1;
    },
    see: (index, atMs, count) => {
      if (Number.isNaN(times.seen.get(index))) times.seen.set(index, atMs);
      rows[index] = Math.min(255, Math.max(rows[index] ?? 0, count));
    },
    at: (index) => ({
      plannedMs: times.planned.get(index),
      second: times.second.get(index),
      acceptedMs: times.accepted.get(index),
      seenMs: times.seen.get(index),
      rows: rows[index] ?? 0,
      settled: settled[index] === 1,
    }),
    unseenSeconds: () => {
      const open = new Set<number>();
      for (let index = 0; index < size; index += 1)
        if (Number.isNaN(times.seen.get(index))) open.add(times.second.get(index));
      return open;
    },
  };
}

const first = 1024;

interface Column {
  readonly get: (index: number) => number;
  readonly set: (index: number, value: number) => void;
  readonly grow: () => void;
}

function column(): Column {
  let values = new Float64Array(first).fill(Number.NaN);
  return {
    get: (index) => values[index] ?? Number.NaN,
    set: (index, value) => {
      values[index] = value;
    },
    grow: () => {
      const more = new Float64Array(values.length * 2).fill(Number.NaN);
      more.set(values);
      values = more;
    },
  };
}

function doubled(values: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(values.length * 2);
  more.set(values);
  return more;
}
