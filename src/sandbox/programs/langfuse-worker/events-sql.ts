/** Columns that observations, staged or not, and events_full share under one name. */
const same = (
  'project_id trace_id start_time end_time name type environment level completion_start_time prompt_version ' +
  'provided_usage_details usage_details provided_cost_details cost_details usage_pricing_tier_id ' +
  'usage_pricing_tier_name tool_definitions tool_calls tool_call_names created_at updated_at event_ts is_deleted'
).split(' ');

/** What only the staging table has. */
const origin = ['ingestion_api_key', 'ingestion_sdk_name', 'ingestion_sdk_version'];

const metadata = 'mapConcat(span.metadata, ifNull(trace.metadata, map()))';

/** What is made of an observation and its trace. A trace is staged as a span `t-<trace id>` without a parent. */
const made: Readonly<Record<string, string>> = {
  span_id: 'span.id',
  parent_span_id: `if(span.id = concat('t-', span.trace_id), '',
    ifNull(span.parent_observation_id, concat('t-', span.trace_id)))`,
  version: "coalesce(span.version, trace.version, '')",
  release: "ifNull(trace.release, '')",
  tags: 'trace.tags',
  public: 'trace.public',
  bookmarked: "trace.bookmarked AND ifNull(span.parent_observation_id, '') = ''",
  trace_name: "ifNull(trace.name, '')",
  user_id: "ifNull(trace.user_id, '')",
  session_id: "ifNull(trace.session_id, '')",
  status_message: "ifNull(span.status_message, '')",
  prompt_id: "ifNull(span.prompt_id, '')",
  prompt_name: "ifNull(span.prompt_name, '')",
  model_id: "ifNull(span.internal_model_id, '')",
  provided_model_name: "ifNull(span.provided_model_name, '')",
  model_parameters: "ifNull(span.model_parameters, '{}')",
  input: "ifNull(span.input, '')",
  output: "ifNull(span.output, '')",
};

/** How the rows came: through OTLP, or as JSON events. */
const sourceOf = (row: string, way: string): string =>
  `if(mapContains(${row}.metadata, 'resourceAttributes'), 'otel-${way}', 'ingestion-api-${way}')`;

type Columns = Readonly<Record<string, string>>;

const asThey = (row: string, columns: readonly string[]): Columns =>
  Object.fromEntries(columns.map((column) => [column, `${row}.${column}`]));

/** `INSERT INTO events_full` of columns by their expressions. */
function insert(columns: Columns, from: string): string {
  const selected = Object.entries(columns).map(([column, expression]) => `${expression} AS ${column}`);
  return `INSERT INTO events_full (${Object.keys(columns).join(', ')})\nSELECT ${selected.join(',\n  ')}\n${from}`;
}

/** Rows of a table of observations, joined with their traces. */
function insertSpans(rows: string, columns: readonly string[], more: Columns): string {
  return insert(
    { ...asThey('span', columns), ...made, ...more },
    `FROM (${rows}) AS span
LEFT JOIN (SELECT * FROM traces ORDER BY event_ts DESC LIMIT 1 BY project_id, id) AS trace
ON trace.project_id = span.project_id AND trace.id = span.trace_id`,
  );
}

/** A partition of the staging table into events_full; `{partition}` is its start (handleEventPropagationJob.ts). */
export const propagationSql = insertSpans(
  `SELECT * FROM observations_batch_staging FINAL
   WHERE toStartOfInterval(s3_first_seen_timestamp, INTERVAL 3 MINUTE) = toDateTime({partition: String})`,
  [...same, ...origin],
  {
    metadata_names: `mapKeys(${metadata})`,
    metadata_values: `mapValues(${metadata})`,
    source: sourceOf('span', 'dual-write'),
    event_bytes: 'byteSize(span.id, span.name, span.input, span.output, span.metadata)',
  },
);

/** All observations from before 4 into events_full (backfillEventsFullFromObservations.ts). */
export const backfillSql = insertSpans('SELECT * FROM observations_pid_tid_sorting FINAL', same, {
  metadata_names: 'mapKeys(span.metadata)',
  metadata_values: 'mapValues(span.metadata)',
  source: sourceOf('span', 'backfill'),
});

const ofTrace =
  'project_id name environment tags public bookmarked created_at updated_at event_ts is_deleted'.split(' ');

/** Each trace from before 4 as a root span `t-<trace id>` (createRootSpansFromTraces.ts). */
export const rootSpansSql = insert(
  {
    ...asThey('trace', ofTrace),
    trace_id: 'trace.id',
    span_id: "concat('t-', trace.id)",
    start_time: 'trace.timestamp',
    type: "'SPAN'",
    version: "ifNull(trace.version, '')",
    release: "ifNull(trace.release, '')",
    trace_name: 'trace.name',
    user_id: "ifNull(trace.user_id, '')",
    session_id: "ifNull(trace.session_id, '')",
    level: "'DEFAULT'",
    model_parameters: "'{}'",
    input: "ifNull(trace.input, '')",
    output: "ifNull(trace.output, '')",
    metadata_names: 'mapKeys(trace.metadata)',
    metadata_values: 'mapValues(trace.metadata)',
    source: sourceOf('trace', 'backfill'),
  },
  'FROM traces AS trace FINAL',
);

const copied = [
  ...same,
  ...(
    'id parent_observation_id metadata status_message version input output provided_model_name internal_model_id ' +
    'model_parameters total_cost prompt_id prompt_name'
  ).split(' '),
].join(', ');

/** The observations once more, in the order in which the backfill reads them (rewriteObservationsToPidTidSorting.ts). */
export const sortedCopySql = `INSERT INTO observations_pid_tid_sorting (${copied}) SELECT ${copied} FROM observations FINAL`;

/** The table of that copy; a new installation has none. */
export const sortedTableSql = `CREATE TABLE IF NOT EXISTS observations_pid_tid_sorting AS observations
ENGINE = ReplacingMergeTree(event_ts, is_deleted) PARTITION BY toYYYYMM(start_time)
PRIMARY KEY (project_id, trace_id) ORDER BY (project_id, trace_id, id)`;
