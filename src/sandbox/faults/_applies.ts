/** Where faults make sense. */
/** Where a fault applies that depends on neither generation nor layout. */
export const everywhere = {
  generations: [2, 3, 4],
  layouts: ['runbook', 'chart-1', 'chart-2', 'plain'],
} as const;

/** Where a fault applies of what Langfuse 2 does not have: ClickHouse, Redis, the worker, events in a bucket. */
export const sinceThree = { ...everywhere, generations: [3, 4] } as const;
