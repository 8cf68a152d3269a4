const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A Node timer holds at most 2^31-1 ms. */
const longestTimerMs = 2_147_483_647;

/**
 * Milliseconds of text such as `500ms`, `30s`, `1m30s`, `1.5h`; null when it is none, or longer than the longest.
 * A unit is always needed.
 */
export function parseDuration(text: string, longestMs: number = longestTimerMs): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return null;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    totalMs += Number(count) * (unitsMs[unit ?? ''] ?? 0);
  return totalMs <= longestMs ? Math.round(totalMs) : null;
}

/** The shortest exact text: 90000 is `90s`, 120000 is `2m`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = unitsMs[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${String(ms / size)}${unit}`;
  }
  return `${String(ms)}ms`;
}
