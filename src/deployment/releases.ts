/** What the releases of Langfuse differ in, by version: https://github.com/langfuse/langfuse/releases */
import type { Generation } from './model.ts';
import { newestMigrations, newestRelease } from './releases.gen.ts';

export { newestRelease };

/** Releases that may be meant, both ends included, as numbers that compare. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Later than every release that lfctl knows: judged as the newest known one, and said so. */
  readonly newer: boolean;
}

const step = 10_000;

/** `3.199.0` as a number; missing parts are `rest`. */
function ordinal(version: string, rest: number): number {
  const [major = 0, minor = rest, patch = rest] = version.split('.').map((part) => Number.parseInt(part, 10));
  return (major * step + minor) * step + patch;
}

const newest = ordinal(newestRelease, 0);
const oldest = ordinal('2.0.0', 0);

/** `3.199.0` is one release, `3.199` and `3` are all of a line; without a version the generation says which. */
export function spanOf(version: string | null, generation: Generation | null): Span {
  const line = version !== null && /^\d/.test(version) ? version : generation?.toString();
  if (line === undefined) return { from: oldest, to: newest, newer: false };
  const from = ordinal(line, 0);
  const newer = from > newest;
  return { from: newer ? newest : from, to: Math.min(ordinal(line, step - 1), newest), newer };
}

/** `newer-major` and `newer-minor`: later than the newest known release. Null where the text is no exact version. */
export function knownness(version: string | null): 'known' | 'newer-minor' | 'newer-major' | null {
  if (version === null || !/^\d+\.\d+\.\d+/.test(version)) return null;
  if (Number.parseInt(version, 10) > Number.parseInt(newestRelease, 10)) return 'newer-major';
  return ordinal(version, 0) > newest ? 'newer-minor' : 'known';
}

/** Whether all, some or none of the releases in the span lie in these ranges (`2.90.0-3.0.0 3.10.0-`). */
export function coverage(ranges: string, { from, to }: Span): 'all' | 'some' | 'none' {
  const ends = parseRanges(ranges);
  if (ends.some(([since, until]) => since <= from && to < until)) return 'all';
  return ends.some(([since, until]) => since <= to && from < until) ? 'some' : 'none';
}

function parseRanges(ranges: string): (readonly [since: number, until: number])[] {
  return ranges
    .split(' ')
    .filter((range) => range !== '')
    .map((range) => {
      const [since = '', until = ''] = range.split('-');
      return [ordinal(since, 0), until === '' ? Number.POSITIVE_INFINITY : ordinal(until, 0)] as const;
    });
}

/** `from 3.70.0 on`, `until 3.0.0`, `from 3.0.0 until 3.62.0`: of several ranges the last. */
export function rangeText(ranges: string): string {
  const [since = '', until = ''] = ranges.split(' ').at(-1)?.split('-') ?? [];
  if (until === '') return `from ${since} on`;
  return since === '2.0.0' ? `until ${until}` : `from ${since} until ${until}`;
}

/** Newest migrations that a release brings: the day of Prisma's (`20260623093628`) and ClickHouse's number. */
export interface Migrations {
  readonly postgres: string;
  readonly clickhouse: number;
}

/** Null for a version that is not exact or later than all known ones. */
export function migrationsOf(version: string | null): Migrations | null {
  if (version === null || knownness(version) !== 'known') return null;
  const at = ordinal(version, 0);
  const row = newestMigrations.findLast(([since]) => ordinal(since, 0) <= at);
  return row === undefined ? null : { postgres: row[1], clickhouse: row[2] };
}
