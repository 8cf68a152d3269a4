import type { Attribution } from '../langfuse/ingestion.ts';
import type { ClickHouseRow } from './clickhouse-writer.ts';
import { clickHouseTime } from './values.ts';

/** The columns that name key and SDK, in scores and in the tables of 4. */
export function originColumns(attribution: Attribution): object {
  return {
    ingestion_api_key: attribution.ingestionApiKey,
    ingestion_sdk_name: attribution.ingestionSdkName,
    ingestion_sdk_version: attribution.ingestionSdkVersion,
  };
}

/** Partitions of three minutes are read once; a late copy goes to the newest of them instead. */
const lateMs = 2 * 60_000;

/**
 * A row of `observations_batch_staging`. A trace is staged as if it were a span `t-<trace id>` (convertTraceToStagingObservation).
 */
export function stagingRow(
  entity: 'trace' | 'observation',
  row: ClickHouseRow,
  work: { readonly createdAt: Date; readonly attribution: Attribution },
): ClickHouseRow {
  const isLate = Date.now() - work.createdAt.getTime() >= lateMs;
  const seen = clickHouseTime(isLate ? new Date() : work.createdAt);
  const more = { ...originColumns(work.attribution), s3_first_seen_timestamp: seen };
  return entity === 'observation' ? { ...row, ...more } : { ...spanOfTrace(row), ...more };
}

const ofTrace = [
  'project_id',
  'name',
  'environment',
  'version',
  'metadata',
  'input',
  'output',
  'created_at',
  'updated_at',
  'event_ts',
  'is_deleted',
] as const;

function spanOfTrace(row: ClickHouseRow): ClickHouseRow {
  return {
    ...Object.fromEntries(ofTrace.map((column) => [column, row[column]])),
    id: `t-${row.id}`,
    trace_id: row.id,
    type: 'SPAN',
    start_time: row['timestamp'],
    level: 'DEFAULT',
  };
}
