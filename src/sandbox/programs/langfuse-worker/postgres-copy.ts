import type { SqlRow } from '../langfuse/postgres.ts';
import type { PartialRow } from './merge.ts';
import { clickHouseTime, storedMetadata, storedText } from './values.ts';
import type { Worker } from './worker.ts';

const batchSize = 1000;

/** What Langfuse 2 kept in Postgres, in the columns of ClickHouse. */
const selects = {
  traces: `SELECT id, timestamp, name, user_id, metadata, release, version, project_id, public, bookmarked, tags,
    input, output, session_id, created_at, updated_at FROM traces`,
  observations: `SELECT id, trace_id, project_id, type, parent_observation_id, start_time, end_time, name, metadata,
    level, status_message, version, input, output, model AS provided_model_name, internal_model_id,
    "modelParameters"::text AS model_parameters, completion_start_time, prompt_id,
    jsonb_strip_nulls(jsonb_build_object('input', nullif(prompt_tokens, 0), 'output', nullif(completion_tokens, 0),
      'total', nullif(total_tokens, 0))) AS usage_details,
    jsonb_strip_nulls(jsonb_build_object('input', coalesce(input_cost, calculated_input_cost),
      'output', coalesce(output_cost, calculated_output_cost),
      'total', coalesce(total_cost, calculated_total_cost))) AS cost_details,
    coalesce(total_cost, calculated_total_cost)::float8 AS total_cost, created_at, updated_at FROM observations`,
  scores: `SELECT id, timestamp, project_id, trace_id, observation_id, name, value, source, comment, author_user_id,
    config_id, queue_id, data_type, string_value, created_at, updated_at FROM scores`,
} as const;

/** Copies a table of Langfuse 2 to ClickHouse, newest rows first (worker/src/backgroundMigrations of 3). */
export async function copyTable(
  { postgres, clickhouse, log }: Worker,
  table: keyof typeof selects,
): Promise<void> {
  log.info(`Migrating ${table} from postgres to clickhouse with {}`);
  for (let done = 0; ; done += batchSize) {
    const rows = await postgres.query(`${selects[table]} ORDER BY created_at DESC, id LIMIT $1 OFFSET $2`, [
      batchSize,
      done,
    ]);
    if (rows.length > 0) await clickhouse.insert(table, rows.map(converted));
    if (rows.length < batchSize) break;
  }
  log.info(`No more ${table} to migrate. Exiting...`);
}

function converted(row: SqlRow): PartialRow {
  const plain = Object.entries(row).map(([column, value]) => [column, columnValue(column, value)] as const);
  const { usage_details: usage, cost_details: cost } = row;
  const provided = usage === undefined ? {} : { provided_usage_details: usage, provided_cost_details: cost };
  return {
    ...Object.fromEntries(plain.filter(([, value]) => value !== null)),
    ...provided,
    event_ts: clickHouseTime(row['updated_at']),
    is_deleted: 0,
  };
}

function columnValue(column: string, value: unknown): unknown {
  if (value instanceof Date) return clickHouseTime(value);
  if (column === 'metadata') return storedMetadata(value);
  return column === 'input' || column === 'output' ? storedText(value) : value;
}
