-- The schema of Langfuse 3.199.0 as its own migrations leave it. Written by scripts/schema.mjs.

CREATE TABLE IF NOT EXISTS blob_storage_file_log (
  `id` String,
  `project_id` String,
  `entity_type` String,
  `entity_id` String,
  `event_id` String,
  `bucket_name` String,
  `bucket_path` String,
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) ORDER BY (project_id, entity_type, entity_id, event_id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS dataset_run_items (
  `id` String,
  `project_id` String,
  `dataset_run_id` String,
  `dataset_item_id` String,
  `dataset_id` String,
  `trace_id` String,
  `observation_id` Nullable(String),
  `error` Nullable(String),
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `dataset_run_name` String,
  `dataset_run_description` Nullable(String),
  `dataset_run_metadata` Map(LowCardinality(String), String),
  `dataset_run_created_at` DateTime64(3),
  `dataset_item_input` Nullable(String) CODEC(ZSTD(3)),
  `dataset_item_expected_output` Nullable(String) CODEC(ZSTD(3)),
  `dataset_item_metadata` Map(LowCardinality(String), String),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8,
  INDEX idx_dataset_item dataset_item_id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) ORDER BY (project_id, dataset_id, dataset_run_id, id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS dataset_run_items_rmt (
  `id` String,
  `project_id` String,
  `dataset_run_id` String,
  `dataset_item_id` String,
  `dataset_id` String,
  `trace_id` String,
  `observation_id` Nullable(String),
  `error` Nullable(String),
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `dataset_run_name` String,
  `dataset_run_description` Nullable(String),
  `dataset_run_metadata` Map(LowCardinality(String), String),
  `dataset_run_created_at` DateTime64(3),
  `dataset_item_input` Nullable(String) CODEC(ZSTD(3)),
  `dataset_item_expected_output` Nullable(String) CODEC(ZSTD(3)),
  `dataset_item_metadata` Map(LowCardinality(String), String),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8,
  `dataset_item_version` Nullable(DateTime64(3)),
  INDEX idx_dataset_item dataset_item_id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_trace_id trace_id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) ORDER BY (project_id, dataset_id, dataset_run_id, id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS event_log (
  `id` String,
  `project_id` String,
  `entity_type` String,
  `entity_id` String,
  `event_id` Nullable(String),
  `bucket_name` String,
  `bucket_path` String,
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now()
) ENGINE = MergeTree ORDER BY (project_id, entity_type, entity_id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS observations (
  `id` String,
  `trace_id` String,
  `project_id` String,
  `environment` LowCardinality(String) DEFAULT 'default',
  `type` LowCardinality(String),
  `parent_observation_id` Nullable(String),
  `start_time` DateTime64(3),
  `end_time` Nullable(DateTime64(3)),
  `name` String,
  `metadata` Map(LowCardinality(String), String),
  `level` LowCardinality(String),
  `status_message` Nullable(String),
  `version` Nullable(String),
  `input` Nullable(String) CODEC(ZSTD(3)),
  `output` Nullable(String) CODEC(ZSTD(3)),
  `provided_model_name` Nullable(String),
  `internal_model_id` Nullable(String),
  `model_parameters` Nullable(String),
  `provided_usage_details` Map(LowCardinality(String), UInt64),
  `usage_details` Map(LowCardinality(String), UInt64),
  `provided_cost_details` Map(LowCardinality(String), Decimal(18, 12)),
  `cost_details` Map(LowCardinality(String), Decimal(18, 12)),
  `total_cost` Nullable(Decimal(18, 12)),
  `completion_start_time` Nullable(DateTime64(3)),
  `prompt_id` Nullable(String),
  `prompt_name` Nullable(String),
  `prompt_version` Nullable(UInt16),
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8,
  `usage_pricing_tier_id` Nullable(String),
  `usage_pricing_tier_name` Nullable(String),
  `tool_definitions` Map(String, String) DEFAULT map(),
  `tool_calls` Array(String) DEFAULT [],
  `tool_call_names` Array(String) DEFAULT [],
  INDEX idx_id id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_trace_id trace_id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_res_metadata_key mapKeys(metadata) TYPE bloom_filter GRANULARITY 1,
  INDEX idx_res_metadata_value mapValues(metadata) TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) PARTITION BY toYYYYMM(start_time) PRIMARY KEY (project_id, type, toDate(start_time)) ORDER BY (project_id, type, toDate(start_time), id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS project_environments (
  `project_id` String,
  `environments` SimpleAggregateFunction(groupUniqArrayArray, Array(String))
) ENGINE = AggregatingMergeTree ORDER BY (project_id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS schema_migrations (
  `version` Int64,
  `dirty` UInt8,
  `sequence` UInt64
) ENGINE = MergeTree ORDER BY sequence SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS scores (
  `id` String,
  `timestamp` DateTime64(3),
  `project_id` String,
  `environment` LowCardinality(String) DEFAULT 'default',
  `trace_id` Nullable(String),
  `session_id` Nullable(String),
  `dataset_run_id` Nullable(String),
  `observation_id` Nullable(String),
  `name` String,
  `value` Float64,
  `source` String,
  `comment` Nullable(String) CODEC(ZSTD(1)),
  `metadata` Map(LowCardinality(String), String),
  `author_user_id` Nullable(String),
  `config_id` Nullable(String),
  `data_type` String,
  `string_value` Nullable(String),
  `queue_id` Nullable(String),
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8,
  `execution_trace_id` Nullable(String),
  `long_string_value` String CODEC(ZSTD(3)),
  INDEX idx_id id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_project_trace_observation (project_id, trace_id, observation_id) TYPE bloom_filter GRANULARITY 1,
  INDEX idx_project_session (project_id, session_id) TYPE bloom_filter GRANULARITY 1,
  INDEX idx_project_dataset_run (project_id, dataset_run_id) TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) PARTITION BY toYYYYMM(timestamp) PRIMARY KEY (project_id, toDate(timestamp), name) ORDER BY (project_id, toDate(timestamp), name, id) SETTINGS index_granularity = 8192;

CREATE TABLE IF NOT EXISTS traces (
  `id` String,
  `timestamp` DateTime64(3),
  `name` String,
  `user_id` Nullable(String),
  `metadata` Map(LowCardinality(String), String),
  `release` Nullable(String),
  `version` Nullable(String),
  `project_id` String,
  `environment` LowCardinality(String) DEFAULT 'default',
  `public` Bool,
  `bookmarked` Bool,
  `tags` Array(String),
  `input` Nullable(String) CODEC(ZSTD(3)),
  `output` Nullable(String) CODEC(ZSTD(3)),
  `session_id` Nullable(String),
  `created_at` DateTime64(3) DEFAULT now(),
  `updated_at` DateTime64(3) DEFAULT now(),
  `event_ts` DateTime64(3),
  `is_deleted` UInt8,
  INDEX idx_id id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_res_metadata_key mapKeys(metadata) TYPE bloom_filter GRANULARITY 1,
  INDEX idx_res_metadata_value mapValues(metadata) TYPE bloom_filter GRANULARITY 1,
  INDEX idx_session_id session_id TYPE bloom_filter GRANULARITY 1,
  INDEX idx_user_id user_id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree(event_ts, is_deleted) PARTITION BY toYYYYMM(timestamp) PRIMARY KEY (project_id, toDate(timestamp)) ORDER BY (project_id, toDate(timestamp), id) SETTINGS index_granularity = 8192;

CREATE VIEW IF NOT EXISTS analytics_observations AS
SELECT
  project_id,
  type,
  toStartOfHour(start_time) AS hour,
  count(*) AS countObservations,
  max(level != 'DEFAULT') AS hasLevel,
  max(ifNull(provided_model_name, '') != '') AS hasProvidedModelName,
  max(notEmpty(provided_usage_details)) AS hasProvidedUsageDetails,
  max(notEmpty(provided_cost_details)) AS hasProvidedCostDetails,
  max(ifNull(prompt_name, '') != '') AS hasPromptName
FROM observations
GROUP BY project_id, type, hour;

CREATE VIEW IF NOT EXISTS analytics_scores AS
SELECT
  project_id,
  toStartOfHour(timestamp) AS hour,
  count(*) AS countScores,
  max(source = 'ANNOTATION') AS hasAnnotation,
  max(source = 'API') AS hasApi,
  max(source = 'EVAL') AS hasEval,
  max(ifNull(observation_id, '') != '') AS hasObservationScore,
  max(ifNull(session_id, '') != '') AS hasSessionScore,
  max(ifNull(dataset_run_id, '') != '') AS hasDatasetRunScore,
  max(data_type = 'BOOLEAN') AS hasBoolScore,
  max(data_type = 'NUMERIC') AS hasNumericScore,
  max(data_type = 'CATEGORICAL') AS hasCategoricalScore,
  max(ifNull(comment, '') != '') AS hasComment
FROM scores
GROUP BY project_id, hour;

CREATE VIEW IF NOT EXISTS analytics_traces AS
SELECT
  project_id,
  toStartOfHour(timestamp) AS hour,
  count(*) AS countTraces,
  max(ifNull(user_id, '') != '') AS hasUsers,
  max(ifNull(session_id, '') != '') AS hasSessions,
  max(environment != 'default') AS hasEnvironments,
  max(notEmpty(tags)) AS hasTags
FROM traces
GROUP BY project_id, hour;
