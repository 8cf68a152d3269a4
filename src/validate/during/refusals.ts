/** Counts why requests were not taken; few reasons are kept, however many requests there are. */
export interface Refusals {
  readonly add: (detail: string) => void;
  readonly total: () => number;
  /** The most frequent first. */
  readonly list: () => { readonly detail: string; readonly count: number }[];
}

const most = 10;
const others = 'other reasons';

export function countRefusals(): Refusals {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    add: (detail) => {
      total += 1;
      const short = withoutIds(detail).slice(0, 200);
      const name = counts.has(short) || counts.size < most ? short : others;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    total: () => total,
    list: () =>
      [...counts].map(([detail, count]) => ({ detail, count })).toSorted((a, b) => b.count - a.count),
  };
}

/** The same refusal of two canaries is one reason. */
const withoutIds = (detail: string): string => detail.replaceAll(/[0-9a-f]{16,}(?:-[0-9a-f]+)*/g, '…');
