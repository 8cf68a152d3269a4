-- From the schema of Langfuse 2.95.12 to that of 3.199.0, as its own migrations leave it. Written by scripts/schema.mjs.

DROP VIEW IF EXISTS "traces_view";

DROP VIEW IF EXISTS "observations_view";

ALTER TABLE "dataset_run_items" DROP CONSTRAINT "dataset_run_items_dataset_item_id_project_id_fkey";

ALTER TABLE "job_executions" DROP CONSTRAINT "job_executions_job_output_score_id_fkey";

ALTER TABLE "observation_media" DROP CONSTRAINT "observation_media_media_id_fkey";

ALTER TABLE "observation_media" DROP CONSTRAINT "observation_media_project_id_fkey";

ALTER TABLE "trace_media" DROP CONSTRAINT "trace_media_media_id_fkey";

ALTER TABLE "trace_media" DROP CONSTRAINT "trace_media_project_id_fkey";

ALTER TABLE "traces" DROP CONSTRAINT "traces_session_id_project_id_fkey";

ALTER TABLE "dataset_items" DROP CONSTRAINT "dataset_items_pkey";

ALTER TABLE "media" DROP CONSTRAINT "media_pkey";

DROP INDEX IF EXISTS "job_executions_created_at_idx";

DROP INDEX IF EXISTS "job_executions_job_input_trace_id_idx";

DROP INDEX IF EXISTS "job_executions_job_output_score_id_idx";

DROP INDEX IF EXISTS "job_executions_project_id_id_idx";

DROP INDEX IF EXISTS "job_executions_project_id_status_idx";

DROP INDEX IF EXISTS "job_executions_updated_at_idx";

DROP INDEX IF EXISTS "observation_media_project_id_observation_id_idx";

DROP INDEX IF EXISTS "prices_model_id_usage_type_key";

DROP INDEX IF EXISTS "trace_sessions_created_at_idx";

DROP INDEX IF EXISTS "trace_sessions_project_id_idx";

DROP INDEX IF EXISTS "trace_sessions_updated_at_idx";

DROP TABLE "events" CASCADE;

CREATE TYPE "ActionExecutionStatus" AS ENUM ('COMPLETED', 'ERROR', 'PENDING', 'CANCELLED');

CREATE TYPE "ActionType" AS ENUM ('WEBHOOK', 'SLACK', 'GITHUB_DISPATCH');

CREATE TYPE "AnalyticsIntegrationExportSource" AS ENUM ('TRACES_OBSERVATIONS', 'TRACES_OBSERVATIONS_EVENTS', 'EVENTS');

CREATE TYPE "ApiKeyScope" AS ENUM ('ORGANIZATION', 'PROJECT');

CREATE TYPE "AuditLogRecordType" AS ENUM ('USER', 'API_KEY');

CREATE TYPE "BlobStorageExportMode" AS ENUM ('FULL_HISTORY', 'FROM_TODAY', 'FROM_CUSTOM_DATE');

CREATE TYPE "BlobStorageIntegrationFileType" AS ENUM ('JSON', 'CSV', 'JSONL');

CREATE TYPE "BlobStorageIntegrationType" AS ENUM ('S3', 'S3_COMPATIBLE', 'AZURE_BLOB_STORAGE');

CREATE TYPE "DashboardWidgetChartType" AS ENUM ('LINE_TIME_SERIES', 'BAR_TIME_SERIES', 'HORIZONTAL_BAR', 'VERTICAL_BAR', 'PIE', 'NUMBER', 'HISTOGRAM', 'PIVOT_TABLE', 'AREA_TIME_SERIES');

CREATE TYPE "DashboardWidgetViews" AS ENUM ('TRACES', 'OBSERVATIONS', 'SCORES_NUMERIC', 'SCORES_CATEGORICAL');

CREATE TYPE "EvalTemplateSourceCodeLanguage" AS ENUM ('PYTHON', 'TYPESCRIPT');

CREATE TYPE "EvalTemplateType" AS ENUM ('LLM_AS_JUDGE', 'CODE');

CREATE TYPE "EvaluatorBlockReason" AS ENUM ('LLM_CONNECTION_AUTH_INVALID', 'LLM_CONNECTION_MISSING', 'DEFAULT_EVAL_MODEL_MISSING', 'EVAL_MODEL_CONFIG_INVALID', 'EVAL_MODEL_UNAVAILABLE', 'PROVIDER_ACCOUNT_NOT_READY');

CREATE TYPE "InAppAgentConversationVisibilityScope" AS ENUM ('PERSONAL', 'PROJECT');

CREATE TYPE "MonitorSeverity" AS ENUM ('PAUSED', 'UNKNOWN', 'NO_DATA', 'OK', 'WARNING', 'ALERT');

CREATE TYPE "MonitorStatus" AS ENUM ('PAUSED', 'ACTIVE', 'ERROR_BAD_QUERY');

CREATE TYPE "MonitorThresholdOperator" AS ENUM ('GT', 'GTE', 'LT', 'LTE', 'EQ', 'NEQ');

CREATE TYPE "MonitorView" AS ENUM ('OBSERVATIONS', 'SCORES_NUMERIC', 'SCORES_CATEGORICAL');

CREATE TYPE "NotificationChannel" AS ENUM ('EMAIL');

CREATE TYPE "NotificationType" AS ENUM ('COMMENT_MENTION');

CREATE TYPE "ScoreConfigDataType" AS ENUM ('CATEGORICAL', 'NUMERIC', 'BOOLEAN', 'TEXT');

CREATE TYPE "SurveyName" AS ENUM ('org_onboarding', 'user_onboarding');

ALTER TYPE "AnnotationQueueObjectType" ADD VALUE 'SESSION';

ALTER TYPE "JobExecutionStatus" ADD VALUE 'DELAYED';

ALTER TYPE "ObservationType" ADD VALUE 'AGENT';

ALTER TYPE "ObservationType" ADD VALUE 'TOOL';

ALTER TYPE "ObservationType" ADD VALUE 'CHAIN';

ALTER TYPE "ObservationType" ADD VALUE 'RETRIEVER';

ALTER TYPE "ObservationType" ADD VALUE 'EVALUATOR';

ALTER TYPE "ObservationType" ADD VALUE 'EMBEDDING';

ALTER TYPE "ObservationType" ADD VALUE 'GUARDRAIL';

CREATE TABLE "actions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "type" "ActionType" NOT NULL,
  "config" jsonb NOT NULL,
  CONSTRAINT "actions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "annotation_queue_assignments" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "user_id" text NOT NULL,
  "queue_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "annotation_queue_assignments_pkey" PRIMARY KEY (id)
);

CREATE TABLE "automation_executions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "source_id" text NOT NULL,
  "automation_id" text NOT NULL,
  "trigger_id" text NOT NULL,
  "action_id" text NOT NULL,
  "project_id" text NOT NULL,
  "status" "ActionExecutionStatus" DEFAULT 'PENDING'::"ActionExecutionStatus" NOT NULL,
  "input" jsonb NOT NULL,
  "output" jsonb,
  "started_at" timestamp(3) without time zone,
  "finished_at" timestamp(3) without time zone,
  "error" text,
  CONSTRAINT "automation_executions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "automations" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "trigger_id" text NOT NULL,
  "action_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  CONSTRAINT "automations_pkey" PRIMARY KEY (id)
);

CREATE TABLE "batch_actions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "user_id" text NOT NULL,
  "action_type" text NOT NULL,
  "table_name" text NOT NULL,
  "status" text NOT NULL,
  "finished_at" timestamp(3) without time zone,
  "query" jsonb NOT NULL,
  "config" jsonb,
  "total_count" integer,
  "processed_count" integer,
  "failed_count" integer,
  "log" text,
  CONSTRAINT "batch_actions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "billing_meter_backups" (
  "stripe_customer_id" text NOT NULL,
  "meter_id" text NOT NULL,
  "start_time" timestamp(3) without time zone NOT NULL,
  "end_time" timestamp(3) without time zone NOT NULL,
  "aggregated_value" integer NOT NULL,
  "event_name" text NOT NULL,
  "org_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE "blob_storage_integrations" (
  "project_id" text NOT NULL,
  "type" "BlobStorageIntegrationType" NOT NULL,
  "bucket_name" text NOT NULL,
  "prefix" text NOT NULL,
  "access_key_id" text,
  "secret_access_key" text,
  "region" text NOT NULL,
  "endpoint" text,
  "force_path_style" boolean NOT NULL,
  "next_sync_at" timestamp(3) without time zone,
  "last_sync_at" timestamp(3) without time zone,
  "enabled" boolean NOT NULL,
  "export_frequency" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "file_type" "BlobStorageIntegrationFileType" DEFAULT 'CSV'::"BlobStorageIntegrationFileType" NOT NULL,
  "export_mode" "BlobStorageExportMode" DEFAULT 'FULL_HISTORY'::"BlobStorageExportMode" NOT NULL,
  "export_start_date" timestamp(3) without time zone,
  "export_source" "AnalyticsIntegrationExportSource" DEFAULT 'TRACES_OBSERVATIONS'::"AnalyticsIntegrationExportSource" NOT NULL,
  "last_error" text,
  "last_error_at" timestamp(3) without time zone,
  "last_failure_notification_sent_at" timestamp(3) without time zone,
  "compressed" boolean DEFAULT true NOT NULL,
  "export_field_groups" text[] DEFAULT ARRAY['core'::text, 'basic'::text, 'time'::text, 'io'::text, 'metadata'::text, 'model'::text, 'usage'::text, 'prompt'::text, 'metrics'::text, 'tools'::text, 'trace_context'::text] NOT NULL,
  "run_started_at" timestamp(3) without time zone,
  "export_tuning" jsonb,
  CONSTRAINT "blob_storage_integrations_pkey" PRIMARY KEY (project_id)
);

CREATE TABLE "cloud_spend_alerts" (
  "id" text NOT NULL,
  "org_id" text NOT NULL,
  "title" text NOT NULL,
  "threshold" numeric(65,30) NOT NULL,
  "triggered_at" timestamp(3) without time zone,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "cloud_spend_alerts_pkey" PRIMARY KEY (id)
);

CREATE TABLE "comment_reactions" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "comment_id" text NOT NULL,
  "user_id" text NOT NULL,
  "emoji" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "comment_reactions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "dashboard_widgets" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "created_by" text,
  "updated_by" text,
  "project_id" text,
  "name" text NOT NULL,
  "description" text NOT NULL,
  "view" "DashboardWidgetViews" NOT NULL,
  "dimensions" jsonb NOT NULL,
  "metrics" jsonb NOT NULL,
  "filters" jsonb NOT NULL,
  "chart_type" "DashboardWidgetChartType" NOT NULL,
  "chart_config" jsonb NOT NULL,
  "min_version" integer DEFAULT 1 NOT NULL,
  CONSTRAINT "dashboard_widgets_pkey" PRIMARY KEY (id)
);

CREATE TABLE "dashboards" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "created_by" text,
  "updated_by" text,
  "project_id" text,
  "name" text NOT NULL,
  "description" text NOT NULL,
  "definition" jsonb NOT NULL,
  "filters" jsonb DEFAULT '[]'::jsonb NOT NULL,
  CONSTRAINT "dashboards_pkey" PRIMARY KEY (id)
);

CREATE TABLE "dataset_item_media" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "media_id" text NOT NULL,
  "dataset_id" text NOT NULL,
  "dataset_item_id" text NOT NULL,
  "dataset_item_valid_from" timestamp(3) without time zone,
  "field" text NOT NULL,
  "json_path" text,
  "reference_string" text,
  CONSTRAINT "dataset_item_media_pkey" PRIMARY KEY (id)
);

CREATE TABLE "default_llm_models" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "llm_api_key_id" text NOT NULL,
  "provider" text NOT NULL,
  "adapter" text NOT NULL,
  "model" text NOT NULL,
  "model_params" jsonb,
  CONSTRAINT "default_llm_models_pkey" PRIMARY KEY (id),
  CONSTRAINT "default_llm_models_project_id_key" UNIQUE (project_id)
);

CREATE TABLE "default_views" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "user_id" text,
  "view_name" text NOT NULL,
  "view_id" text NOT NULL,
  CONSTRAINT "default_views_pkey" PRIMARY KEY (id)
);

CREATE TABLE "in_app_agent_conversations" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_by_user_id" text,
  "title" text,
  "visibility_scope" "InAppAgentConversationVisibilityScope" DEFAULT 'PERSONAL'::"InAppAgentConversationVisibilityScope" NOT NULL,
  "provider_session_id" text,
  "deleted_at" timestamp(3) without time zone,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "in_app_agent_conversations_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "in_app_agent_events" (
  "project_id" text NOT NULL,
  "conversation_id" text NOT NULL,
  "run_id" text NOT NULL,
  "sequence_number" integer NOT NULL,
  "type" text NOT NULL,
  "event" jsonb NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "in_app_agent_events_pkey" PRIMARY KEY (project_id, conversation_id, sequence_number)
);

CREATE TABLE "in_app_agent_runs" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "conversation_id" text NOT NULL,
  "triggered_by_user_id" text,
  "model" text,
  "mcp_api_key_id" text,
  "error_code" text,
  "error_message" text,
  "finished_at" timestamp(3) without time zone,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "in_app_agent_runs_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "llm_schemas" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "description" text NOT NULL,
  "schema" json NOT NULL,
  CONSTRAINT "llm_schemas_pkey" PRIMARY KEY (id)
);

CREATE TABLE "llm_tools" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "description" text NOT NULL,
  "parameters" json NOT NULL,
  CONSTRAINT "llm_tools_pkey" PRIMARY KEY (id)
);

CREATE TABLE "mixpanel_integrations" (
  "project_id" text NOT NULL,
  "encrypted_mixpanel_project_token" text NOT NULL,
  "mixpanel_region" text NOT NULL,
  "last_sync_at" timestamp(3) without time zone,
  "enabled" boolean NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "export_source" "AnalyticsIntegrationExportSource" DEFAULT 'TRACES_OBSERVATIONS'::"AnalyticsIntegrationExportSource" NOT NULL,
  CONSTRAINT "mixpanel_integrations_pkey" PRIMARY KEY (project_id)
);

CREATE TABLE "monitors" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "created_by" text,
  "updated_by" text,
  "project_id" text NOT NULL,
  "view" "MonitorView" NOT NULL,
  "filters" jsonb NOT NULL,
  "metric" jsonb NOT NULL,
  "window_ms" bigint NOT NULL,
  "cadence_ms" bigint NOT NULL,
  "threshold_operator" "MonitorThresholdOperator" NOT NULL,
  "alert_threshold" numeric(65,30) NOT NULL,
  "warning_threshold" numeric(65,30),
  "severity" "MonitorSeverity" DEFAULT 'UNKNOWN'::"MonitorSeverity" NOT NULL,
  "severity_changed_at" timestamp(3) without time zone,
  "no_data" jsonb NOT NULL,
  "renotify" jsonb NOT NULL,
  "status" "MonitorStatus" DEFAULT 'ACTIVE'::"MonitorStatus" NOT NULL,
  "scheduler_batch_id" bigint NOT NULL,
  "next_run_at" timestamp(3) without time zone,
  "last_published_at" timestamp(3) without time zone,
  "last_completed_at" timestamp(3) without time zone,
  "name" text NOT NULL,
  "tags" text[] DEFAULT ARRAY[]::text[],
  "alerted_at" timestamp(3) without time zone,
  "trigger_ids" text[] DEFAULT ARRAY[]::text[] NOT NULL,
  "last_claimed_at" timestamp(3) without time zone,
  CONSTRAINT "monitors_pkey" PRIMARY KEY (id)
);

CREATE TABLE "notification_preferences" (
  "id" text NOT NULL,
  "user_id" text NOT NULL,
  "project_id" text NOT NULL,
  "channel" "NotificationChannel" NOT NULL,
  "type" "NotificationType" NOT NULL,
  "enabled" boolean DEFAULT true NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "notification_preferences_pkey" PRIMARY KEY (id)
);

CREATE TABLE "pending_deletions" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "object" text NOT NULL,
  "object_id" text NOT NULL,
  "is_deleted" boolean DEFAULT false NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "pending_deletions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "pricing_tiers" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "model_id" text NOT NULL,
  "name" text NOT NULL,
  "is_default" boolean DEFAULT false NOT NULL,
  "priority" integer NOT NULL,
  "conditions" jsonb NOT NULL,
  CONSTRAINT "pricing_tiers_pkey" PRIMARY KEY (id)
);

CREATE TABLE "prompt_dependencies" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "parent_id" text NOT NULL,
  "child_name" text NOT NULL,
  "child_label" text,
  "child_version" integer,
  CONSTRAINT "prompt_dependencies_pkey" PRIMARY KEY (id)
);

CREATE TABLE "prompt_protected_labels" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "label" text NOT NULL,
  CONSTRAINT "prompt_protected_labels_pkey" PRIMARY KEY (id)
);

CREATE TABLE "slack_integrations" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "team_id" text NOT NULL,
  "team_name" text NOT NULL,
  "bot_token" text NOT NULL,
  "bot_user_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "slack_integrations_pkey" PRIMARY KEY (id)
);

CREATE TABLE "surveys" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "survey_name" "SurveyName" NOT NULL,
  "response" jsonb NOT NULL,
  "user_id" text,
  "user_email" text,
  "org_id" text,
  CONSTRAINT "surveys_pkey" PRIMARY KEY (id)
);

CREATE TABLE "table_view_presets" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "table_name" text NOT NULL,
  "created_by" text,
  "updated_by" text,
  "filters" jsonb NOT NULL,
  "column_order" jsonb NOT NULL,
  "column_visibility" jsonb NOT NULL,
  "search_query" text,
  "order_by" jsonb,
  CONSTRAINT "table_view_presets_pkey" PRIMARY KEY (id)
);

CREATE TABLE "triggers" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "eventSource" text NOT NULL,
  "eventActions" text[],
  "filter" jsonb,
  "status" "JobConfigState" DEFAULT 'ACTIVE'::"JobConfigState" NOT NULL,
  CONSTRAINT "triggers_pkey" PRIMARY KEY (id)
);

CREATE TABLE "verified_domains" (
  "id" text NOT NULL,
  "organization_id" text NOT NULL,
  "domain" text NOT NULL,
  "verification_token" text NOT NULL,
  "verified_at" timestamp(3) without time zone,
  "created_by_user_id" text,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "verified_domains_pkey" PRIMARY KEY (id)
);

CREATE TABLE "web_callout_endpoints" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text DEFAULT 'Default'::text NOT NULL,
  "url" text NOT NULL,
  "enabled" boolean DEFAULT true NOT NULL,
  "toast_message" text DEFAULT 'Callout sent'::text NOT NULL,
  "request_headers" text,
  "request_header_keys" text[] DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT "web_callout_endpoints_pkey" PRIMARY KEY (id)
);

ALTER TABLE "api_keys" ALTER COLUMN "project_id" DROP NOT NULL;

ALTER TABLE "api_keys" ADD COLUMN "organization_id" text;

ALTER TABLE "api_keys" ADD COLUMN "scope" "ApiKeyScope" DEFAULT 'PROJECT'::"ApiKeyScope" NOT NULL;

ALTER TABLE "api_keys" ADD COLUMN "is_in_app_agent_key" boolean DEFAULT false NOT NULL;

ALTER TABLE "audit_logs" ALTER COLUMN "user_id" DROP NOT NULL;

ALTER TABLE "audit_logs" ALTER COLUMN "user_org_role" DROP NOT NULL;

ALTER TABLE "audit_logs" ADD COLUMN "api_key_id" text;

ALTER TABLE "audit_logs" ADD COLUMN "type" "AuditLogRecordType" DEFAULT 'USER'::"AuditLogRecordType" NOT NULL;

ALTER TABLE "comments" ADD COLUMN "data_field" text;

ALTER TABLE "comments" ADD COLUMN "path" text[] DEFAULT '{}'::text[];

ALTER TABLE "comments" ADD COLUMN "range_start" integer[] DEFAULT '{}'::integer[];

ALTER TABLE "comments" ADD COLUMN "range_end" integer[] DEFAULT '{}'::integer[];

ALTER TABLE "dataset_items" ALTER COLUMN "status" DROP NOT NULL;

ALTER TABLE "dataset_items" ADD COLUMN "is_deleted" boolean DEFAULT false NOT NULL;

ALTER TABLE "dataset_items" ADD COLUMN "valid_from" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL;

ALTER TABLE "dataset_items" ADD COLUMN "valid_to" timestamp(3) without time zone;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_payload" jsonb;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_url" text;

ALTER TABLE "datasets" ADD COLUMN "expected_output_schema" json;

ALTER TABLE "datasets" ADD COLUMN "input_schema" json;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_enabled" boolean DEFAULT true NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "project_id" DROP NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "prompt" DROP NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "model" DROP NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "model_params" DROP NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "output_schema" DROP NOT NULL;

ALTER TABLE "eval_templates" ALTER COLUMN "provider" DROP NOT NULL;

ALTER TABLE "eval_templates" ADD COLUMN "partner" text;

ALTER TABLE "eval_templates" ADD COLUMN "type" "EvalTemplateType" DEFAULT 'LLM_AS_JUDGE'::"EvalTemplateType" NOT NULL;

ALTER TABLE "eval_templates" ADD COLUMN "source_code" character varying(262144);

ALTER TABLE "eval_templates" ADD COLUMN "source_code_language" "EvalTemplateSourceCodeLanguage";

ALTER TABLE "job_configurations" ADD COLUMN "time_scope" text[] DEFAULT ARRAY['NEW'::text];

ALTER TABLE "job_configurations" ADD COLUMN "blocked_at" timestamp(3) without time zone;

ALTER TABLE "job_configurations" ADD COLUMN "block_reason" "EvaluatorBlockReason";

ALTER TABLE "job_configurations" ADD COLUMN "block_message" text;

ALTER TABLE "job_executions" ADD COLUMN "job_template_id" text;

ALTER TABLE "job_executions" ADD COLUMN "job_input_trace_timestamp" timestamp(3) without time zone;

ALTER TABLE "job_executions" ADD COLUMN "execution_trace_id" text;

ALTER TABLE "job_executions" ADD COLUMN "job_input_dataset_item_valid_from" timestamp(3) without time zone;

ALTER TABLE "llm_api_keys" ADD COLUMN "extra_headers" text;

ALTER TABLE "llm_api_keys" ADD COLUMN "extra_header_keys" text[] DEFAULT '{}'::text[] NOT NULL;

ALTER TABLE "organizations" ADD COLUMN "metadata" jsonb;

ALTER TABLE "organizations" ADD COLUMN "ai_features_enabled" boolean DEFAULT false NOT NULL;

ALTER TABLE "organizations" ADD COLUMN "cloud_billing_cycle_anchor" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE "organizations" ADD COLUMN "cloud_billing_cycle_updated_at" timestamp(3) without time zone;

ALTER TABLE "organizations" ADD COLUMN "cloud_current_cycle_usage" integer;

ALTER TABLE "organizations" ADD COLUMN "cloud_free_tier_usage_threshold_state" text;

ALTER TABLE "organizations" ADD COLUMN "ai_telemetry_enabled" boolean DEFAULT true NOT NULL;

ALTER TABLE "organizations" ADD COLUMN "sfdc_org_id" text;

ALTER TABLE "posthog_integrations" ADD COLUMN "export_source" "AnalyticsIntegrationExportSource" DEFAULT 'TRACES_OBSERVATIONS'::"AnalyticsIntegrationExportSource" NOT NULL;

ALTER TABLE "prices" ADD COLUMN "project_id" text;

ALTER TABLE "prices" ADD COLUMN "pricing_tier_id" text;

INSERT INTO pricing_tiers (id, model_id, name, is_default, priority, conditions)
SELECT id || '_tier_default', id, 'Standard', true, 0, '[]' FROM models;

UPDATE prices SET pricing_tier_id = model_id || '_tier_default';

ALTER TABLE "prices" ALTER COLUMN "pricing_tier_id" SET NOT NULL;

ALTER TABLE "projects" ADD COLUMN "deleted_at" timestamp(3) without time zone;

ALTER TABLE "projects" ADD COLUMN "retention_days" integer;

ALTER TABLE "projects" ADD COLUMN "metadata" jsonb;

ALTER TABLE "projects" ADD COLUMN "has_traces" boolean DEFAULT false NOT NULL;

ALTER TABLE "prompts" ADD COLUMN "commit_message" text;

ALTER TABLE "score_configs" ALTER COLUMN "data_type" TYPE "ScoreConfigDataType" USING "data_type"::text::"ScoreConfigDataType";

ALTER TABLE "score_configs" ALTER COLUMN "data_type" DROP DEFAULT;

ALTER TABLE "scores" ALTER COLUMN "data_type" DROP DEFAULT;

ALTER TABLE "scores" ALTER COLUMN "data_type" TYPE "ScoreConfigDataType" USING "data_type"::text::"ScoreConfigDataType";

ALTER TABLE "scores" ALTER COLUMN "data_type" SET DEFAULT 'NUMERIC'::"ScoreConfigDataType";

ALTER TABLE "trace_sessions" ADD COLUMN "environment" text DEFAULT 'default'::text NOT NULL;

ALTER TABLE "users" ADD COLUMN "v4_beta_enabled" boolean DEFAULT false NOT NULL;

DROP TYPE "ScoreDataType";

ALTER TABLE "dataset_items" ADD CONSTRAINT "dataset_items_pkey" PRIMARY KEY (id, project_id, valid_from);

CREATE INDEX actions_project_id_idx ON public.actions USING btree (project_id);

CREATE UNIQUE INDEX annotation_queue_assignments_project_id_queue_id_user_id_key ON public.annotation_queue_assignments USING btree (project_id, queue_id, user_id);

CREATE INDEX automation_executions_action_id_idx ON public.automation_executions USING btree (action_id);

CREATE INDEX automation_executions_project_id_idx ON public.automation_executions USING btree (project_id);

CREATE INDEX automation_executions_trigger_id_idx ON public.automation_executions USING btree (trigger_id);

CREATE INDEX automations_project_id_action_id_trigger_id_idx ON public.automations USING btree (project_id, action_id, trigger_id);

CREATE INDEX automations_project_id_name_idx ON public.automations USING btree (project_id, name);

CREATE INDEX batch_actions_project_id_action_type_idx ON public.batch_actions USING btree (project_id, action_type);

CREATE INDEX batch_actions_project_id_user_id_idx ON public.batch_actions USING btree (project_id, user_id);

CREATE INDEX batch_actions_status_idx ON public.batch_actions USING btree (status);

CREATE INDEX billing_meter_backups_stripe_customer_id_meter_id_start_tim_idx ON public.billing_meter_backups USING btree (stripe_customer_id, meter_id, start_time, end_time);

CREATE UNIQUE INDEX billing_meter_backups_stripe_customer_id_meter_id_start_tim_key ON public.billing_meter_backups USING btree (stripe_customer_id, meter_id, start_time, end_time);

CREATE INDEX cloud_spend_alerts_org_id_idx ON public.cloud_spend_alerts USING btree (org_id);

CREATE UNIQUE INDEX comment_reactions_comment_id_user_id_emoji_key ON public.comment_reactions USING btree (comment_id, user_id, emoji);

CREATE UNIQUE INDEX dataset_item_media_item_version_field_path_key ON public.dataset_item_media USING btree (project_id, dataset_item_id, dataset_item_valid_from, field, json_path);

CREATE UNIQUE INDEX dataset_item_media_pending_key ON public.dataset_item_media USING btree (project_id, dataset_item_id, field, media_id) WHERE (dataset_item_valid_from IS NULL);

CREATE INDEX dataset_item_media_project_id_dataset_id_idx ON public.dataset_item_media USING btree (project_id, dataset_id);

CREATE INDEX dataset_item_media_project_id_media_id_idx ON public.dataset_item_media USING btree (project_id, media_id);

CREATE INDEX default_views_project_id_view_name_idx ON public.default_views USING btree (project_id, view_name);

CREATE UNIQUE INDEX default_views_project_user_view_key ON public.default_views USING btree (project_id, user_id, view_name) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX default_views_project_view_key ON public.default_views USING btree (project_id, view_name) WHERE (user_id IS NULL);

CREATE INDEX in_app_agent_conversations_project_user_list_idx ON public.in_app_agent_conversations USING btree (project_id, created_by_user_id, deleted_at, updated_at, id);

CREATE INDEX in_app_agent_events_project_run_idx ON public.in_app_agent_events USING btree (project_id, run_id);

CREATE INDEX in_app_agent_runs_project_conversation_created_idx ON public.in_app_agent_runs USING btree (project_id, conversation_id, created_at);

CREATE UNIQUE INDEX llm_schemas_project_id_name_key ON public.llm_schemas USING btree (project_id, name);

CREATE UNIQUE INDEX llm_tools_project_id_name_key ON public.llm_tools USING btree (project_id, name);

CREATE INDEX monitors_project_id_idx ON public.monitors USING btree (project_id);

CREATE INDEX monitors_scheduler_batch_id_idx ON public.monitors USING btree (scheduler_batch_id);

CREATE INDEX monitors_scheduler_rescue_idx ON public.monitors USING btree (last_published_at) WHERE ((last_completed_at IS NULL) OR (last_completed_at < last_published_at));

CREATE INDEX monitors_scheduler_tick_idx ON public.monitors USING btree (next_run_at, scheduler_batch_id);

CREATE UNIQUE INDEX notification_preferences_user_id_project_id_channel_type_key ON public.notification_preferences USING btree (user_id, project_id, channel, type);

CREATE INDEX pending_deletions_object_id_object_idx ON public.pending_deletions USING btree (object_id, object);

CREATE INDEX pending_deletions_project_id_object_is_deleted_object_id_id_idx ON public.pending_deletions USING btree (project_id, object, is_deleted, object_id, id);

CREATE UNIQUE INDEX pricing_tiers_model_id_name_key ON public.pricing_tiers USING btree (model_id, name);

CREATE UNIQUE INDEX pricing_tiers_model_id_priority_key ON public.pricing_tiers USING btree (model_id, priority);

CREATE INDEX prompt_dependencies_project_id_child_name ON public.prompt_dependencies USING btree (project_id, child_name);

CREATE INDEX prompt_dependencies_project_id_parent_id ON public.prompt_dependencies USING btree (project_id, parent_id);

CREATE UNIQUE INDEX prompt_protected_labels_project_id_label_key ON public.prompt_protected_labels USING btree (project_id, label);

CREATE UNIQUE INDEX slack_integrations_project_id_key ON public.slack_integrations USING btree (project_id);

CREATE INDEX slack_integrations_team_id_idx ON public.slack_integrations USING btree (team_id);

CREATE UNIQUE INDEX table_view_presets_project_id_table_name_name_key ON public.table_view_presets USING btree (project_id, table_name, name);

CREATE INDEX triggers_project_id_idx ON public.triggers USING btree (project_id);

CREATE UNIQUE INDEX verified_domains_domain_verified_key ON public.verified_domains USING btree (domain) WHERE (verified_at IS NOT NULL);

CREATE UNIQUE INDEX verified_domains_organization_id_domain_key ON public.verified_domains USING btree (organization_id, domain);

CREATE INDEX verified_domains_organization_id_idx ON public.verified_domains USING btree (organization_id);

CREATE UNIQUE INDEX verified_domains_verification_token_key ON public.verified_domains USING btree (verification_token);

CREATE INDEX web_callout_endpoints_project_id_enabled_idx ON public.web_callout_endpoints USING btree (project_id, enabled);

CREATE INDEX web_callout_endpoints_project_id_idx ON public.web_callout_endpoints USING btree (project_id);

CREATE INDEX api_keys_organization_id_idx ON public.api_keys USING btree (organization_id);

CREATE INDEX audit_logs_api_key_id_idx ON public.audit_logs USING btree (api_key_id);

CREATE INDEX idx_comments_content_gin ON public.comments USING gin (to_tsvector('english'::regconfig, content));

CREATE INDEX dataset_items_project_id_id_valid_from_idx ON public.dataset_items USING btree (project_id, id, valid_from);

CREATE INDEX dataset_items_project_id_valid_to_idx ON public.dataset_items USING btree (project_id, valid_to);

CREATE INDEX job_executions_project_id_job_configuration_id_job_input_tr_idx ON public.job_executions USING btree (project_id, job_configuration_id, job_input_trace_id);

CREATE INDEX job_executions_project_id_job_output_score_id_idx ON public.job_executions USING btree (project_id, job_output_score_id);

CREATE INDEX media_project_id_created_at_idx ON public.media USING btree (project_id, created_at);

CREATE UNIQUE INDEX media_project_id_id_key ON public.media USING btree (project_id, id);

CREATE UNIQUE INDEX membership_invitations_email_org_id_key ON public.membership_invitations USING btree (email, org_id);

CREATE INDEX observation_media_project_id_media_id_idx ON public.observation_media USING btree (project_id, media_id);

CREATE UNIQUE INDEX prices_model_id_usage_type_pricing_tier_id_key ON public.prices USING btree (model_id, usage_type, pricing_tier_id);

CREATE INDEX prices_pricing_tier_id_idx ON public.prices USING btree (pricing_tier_id);

CREATE INDEX trace_media_project_id_media_id_idx ON public.trace_media USING btree (project_id, media_id);

CREATE INDEX trace_sessions_project_id_created_at_idx ON public.trace_sessions USING btree (project_id, created_at DESC);

ALTER TABLE "actions"
  ADD CONSTRAINT "actions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queue_assignments"
  ADD CONSTRAINT "annotation_queue_assignments_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_assignments_queue_id_fkey" FOREIGN KEY (queue_id) REFERENCES annotation_queues(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_assignments_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "automation_executions"
  ADD CONSTRAINT "automation_executions_action_id_fkey" FOREIGN KEY (action_id) REFERENCES actions(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "automation_executions_automation_id_fkey" FOREIGN KEY (automation_id) REFERENCES automations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "automation_executions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "automation_executions_trigger_id_fkey" FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "automations"
  ADD CONSTRAINT "automations_action_id_fkey" FOREIGN KEY (action_id) REFERENCES actions(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "automations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "automations_trigger_id_fkey" FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "batch_actions"
  ADD CONSTRAINT "batch_actions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "blob_storage_integrations"
  ADD CONSTRAINT "blob_storage_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "cloud_spend_alerts"
  ADD CONSTRAINT "cloud_spend_alerts_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "comment_reactions"
  ADD CONSTRAINT "comment_reactions_comment_id_fkey" FOREIGN KEY (comment_id) REFERENCES comments(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "comment_reactions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "comment_reactions_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dashboard_widgets"
  ADD CONSTRAINT "dashboard_widgets_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "dashboard_widgets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "dashboard_widgets_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "dashboards"
  ADD CONSTRAINT "dashboards_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "dashboards_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "dashboards_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "default_llm_models"
  ADD CONSTRAINT "default_llm_models_llm_api_key_id_fkey" FOREIGN KEY (llm_api_key_id) REFERENCES llm_api_keys(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "default_llm_models_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "default_views"
  ADD CONSTRAINT "default_views_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "default_views_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_conversations"
  ADD CONSTRAINT "in_app_agent_conversations_created_by_user_id_fkey" FOREIGN KEY (created_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "in_app_agent_conversations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_events"
  ADD CONSTRAINT "in_app_agent_events_conversation_id_project_id_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_events_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_events_run_id_project_id_fkey" FOREIGN KEY (run_id, project_id) REFERENCES in_app_agent_runs(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_runs"
  ADD CONSTRAINT "in_app_agent_runs_conversation_id_project_id_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_runs_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_runs_triggered_by_user_id_fkey" FOREIGN KEY (triggered_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "llm_schemas"
  ADD CONSTRAINT "llm_schemas_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "llm_tools"
  ADD CONSTRAINT "llm_tools_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "mixpanel_integrations"
  ADD CONSTRAINT "mixpanel_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "monitors"
  ADD CONSTRAINT "monitors_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "monitors_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "monitors_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "notification_preferences"
  ADD CONSTRAINT "notification_preferences_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "notification_preferences_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "pending_deletions"
  ADD CONSTRAINT "pending_deletions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "pricing_tiers"
  ADD CONSTRAINT "pricing_tiers_model_id_fkey" FOREIGN KEY (model_id) REFERENCES models(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompt_dependencies"
  ADD CONSTRAINT "prompt_dependencies_parent_id_fkey" FOREIGN KEY (parent_id) REFERENCES prompts(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "prompt_dependencies_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompt_protected_labels"
  ADD CONSTRAINT "prompt_protected_labels_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "slack_integrations"
  ADD CONSTRAINT "slack_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "surveys"
  ADD CONSTRAINT "surveys_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "surveys_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "table_view_presets"
  ADD CONSTRAINT "table_view_presets_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "table_view_presets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "table_view_presets_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "triggers"
  ADD CONSTRAINT "triggers_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "verified_domains"
  ADD CONSTRAINT "verified_domains_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "web_callout_endpoints"
  ADD CONSTRAINT "web_callout_endpoints_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prices" ADD CONSTRAINT "prices_pricing_tier_id_fkey" FOREIGN KEY (pricing_tier_id) REFERENCES pricing_tiers(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prices" ADD CONSTRAINT "prices_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250102_backfill_billing_cycle_anchors', 'backfillBillingCycleAnchors', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250417_1737_migrate_event_log_to_blob_storage', 'migrateEventLogToBlobStorageRefTable', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250711_1347_patch_llm_tool_schema_audit_logs', 'patchLLMToolAndLLLMSchemaAuditLogs', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250814_1001_migrate_dataset_run_items_rmt_pg_to_ch', 'migrateDatasetRunItemsFromPostgresToClickhouseRmt', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20251216_1001_backfill_dataset_items_valid_to', 'backfillValidToForDatasetItems', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260106_encrypt_blob_storage_secrets', 'encryptBlobStorageSecrets', '{}', '{}', NULL);
