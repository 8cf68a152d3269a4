/** ClickHouse's text of a time: UTC, a space, no zone; undefined for what is no time. */
export function clickHouseTime(value: unknown): string | undefined {
  const time = value instanceof Date ? value : typeof value === 'string' ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return undefined;
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

/** Text as it stands, anything else as JSON; null for nothing. */
export function storedText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Metadata as a flat map of texts; what is no object goes under `metadata`. */
export function storedMetadata(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return { metadata: storedText(value) ?? '' };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, storedText(item) ?? 'null']));
}

/** Text as it is; null for anything else. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Only whole, non-negative counts. */
export function counts(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  const kept = Object.entries(value).filter(([, item]) => typeof item === 'number' && item >= 0);
  return Object.fromEntries(kept.map(([key, item]) => [key, Math.round(Number(item))]));
}

/** Only numbers. */
export function amounts(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === 'number')) as Record<
    string,
    number
  >;
}
