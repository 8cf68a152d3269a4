/** Columns that the staging table and events_full share under one name. */
const same = [
  'project_id',
  'trace_id',
  'start_time',
  'end_time',
  'name',
  'type',
  'environment',
  'level',
  'completion_start_time',
  'prompt_version',
  'provided_usage_details',
  'usage_details',
  'provided_cost_details',
  'cost_details',
  'usage_pricing_tier_id',
  'usage_pricing_tier_name',
  'tool_definitions',
  'tool_calls',
  'tool_call_names',
  'created_at',
  'updated_at',
  'event_ts',
  'is_deleted',
  'ingestion_api_key',
  'ingestion_sdk_name',
  'ingestion_sdk_version',
];

const metadata = 'mapConcat(staged.metadata, ifNull(trace.metadata, map()))';

/** What is made of the observation and its trace. A trace is staged as a span `t-<trace id>` without a parent. */
const made: Readonly<Record<string, string>> = {
  span_id: 'staged.id',
  parent_span_id: `if(staged.id = concat('t-', staged.trace_id), '',
    ifNull(staged.parent_observation_id, concat('t-', staged.trace_id)))`,
  version: "coalesce(staged.version, trace.version, '')",
  release: "ifNull(trace.release, '')",
  tags: 'trace.tags',
  public: 'trace.public',
  bookmarked: "trace.bookmarked AND ifNull(staged.parent_observation_id, '') = ''",
  trace_name: "ifNull(trace.name, '')",
  user_id: "ifNull(trace.user_id, '')",
  session_id: "ifNull(trace.session_id, '')",
  status_message: "ifNull(staged.status_message, '')",
  prompt_id: "ifNull(staged.prompt_id, '')",
  prompt_name: "ifNull(staged.prompt_name, '')",
  model_id: "ifNull(staged.internal_model_id, '')",
  provided_model_name: "ifNull(staged.provided_model_name, '')",
  model_parameters: "ifNull(staged.model_parameters, '{}')",
  input: "ifNull(staged.input, '')",
  output: "ifNull(staged.output, '')",
  metadata_names: `mapKeys(${metadata})`,
  metadata_values: `mapValues(${metadata})`,
  source:
    "if(mapContains(staged.metadata, 'resourceAttributes'), 'otel-dual-write', 'ingestion-api-dual-write')",
  blob_storage_file_path: "''",
  event_bytes: 'byteSize(staged.id, staged.name, staged.input, staged.output, staged.metadata)',
};

/** A partition of the staging table, joined with its traces, into events_full; `{partition}` is its start. */
export const propagationSql = `INSERT INTO events_full (${[...same, ...Object.keys(made)].join(', ')})
SELECT ${[
  ...same.map((column) => `staged.${column}`),
  ...Object.entries(made).map(([column, expression]) => `${expression} AS ${column}`),
].join(',\n  ')}
FROM (SELECT * FROM observations_batch_staging FINAL
      WHERE toStartOfInterval(s3_first_seen_timestamp, INTERVAL 3 MINUTE) = toDateTime({partition: String})) AS staged
LEFT JOIN (SELECT * FROM traces ORDER BY event_ts DESC LIMIT 1 BY project_id, id) AS trace
ON trace.project_id = staged.project_id AND trace.id = staged.trace_id`;
