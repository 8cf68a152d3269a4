import type { IngestionEvent } from '../langfuse/events.ts';
import type { ClickHouseRow } from './clickhouse-writer.ts';

/** A row so far: undefined fields were not said by any event. */
export type PartialRow = Record<string, unknown>;

/** How events become the row of one kind of entity. */
export interface EntityPlan {
  /** Fields that the first that says them keeps. */
  readonly immutable: readonly string[];
  readonly fromEvent: (event: IngestionEvent) => PartialRow;
}

/** Events by their time, after the row that ClickHouse has; later values win, metadata and tags grow. */
export function merged(
  plan: EntityPlan,
  existing: PartialRow | undefined,
  events: readonly IngestionEvent[],
): PartialRow {
  const rows = [...events]
    .sort((left, right) => Date.parse(left.timestamp) - Date.parse(right.timestamp))
    .map((event) => plan.fromEvent(event));
  let result: PartialRow = { ...existing };
  for (const row of rows) result = overwrite(plan, result, row);
  return result;
}

function overwrite(plan: EntityPlan, base: PartialRow, next: PartialRow): PartialRow {
  const result = { ...base };
  for (const [field, value] of Object.entries(next)) {
    const before = base[field];
    if (value === undefined || value === null) result[field] = before ?? value;
    else if (before !== undefined && before !== null && plan.immutable.includes(field)) continue;
    else if (field === 'metadata') result[field] = { ...(before as object | undefined), ...value };
    else if (field === 'tags')
      result[field] = [
        ...new Set([...((before as string[] | undefined) ?? []), ...(value as string[])]),
      ].sort();
    else if (isEmptyMap(value)) result[field] = before ?? value;
    else result[field] = value;
  }
  return result;
}

function isEmptyMap(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

/** Fills the columns that every row has. */
export function completed(
  row: PartialRow,
  times: { readonly createdAt: string; readonly now: string },
): ClickHouseRow {
  const filled = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
  return {
    ...filled,
    created_at: row['created_at'] ?? times.createdAt,
    updated_at: times.now,
    event_ts: times.now,
    is_deleted: 0,
  } as unknown as ClickHouseRow;
}
