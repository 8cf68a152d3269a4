-- The schema of Langfuse 4.16.0 as its own migrations leave it. Written by scripts/schema.mjs.

CREATE TYPE "ActionExecutionStatus" AS ENUM ('COMPLETED', 'ERROR', 'PENDING', 'CANCELLED');

CREATE TYPE "ActionType" AS ENUM ('WEBHOOK', 'SLACK', 'GITHUB_DISPATCH');

CREATE TYPE "AnalyticsIntegrationExportSource" AS ENUM ('TRACES_OBSERVATIONS', 'TRACES_OBSERVATIONS_EVENTS', 'EVENTS');

CREATE TYPE "AnnotationQueueObjectType" AS ENUM ('TRACE', 'OBSERVATION', 'SESSION');

CREATE TYPE "AnnotationQueueStatus" AS ENUM ('PENDING', 'COMPLETED');

CREATE TYPE "ApiKeyScope" AS ENUM ('ORGANIZATION', 'PROJECT');

CREATE TYPE "AuditLogRecordType" AS ENUM ('USER', 'API_KEY');

CREATE TYPE "BlobStorageExportMode" AS ENUM ('FULL_HISTORY', 'FROM_TODAY', 'FROM_CUSTOM_DATE');

CREATE TYPE "BlobStorageIntegrationFileType" AS ENUM ('JSON', 'CSV', 'JSONL', 'PARQUET');

CREATE TYPE "BlobStorageIntegrationType" AS ENUM ('S3', 'S3_COMPATIBLE', 'AZURE_BLOB_STORAGE');

CREATE TYPE "CommentObjectType" AS ENUM ('TRACE', 'OBSERVATION', 'SESSION', 'PROMPT');

CREATE TYPE "DashboardWidgetChartType" AS ENUM ('LINE_TIME_SERIES', 'BAR_TIME_SERIES', 'HORIZONTAL_BAR', 'VERTICAL_BAR', 'PIE', 'NUMBER', 'HISTOGRAM', 'PIVOT_TABLE', 'AREA_TIME_SERIES');

CREATE TYPE "DashboardWidgetViews" AS ENUM ('TRACES', 'OBSERVATIONS', 'SCORES_NUMERIC', 'SCORES_CATEGORICAL', 'SCORES_BOOLEAN');

CREATE TYPE "DatasetStatus" AS ENUM ('ACTIVE', 'ARCHIVED');

CREATE TYPE "EvalTemplateSourceCodeLanguage" AS ENUM ('PYTHON', 'TYPESCRIPT');

CREATE TYPE "EvalTemplateType" AS ENUM ('LLM_AS_JUDGE', 'CODE');

CREATE TYPE "EvaluatorBlockReason" AS ENUM ('LLM_CONNECTION_AUTH_INVALID', 'LLM_CONNECTION_MISSING', 'DEFAULT_EVAL_MODEL_MISSING', 'EVAL_MODEL_CONFIG_INVALID', 'EVAL_MODEL_UNAVAILABLE', 'PROVIDER_ACCOUNT_NOT_READY', 'LLM_CONNECTION_BILLING_EXHAUSTED', 'LLM_CONNECTION_ENDPOINT_UNREACHABLE');

CREATE TYPE "InAppAgentConversationVisibilityScope" AS ENUM ('PERSONAL', 'PROJECT');

CREATE TYPE "JobConfigState" AS ENUM ('ACTIVE', 'INACTIVE');

CREATE TYPE "JobExecutionStatus" AS ENUM ('COMPLETED', 'ERROR', 'PENDING', 'CANCELLED', 'DELAYED');

CREATE TYPE "JobType" AS ENUM ('EVAL');

CREATE TYPE "MediaAssociationOrigin" AS ENUM ('UNKNOWN', 'CLIENT_UPLOAD', 'INGESTION_MEDIA_EXTRACTION', 'INGESTION_FIELD_OVERFLOW');

CREATE TYPE "MonitorSeverity" AS ENUM ('PAUSED', 'UNKNOWN', 'NO_DATA', 'OK', 'WARNING', 'ALERT');

CREATE TYPE "MonitorStatus" AS ENUM ('PAUSED', 'ACTIVE', 'ERROR_BAD_QUERY');

CREATE TYPE "MonitorThresholdOperator" AS ENUM ('GT', 'GTE', 'LT', 'LTE', 'EQ', 'NEQ');

CREATE TYPE "MonitorView" AS ENUM ('OBSERVATIONS', 'SCORES_NUMERIC', 'SCORES_CATEGORICAL', 'SCORES_BOOLEAN');

CREATE TYPE "NotificationChannel" AS ENUM ('EMAIL');

CREATE TYPE "NotificationType" AS ENUM ('COMMENT_MENTION');

CREATE TYPE "Role" AS ENUM ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'NONE');

CREATE TYPE "ScoreConfigDataType" AS ENUM ('CATEGORICAL', 'NUMERIC', 'BOOLEAN', 'TEXT');

CREATE TYPE "SurveyName" AS ENUM ('org_onboarding', 'user_onboarding');

CREATE TABLE "Account" (
  "id" text NOT NULL,
  "type" text NOT NULL,
  "provider" text NOT NULL,
  "providerAccountId" text NOT NULL,
  "refresh_token" text,
  "access_token" text,
  "expires_at" integer,
  "token_type" text,
  "scope" text,
  "id_token" text,
  "session_state" text,
  "user_id" text NOT NULL,
  "expires_in" integer,
  "ext_expires_in" integer,
  "refresh_token_expires_in" integer,
  "created_at" integer,
  CONSTRAINT "Account_pkey" PRIMARY KEY (id)
);

CREATE TABLE "Session" (
  "id" text NOT NULL,
  "expires" timestamp(3) without time zone NOT NULL,
  "session_token" text NOT NULL,
  "user_id" text NOT NULL,
  CONSTRAINT "Session_pkey" PRIMARY KEY (id)
);

CREATE TABLE "_prisma_migrations" (
  "id" character varying(36) NOT NULL,
  "checksum" character varying(64) NOT NULL,
  "finished_at" timestamp with time zone,
  "migration_name" character varying(255) NOT NULL,
  "logs" text,
  "rolled_back_at" timestamp with time zone,
  "started_at" timestamp with time zone DEFAULT now() NOT NULL,
  "applied_steps_count" integer DEFAULT 0 NOT NULL,
  CONSTRAINT "_prisma_migrations_pkey" PRIMARY KEY (id)
);

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

CREATE TABLE "annotation_queue_items" (
  "id" text NOT NULL,
  "queue_id" text NOT NULL,
  "object_id" text NOT NULL,
  "object_type" "AnnotationQueueObjectType" NOT NULL,
  "status" "AnnotationQueueStatus" DEFAULT 'PENDING'::"AnnotationQueueStatus" NOT NULL,
  "locked_at" timestamp(3) without time zone,
  "locked_by_user_id" text,
  "annotator_user_id" text,
  "completed_at" timestamp(3) without time zone,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "annotation_queue_items_pkey" PRIMARY KEY (id)
);

CREATE TABLE "annotation_queues" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "description" text,
  "score_config_ids" text[] DEFAULT ARRAY[]::text[],
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "annotation_queues_pkey" PRIMARY KEY (id)
);

CREATE TABLE "api_keys" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "note" text,
  "public_key" text NOT NULL,
  "hashed_secret_key" text NOT NULL,
  "display_secret_key" text NOT NULL,
  "last_used_at" timestamp(3) without time zone,
  "expires_at" timestamp(3) without time zone,
  "project_id" text,
  "fast_hashed_secret_key" text,
  "organization_id" text,
  "scope" "ApiKeyScope" DEFAULT 'PROJECT'::"ApiKeyScope" NOT NULL,
  "is_in_app_agent_key" boolean DEFAULT false NOT NULL,
  "created_by_user_id" text,
  "created_by_api_key_id" text,
  CONSTRAINT "api_keys_pkey" PRIMARY KEY (id)
);

CREATE TABLE "audit_logs" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "user_id" text,
  "project_id" text,
  "resource_type" text NOT NULL,
  "resource_id" text NOT NULL,
  "action" text NOT NULL,
  "before" text,
  "after" text,
  "org_id" text NOT NULL,
  "user_org_role" text,
  "user_project_role" text,
  "api_key_id" text,
  "type" "AuditLogRecordType" DEFAULT 'USER'::"AuditLogRecordType" NOT NULL,
  CONSTRAINT "audit_logs_pkey" PRIMARY KEY (id)
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

CREATE TABLE "background_migrations" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "script" text NOT NULL,
  "args" jsonb NOT NULL,
  "finished_at" timestamp(3) without time zone,
  "failed_at" timestamp(3) without time zone,
  "failed_reason" text,
  "worker_id" text,
  "locked_at" timestamp(3) without time zone,
  "state" jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT "background_migrations_pkey" PRIMARY KEY (id)
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

CREATE TABLE "batch_exports" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "user_id" text NOT NULL,
  "finished_at" timestamp(3) without time zone,
  "expires_at" timestamp(3) without time zone,
  "name" text NOT NULL,
  "status" text NOT NULL,
  "query" jsonb NOT NULL,
  "format" text NOT NULL,
  "url" text,
  "log" text,
  CONSTRAINT "batch_exports_pkey" PRIMARY KEY (id)
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

CREATE TABLE "comments" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "object_type" "CommentObjectType" NOT NULL,
  "object_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "content" text NOT NULL,
  "author_user_id" text,
  "data_field" text,
  "path" text[] DEFAULT '{}'::text[],
  "range_start" integer[] DEFAULT '{}'::integer[],
  "range_end" integer[] DEFAULT '{}'::integer[],
  CONSTRAINT "comments_pkey" PRIMARY KEY (id)
);

CREATE TABLE "cron_jobs" (
  "name" text NOT NULL,
  "last_run" timestamp(3) without time zone,
  "state" text,
  "job_started_at" timestamp(3) without time zone,
  CONSTRAINT "cron_jobs_pkey" PRIMARY KEY (name)
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

CREATE TABLE "dataset_items" (
  "id" text NOT NULL,
  "input" jsonb,
  "expected_output" jsonb,
  "source_observation_id" text,
  "dataset_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "status" "DatasetStatus" DEFAULT 'ACTIVE'::"DatasetStatus",
  "source_trace_id" text,
  "metadata" jsonb,
  "project_id" text NOT NULL,
  "is_deleted" boolean DEFAULT false NOT NULL,
  "valid_from" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "valid_to" timestamp(3) without time zone,
  CONSTRAINT "dataset_items_pkey" PRIMARY KEY (id, project_id, valid_from)
);

CREATE TABLE "dataset_runs" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "dataset_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "metadata" jsonb,
  "description" text,
  "project_id" text NOT NULL,
  CONSTRAINT "dataset_runs_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "datasets" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "description" text,
  "metadata" jsonb,
  "remote_experiment_payload" jsonb,
  "remote_experiment_url" text,
  "expected_output_schema" json,
  "input_schema" json,
  "remote_experiment_enabled" boolean DEFAULT true NOT NULL,
  "remote_experiment_display_headers" jsonb,
  "remote_experiment_display_secret_key" text,
  "remote_experiment_request_headers" jsonb,
  "remote_experiment_secret_key" text,
  CONSTRAINT "datasets_pkey" PRIMARY KEY (id, project_id)
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

CREATE TABLE "eval_templates" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text,
  "name" text NOT NULL,
  "version" integer NOT NULL,
  "prompt" text,
  "model" text,
  "model_params" jsonb,
  "vars" text[] DEFAULT ARRAY[]::text[],
  "output_schema" jsonb,
  "provider" text,
  "partner" text,
  "type" "EvalTemplateType" DEFAULT 'LLM_AS_JUDGE'::"EvalTemplateType" NOT NULL,
  "source_code" character varying(262144),
  "source_code_language" "EvalTemplateSourceCodeLanguage",
  CONSTRAINT "eval_templates_pkey" PRIMARY KEY (id)
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
  "renamed_by_user_at" timestamp(3) without time zone,
  "always_allowed_tools" text[] DEFAULT ARRAY[]::text[] NOT NULL,
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

CREATE TABLE "in_app_agent_pending_tool_approvals" (
  "project_id" text NOT NULL,
  "conversation_id" text NOT NULL,
  "tool_call_id" text NOT NULL,
  "approval_fingerprint" text NOT NULL,
  "expires_at" timestamp(3) without time zone NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "in_app_agent_pending_tool_approvals_pkey" PRIMARY KEY (project_id, conversation_id, tool_call_id)
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
  "status" text,
  "request" jsonb,
  "claimed_at" timestamp(3) without time zone,
  "heartbeat_at" timestamp(3) without time zone,
  "cancel_requested_at" timestamp(3) without time zone,
  CONSTRAINT "in_app_agent_runs_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "job_configurations" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "job_type" "JobType" NOT NULL,
  "eval_template_id" text,
  "score_name" text NOT NULL,
  "filter" jsonb NOT NULL,
  "target_object" text NOT NULL,
  "variable_mapping" jsonb NOT NULL,
  "sampling" numeric(65,30) NOT NULL,
  "delay" integer NOT NULL,
  "status" "JobConfigState" DEFAULT 'ACTIVE'::"JobConfigState" NOT NULL,
  "time_scope" text[] DEFAULT ARRAY['NEW'::text],
  "blocked_at" timestamp(3) without time zone,
  "block_reason" "EvaluatorBlockReason",
  "block_message" text,
  CONSTRAINT "job_configurations_pkey" PRIMARY KEY (id)
);

CREATE TABLE "job_executions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "job_configuration_id" text NOT NULL,
  "status" "JobExecutionStatus" NOT NULL,
  "start_time" timestamp(3) without time zone,
  "end_time" timestamp(3) without time zone,
  "error" text,
  "job_input_trace_id" text,
  "job_output_score_id" text,
  "job_input_dataset_item_id" text,
  "job_input_observation_id" text,
  "job_template_id" text,
  "job_input_trace_timestamp" timestamp(3) without time zone,
  "execution_trace_id" text,
  "job_input_dataset_item_valid_from" timestamp(3) without time zone,
  CONSTRAINT "job_executions_pkey" PRIMARY KEY (id)
);

CREATE TABLE "llm_api_keys" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "provider" text NOT NULL,
  "display_secret_key" text NOT NULL,
  "secret_key" text NOT NULL,
  "project_id" text NOT NULL,
  "base_url" text,
  "adapter" text NOT NULL,
  "custom_models" text[] DEFAULT '{}'::text[] NOT NULL,
  "with_default_models" boolean DEFAULT true NOT NULL,
  "config" jsonb,
  "extra_headers" text,
  "extra_header_keys" text[] DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT "llm_api_keys_pkey" PRIMARY KEY (id)
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

CREATE TABLE "media" (
  "id" text NOT NULL,
  "sha_256_hash" character(44) NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "uploaded_at" timestamp(3) without time zone,
  "upload_http_status" integer,
  "upload_http_error" text,
  "bucket_path" text NOT NULL,
  "bucket_name" text NOT NULL,
  "content_type" text NOT NULL,
  "content_length" bigint NOT NULL
);

CREATE TABLE "membership_invitations" (
  "id" text NOT NULL,
  "email" text NOT NULL,
  "project_id" text,
  "invited_by_user_id" text,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "org_id" text NOT NULL,
  "org_role" "Role" NOT NULL,
  "project_role" "Role",
  CONSTRAINT "membership_invitations_pkey" PRIMARY KEY (id)
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

CREATE TABLE "models" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text,
  "model_name" text NOT NULL,
  "match_pattern" text NOT NULL,
  "start_date" timestamp(3) without time zone,
  "input_price" numeric(65,30),
  "output_price" numeric(65,30),
  "total_price" numeric(65,30),
  "unit" text,
  "tokenizer_config" jsonb,
  "tokenizer_id" text,
  CONSTRAINT "models_pkey" PRIMARY KEY (id)
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

CREATE TABLE "observation_media" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "media_id" text NOT NULL,
  "trace_id" text NOT NULL,
  "observation_id" text NOT NULL,
  "field" text NOT NULL,
  "origin" "MediaAssociationOrigin" DEFAULT 'UNKNOWN'::"MediaAssociationOrigin" NOT NULL,
  CONSTRAINT "observation_media_pkey" PRIMARY KEY (id)
);

CREATE TABLE "organization_memberships" (
  "id" text NOT NULL,
  "org_id" text NOT NULL,
  "user_id" text NOT NULL,
  "role" "Role" NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "organization_memberships_pkey" PRIMARY KEY (id)
);

CREATE TABLE "organizations" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "cloud_config" jsonb,
  "metadata" jsonb,
  "ai_features_enabled" boolean DEFAULT false NOT NULL,
  "cloud_billing_cycle_anchor" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
  "cloud_billing_cycle_updated_at" timestamp(3) without time zone,
  "cloud_current_cycle_usage" integer,
  "cloud_free_tier_usage_threshold_state" text,
  "ai_telemetry_enabled" boolean DEFAULT true NOT NULL,
  "sfdc_org_id" text,
  CONSTRAINT "organizations_pkey" PRIMARY KEY (id)
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

CREATE TABLE "posthog_integrations" (
  "project_id" text NOT NULL,
  "encrypted_posthog_api_key" text NOT NULL,
  "posthog_host_name" text NOT NULL,
  "last_sync_at" timestamp(3) without time zone,
  "enabled" boolean NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "export_source" "AnalyticsIntegrationExportSource" DEFAULT 'TRACES_OBSERVATIONS'::"AnalyticsIntegrationExportSource" NOT NULL,
  "last_error" text,
  "last_error_at" timestamp(3) without time zone,
  CONSTRAINT "posthog_integrations_pkey" PRIMARY KEY (project_id)
);

CREATE TABLE "prices" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "model_id" text NOT NULL,
  "usage_type" text NOT NULL,
  "price" numeric(65,30) NOT NULL,
  "project_id" text,
  "pricing_tier_id" text NOT NULL,
  CONSTRAINT "prices_pkey" PRIMARY KEY (id)
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

CREATE TABLE "project_memberships" (
  "project_id" text NOT NULL,
  "user_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "org_membership_id" text NOT NULL,
  "role" "Role" NOT NULL,
  CONSTRAINT "project_memberships_pkey" PRIMARY KEY (project_id, user_id)
);

CREATE TABLE "projects" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "name" text NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "org_id" text NOT NULL,
  "deleted_at" timestamp(3) without time zone,
  "retention_days" integer,
  "metadata" jsonb,
  "has_traces" boolean DEFAULT false NOT NULL,
  "home_dashboard_id" text,
  CONSTRAINT "projects_pkey" PRIMARY KEY (id)
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

CREATE TABLE "prompts" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "created_by" text NOT NULL,
  "name" text NOT NULL,
  "version" integer NOT NULL,
  "is_active" boolean,
  "config" json DEFAULT '{}'::json NOT NULL,
  "prompt" jsonb NOT NULL,
  "type" text DEFAULT 'text'::text NOT NULL,
  "tags" text[] DEFAULT ARRAY[]::text[],
  "labels" text[] DEFAULT ARRAY[]::text[],
  "commit_message" text,
  CONSTRAINT "prompts_pkey" PRIMARY KEY (id)
);

CREATE TABLE "score_configs" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "data_type" "ScoreConfigDataType" NOT NULL,
  "is_archived" boolean DEFAULT false NOT NULL,
  "min_value" double precision,
  "max_value" double precision,
  "categories" jsonb,
  "description" text,
  CONSTRAINT "score_configs_pkey" PRIMARY KEY (id)
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

CREATE TABLE "sso_configs" (
  "domain" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "auth_provider" text NOT NULL,
  "auth_config" jsonb,
  CONSTRAINT "sso_configs_pkey" PRIMARY KEY (domain)
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

CREATE TABLE "trace_media" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "media_id" text NOT NULL,
  "trace_id" text NOT NULL,
  "field" text NOT NULL,
  "origin" "MediaAssociationOrigin" DEFAULT 'UNKNOWN'::"MediaAssociationOrigin" NOT NULL,
  CONSTRAINT "trace_media_pkey" PRIMARY KEY (id)
);

CREATE TABLE "trace_sessions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "bookmarked" boolean DEFAULT false NOT NULL,
  "public" boolean DEFAULT false NOT NULL,
  "environment" text DEFAULT 'default'::text NOT NULL,
  CONSTRAINT "trace_sessions_pkey" PRIMARY KEY (id, project_id)
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

CREATE TABLE "users" (
  "id" text NOT NULL,
  "name" text,
  "email" text,
  "email_verified" timestamp(3) without time zone,
  "password" text,
  "image" text,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "feature_flags" text[] DEFAULT ARRAY[]::text[],
  "admin" boolean DEFAULT false NOT NULL,
  "v4_beta_enabled" boolean DEFAULT false NOT NULL,
  CONSTRAINT "users_pkey" PRIMARY KEY (id)
);

CREATE TABLE "verification_tokens" (
  "identifier" text NOT NULL,
  "token" text NOT NULL,
  "expires" timestamp(3) without time zone NOT NULL
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

CREATE UNIQUE INDEX "Account_provider_providerAccountId_key" ON public."Account" USING btree (provider, "providerAccountId");

CREATE INDEX "Account_user_id_idx" ON public."Account" USING btree (user_id);

CREATE UNIQUE INDEX "Session_session_token_key" ON public."Session" USING btree (session_token);

CREATE INDEX actions_project_id_idx ON public.actions USING btree (project_id);

CREATE UNIQUE INDEX annotation_queue_assignments_project_id_queue_id_user_id_key ON public.annotation_queue_assignments USING btree (project_id, queue_id, user_id);

CREATE INDEX annotation_queue_items_annotator_user_id_idx ON public.annotation_queue_items USING btree (annotator_user_id);

CREATE INDEX annotation_queue_items_created_at_idx ON public.annotation_queue_items USING btree (created_at);

CREATE INDEX annotation_queue_items_id_project_id_idx ON public.annotation_queue_items USING btree (id, project_id);

CREATE INDEX annotation_queue_items_object_id_object_type_project_id_que_idx ON public.annotation_queue_items USING btree (object_id, object_type, project_id, queue_id);

CREATE INDEX annotation_queue_items_project_id_queue_id_status_idx ON public.annotation_queue_items USING btree (project_id, queue_id, status);

CREATE INDEX annotation_queues_id_project_id_idx ON public.annotation_queues USING btree (id, project_id);

CREATE INDEX annotation_queues_project_id_created_at_idx ON public.annotation_queues USING btree (project_id, created_at);

CREATE UNIQUE INDEX annotation_queues_project_id_name_key ON public.annotation_queues USING btree (project_id, name);

CREATE INDEX api_keys_created_by_api_key_id_idx ON public.api_keys USING btree (created_by_api_key_id);

CREATE INDEX api_keys_fast_hashed_secret_key_idx ON public.api_keys USING btree (fast_hashed_secret_key);

CREATE UNIQUE INDEX api_keys_fast_hashed_secret_key_key ON public.api_keys USING btree (fast_hashed_secret_key);

CREATE INDEX api_keys_hashed_secret_key_idx ON public.api_keys USING btree (hashed_secret_key);

CREATE UNIQUE INDEX api_keys_hashed_secret_key_key ON public.api_keys USING btree (hashed_secret_key);

CREATE UNIQUE INDEX api_keys_id_key ON public.api_keys USING btree (id);

CREATE INDEX api_keys_organization_id_idx ON public.api_keys USING btree (organization_id);

CREATE INDEX api_keys_project_id_idx ON public.api_keys USING btree (project_id);

CREATE INDEX api_keys_public_key_idx ON public.api_keys USING btree (public_key);

CREATE UNIQUE INDEX api_keys_public_key_key ON public.api_keys USING btree (public_key);

CREATE INDEX audit_logs_api_key_id_idx ON public.audit_logs USING btree (api_key_id);

CREATE INDEX audit_logs_created_at_idx ON public.audit_logs USING btree (created_at);

CREATE INDEX audit_logs_org_id_idx ON public.audit_logs USING btree (org_id);

CREATE INDEX audit_logs_project_id_idx ON public.audit_logs USING btree (project_id);

CREATE INDEX audit_logs_updated_at_idx ON public.audit_logs USING btree (updated_at);

CREATE INDEX audit_logs_user_id_idx ON public.audit_logs USING btree (user_id);

CREATE INDEX automation_executions_action_id_idx ON public.automation_executions USING btree (action_id);

CREATE INDEX automation_executions_project_id_idx ON public.automation_executions USING btree (project_id);

CREATE INDEX automation_executions_trigger_id_idx ON public.automation_executions USING btree (trigger_id);

CREATE INDEX automations_project_id_action_id_trigger_id_idx ON public.automations USING btree (project_id, action_id, trigger_id);

CREATE INDEX automations_project_id_name_idx ON public.automations USING btree (project_id, name);

CREATE UNIQUE INDEX background_migrations_name_key ON public.background_migrations USING btree (name);

CREATE INDEX batch_actions_project_id_action_type_idx ON public.batch_actions USING btree (project_id, action_type);

CREATE INDEX batch_actions_project_id_user_id_idx ON public.batch_actions USING btree (project_id, user_id);

CREATE INDEX batch_actions_status_idx ON public.batch_actions USING btree (status);

CREATE INDEX batch_exports_project_id_user_id_idx ON public.batch_exports USING btree (project_id, user_id);

CREATE INDEX batch_exports_status_idx ON public.batch_exports USING btree (status);

CREATE INDEX billing_meter_backups_stripe_customer_id_meter_id_start_tim_idx ON public.billing_meter_backups USING btree (stripe_customer_id, meter_id, start_time, end_time);

CREATE UNIQUE INDEX billing_meter_backups_stripe_customer_id_meter_id_start_tim_key ON public.billing_meter_backups USING btree (stripe_customer_id, meter_id, start_time, end_time);

CREATE INDEX cloud_spend_alerts_org_id_idx ON public.cloud_spend_alerts USING btree (org_id);

CREATE UNIQUE INDEX comment_reactions_comment_id_user_id_emoji_key ON public.comment_reactions USING btree (comment_id, user_id, emoji);

CREATE INDEX comments_project_id_object_type_object_id_idx ON public.comments USING btree (project_id, object_type, object_id);

CREATE INDEX idx_comments_content_gin ON public.comments USING gin (to_tsvector('english'::regconfig, content));

CREATE UNIQUE INDEX dataset_item_media_item_version_field_path_key ON public.dataset_item_media USING btree (project_id, dataset_item_id, dataset_item_valid_from, field, json_path);

CREATE UNIQUE INDEX dataset_item_media_pending_key ON public.dataset_item_media USING btree (project_id, dataset_item_id, field, media_id) WHERE (dataset_item_valid_from IS NULL);

CREATE INDEX dataset_item_media_project_id_dataset_id_idx ON public.dataset_item_media USING btree (project_id, dataset_id);

CREATE INDEX dataset_item_media_project_id_media_id_idx ON public.dataset_item_media USING btree (project_id, media_id);

CREATE INDEX dataset_items_created_at_idx ON public.dataset_items USING btree (created_at);

CREATE INDEX dataset_items_dataset_id_idx ON public.dataset_items USING hash (dataset_id);

CREATE INDEX dataset_items_project_id_id_valid_from_idx ON public.dataset_items USING btree (project_id, id, valid_from);

CREATE INDEX dataset_items_project_id_valid_to_idx ON public.dataset_items USING btree (project_id, valid_to);

CREATE INDEX dataset_items_source_observation_id_idx ON public.dataset_items USING hash (source_observation_id);

CREATE INDEX dataset_items_source_trace_id_idx ON public.dataset_items USING hash (source_trace_id);

CREATE INDEX dataset_items_updated_at_idx ON public.dataset_items USING btree (updated_at);

CREATE INDEX dataset_runs_created_at_idx ON public.dataset_runs USING btree (created_at);

CREATE INDEX dataset_runs_dataset_id_idx ON public.dataset_runs USING hash (dataset_id);

CREATE INDEX dataset_runs_updated_at_idx ON public.dataset_runs USING btree (updated_at);

CREATE INDEX datasets_created_at_idx ON public.datasets USING btree (created_at);

CREATE UNIQUE INDEX datasets_project_id_name_key ON public.datasets USING btree (project_id, name);

CREATE INDEX datasets_updated_at_idx ON public.datasets USING btree (updated_at);

CREATE INDEX default_views_project_id_view_name_idx ON public.default_views USING btree (project_id, view_name);

CREATE UNIQUE INDEX default_views_project_user_view_key ON public.default_views USING btree (project_id, user_id, view_name) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX default_views_project_view_key ON public.default_views USING btree (project_id, view_name) WHERE (user_id IS NULL);

CREATE INDEX eval_templates_project_id_id_idx ON public.eval_templates USING btree (project_id, id);

CREATE UNIQUE INDEX eval_templates_project_id_name_version_key ON public.eval_templates USING btree (project_id, name, version);

CREATE INDEX in_app_agent_conversations_project_user_list_idx ON public.in_app_agent_conversations USING btree (project_id, created_by_user_id, deleted_at, updated_at, id);

CREATE INDEX in_app_agent_events_project_run_idx ON public.in_app_agent_events USING btree (project_id, run_id);

CREATE INDEX in_app_agent_pending_tool_approvals_expires_at_idx ON public.in_app_agent_pending_tool_approvals USING btree (expires_at);

CREATE UNIQUE INDEX in_app_agent_runs_active_conversation_key ON public.in_app_agent_runs USING btree (project_id, conversation_id) WHERE (finished_at IS NULL);

CREATE INDEX in_app_agent_runs_project_conversation_created_idx ON public.in_app_agent_runs USING btree (project_id, conversation_id, created_at);

CREATE INDEX job_configurations_project_id_id_idx ON public.job_configurations USING btree (project_id, id);

CREATE INDEX job_executions_job_configuration_id_idx ON public.job_executions USING btree (job_configuration_id);

CREATE INDEX job_executions_project_id_job_configuration_id_job_input_tr_idx ON public.job_executions USING btree (project_id, job_configuration_id, job_input_trace_id);

CREATE INDEX job_executions_project_id_job_output_score_id_idx ON public.job_executions USING btree (project_id, job_output_score_id);

CREATE UNIQUE INDEX llm_api_keys_id_key ON public.llm_api_keys USING btree (id);

CREATE UNIQUE INDEX llm_api_keys_project_id_provider_key ON public.llm_api_keys USING btree (project_id, provider);

CREATE UNIQUE INDEX llm_schemas_project_id_name_key ON public.llm_schemas USING btree (project_id, name);

CREATE UNIQUE INDEX llm_tools_project_id_name_key ON public.llm_tools USING btree (project_id, name);

CREATE INDEX media_project_id_created_at_idx ON public.media USING btree (project_id, created_at);

CREATE UNIQUE INDEX media_project_id_id_key ON public.media USING btree (project_id, id);

CREATE UNIQUE INDEX media_project_id_sha_256_hash_key ON public.media USING btree (project_id, sha_256_hash);

CREATE INDEX membership_invitations_email_idx ON public.membership_invitations USING btree (email);

CREATE UNIQUE INDEX membership_invitations_email_org_id_key ON public.membership_invitations USING btree (email, org_id);

CREATE UNIQUE INDEX membership_invitations_id_key ON public.membership_invitations USING btree (id);

CREATE INDEX membership_invitations_org_id_idx ON public.membership_invitations USING btree (org_id);

CREATE INDEX membership_invitations_project_id_idx ON public.membership_invitations USING btree (project_id);

CREATE INDEX models_model_name_idx ON public.models USING btree (model_name);

CREATE UNIQUE INDEX models_project_id_model_name_start_date_unit_key ON public.models USING btree (project_id, model_name, start_date, unit);

CREATE INDEX monitors_project_id_idx ON public.monitors USING btree (project_id);

CREATE INDEX monitors_scheduler_batch_id_idx ON public.monitors USING btree (scheduler_batch_id);

CREATE INDEX monitors_scheduler_rescue_idx ON public.monitors USING btree (last_published_at) WHERE ((last_completed_at IS NULL) OR (last_completed_at < last_published_at));

CREATE INDEX monitors_scheduler_tick_idx ON public.monitors USING btree (next_run_at, scheduler_batch_id);

CREATE UNIQUE INDEX notification_preferences_user_id_project_id_channel_type_key ON public.notification_preferences USING btree (user_id, project_id, channel, type);

CREATE INDEX observation_media_project_id_media_id_idx ON public.observation_media USING btree (project_id, media_id);

CREATE UNIQUE INDEX observation_media_project_id_trace_id_observation_id_media__key ON public.observation_media USING btree (project_id, trace_id, observation_id, media_id, field);

CREATE UNIQUE INDEX organization_memberships_org_id_user_id_key ON public.organization_memberships USING btree (org_id, user_id);

CREATE INDEX organization_memberships_user_id_idx ON public.organization_memberships USING btree (user_id);

CREATE INDEX pending_deletions_object_id_object_idx ON public.pending_deletions USING btree (object_id, object);

CREATE INDEX pending_deletions_project_id_object_is_deleted_object_id_id_idx ON public.pending_deletions USING btree (project_id, object, is_deleted, object_id, id);

CREATE UNIQUE INDEX prices_model_id_usage_type_pricing_tier_id_key ON public.prices USING btree (model_id, usage_type, pricing_tier_id);

CREATE INDEX prices_pricing_tier_id_idx ON public.prices USING btree (pricing_tier_id);

CREATE UNIQUE INDEX pricing_tiers_model_id_name_key ON public.pricing_tiers USING btree (model_id, name);

CREATE UNIQUE INDEX pricing_tiers_model_id_priority_key ON public.pricing_tiers USING btree (model_id, priority);

CREATE INDEX project_memberships_org_membership_id_idx ON public.project_memberships USING btree (org_membership_id);

CREATE INDEX project_memberships_project_id_idx ON public.project_memberships USING btree (project_id);

CREATE INDEX project_memberships_user_id_idx ON public.project_memberships USING btree (user_id);

CREATE INDEX projects_org_id_idx ON public.projects USING btree (org_id);

CREATE INDEX prompt_dependencies_project_id_child_name ON public.prompt_dependencies USING btree (project_id, child_name);

CREATE INDEX prompt_dependencies_project_id_parent_id ON public.prompt_dependencies USING btree (project_id, parent_id);

CREATE UNIQUE INDEX prompt_protected_labels_project_id_label_key ON public.prompt_protected_labels USING btree (project_id, label);

CREATE INDEX prompts_created_at_idx ON public.prompts USING btree (created_at);

CREATE INDEX prompts_project_id_id_idx ON public.prompts USING btree (project_id, id);

CREATE UNIQUE INDEX prompts_project_id_name_version_key ON public.prompts USING btree (project_id, name, version);

CREATE INDEX prompts_tags_idx ON public.prompts USING gin (tags);

CREATE INDEX prompts_updated_at_idx ON public.prompts USING btree (updated_at);

CREATE INDEX score_configs_categories_idx ON public.score_configs USING btree (categories);

CREATE INDEX score_configs_created_at_idx ON public.score_configs USING btree (created_at);

CREATE INDEX score_configs_data_type_idx ON public.score_configs USING btree (data_type);

CREATE UNIQUE INDEX score_configs_id_project_id_key ON public.score_configs USING btree (id, project_id);

CREATE INDEX score_configs_is_archived_idx ON public.score_configs USING btree (is_archived);

CREATE INDEX score_configs_project_id_idx ON public.score_configs USING btree (project_id);

CREATE INDEX score_configs_updated_at_idx ON public.score_configs USING btree (updated_at);

CREATE UNIQUE INDEX slack_integrations_project_id_key ON public.slack_integrations USING btree (project_id);

CREATE INDEX slack_integrations_team_id_idx ON public.slack_integrations USING btree (team_id);

CREATE UNIQUE INDEX table_view_presets_project_id_table_name_name_key ON public.table_view_presets USING btree (project_id, table_name, name);

CREATE INDEX trace_media_project_id_media_id_idx ON public.trace_media USING btree (project_id, media_id);

CREATE UNIQUE INDEX trace_media_project_id_trace_id_media_id_field_key ON public.trace_media USING btree (project_id, trace_id, media_id, field);

CREATE INDEX trace_sessions_project_id_created_at_idx ON public.trace_sessions USING btree (project_id, created_at DESC);

CREATE INDEX triggers_project_id_idx ON public.triggers USING btree (project_id);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email);

CREATE UNIQUE INDEX verification_tokens_identifier_token_key ON public.verification_tokens USING btree (identifier, token);

CREATE UNIQUE INDEX verification_tokens_token_key ON public.verification_tokens USING btree (token);

CREATE UNIQUE INDEX verified_domains_domain_verified_key ON public.verified_domains USING btree (domain) WHERE (verified_at IS NOT NULL);

CREATE UNIQUE INDEX verified_domains_organization_id_domain_key ON public.verified_domains USING btree (organization_id, domain);

CREATE INDEX verified_domains_organization_id_idx ON public.verified_domains USING btree (organization_id);

CREATE UNIQUE INDEX verified_domains_verification_token_key ON public.verified_domains USING btree (verification_token);

CREATE INDEX web_callout_endpoints_project_id_enabled_idx ON public.web_callout_endpoints USING btree (project_id, enabled);

CREATE INDEX web_callout_endpoints_project_id_idx ON public.web_callout_endpoints USING btree (project_id);

ALTER TABLE "Account"
  ADD CONSTRAINT "Account_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "Session"
  ADD CONSTRAINT "Session_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "actions"
  ADD CONSTRAINT "actions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queue_assignments"
  ADD CONSTRAINT "annotation_queue_assignments_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_assignments_queue_id_fkey" FOREIGN KEY (queue_id) REFERENCES annotation_queues(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_assignments_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queue_items"
  ADD CONSTRAINT "annotation_queue_items_annotator_user_id_fkey" FOREIGN KEY (annotator_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "annotation_queue_items_locked_by_user_id_fkey" FOREIGN KEY (locked_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "annotation_queue_items_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_items_queue_id_fkey" FOREIGN KEY (queue_id) REFERENCES annotation_queues(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queues"
  ADD CONSTRAINT "annotation_queues_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "api_keys"
  ADD CONSTRAINT "api_keys_created_by_api_key_id_fkey" FOREIGN KEY (created_by_api_key_id) REFERENCES api_keys(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "api_keys_created_by_user_id_fkey" FOREIGN KEY (created_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "api_keys_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

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

ALTER TABLE "batch_exports"
  ADD CONSTRAINT "batch_exports_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "blob_storage_integrations"
  ADD CONSTRAINT "blob_storage_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "cloud_spend_alerts"
  ADD CONSTRAINT "cloud_spend_alerts_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "comment_reactions"
  ADD CONSTRAINT "comment_reactions_comment_id_fkey" FOREIGN KEY (comment_id) REFERENCES comments(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "comment_reactions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "comment_reactions_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "comments"
  ADD CONSTRAINT "comments_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dashboard_widgets"
  ADD CONSTRAINT "dashboard_widgets_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "dashboard_widgets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "dashboard_widgets_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "dashboards"
  ADD CONSTRAINT "dashboards_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "dashboards_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "dashboards_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "dataset_items"
  ADD CONSTRAINT "dataset_items_dataset_id_project_id_fkey" FOREIGN KEY (dataset_id, project_id) REFERENCES datasets(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dataset_runs"
  ADD CONSTRAINT "dataset_runs_dataset_id_project_id_fkey" FOREIGN KEY (dataset_id, project_id) REFERENCES datasets(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "datasets"
  ADD CONSTRAINT "datasets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "default_llm_models"
  ADD CONSTRAINT "default_llm_models_llm_api_key_id_fkey" FOREIGN KEY (llm_api_key_id) REFERENCES llm_api_keys(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "default_llm_models_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "default_views"
  ADD CONSTRAINT "default_views_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "default_views_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "eval_templates"
  ADD CONSTRAINT "eval_templates_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_conversations"
  ADD CONSTRAINT "in_app_agent_conversations_created_by_user_id_fkey" FOREIGN KEY (created_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "in_app_agent_conversations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_events"
  ADD CONSTRAINT "in_app_agent_events_conversation_id_project_id_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_events_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_events_run_id_project_id_fkey" FOREIGN KEY (run_id, project_id) REFERENCES in_app_agent_runs(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_pending_tool_approvals"
  ADD CONSTRAINT "in_app_agent_pending_tool_approvals_conversation_id_projec_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_pending_tool_approvals_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "in_app_agent_runs"
  ADD CONSTRAINT "in_app_agent_runs_conversation_id_project_id_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_runs_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_runs_triggered_by_user_id_fkey" FOREIGN KEY (triggered_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "job_configurations"
  ADD CONSTRAINT "job_configurations_eval_template_id_fkey" FOREIGN KEY (eval_template_id) REFERENCES eval_templates(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "job_configurations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "job_executions"
  ADD CONSTRAINT "job_executions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "llm_api_keys"
  ADD CONSTRAINT "llm_api_keys_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "llm_schemas"
  ADD CONSTRAINT "llm_schemas_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "llm_tools"
  ADD CONSTRAINT "llm_tools_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "media"
  ADD CONSTRAINT "media_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "membership_invitations"
  ADD CONSTRAINT "membership_invitations_invited_by_user_id_fkey" FOREIGN KEY (invited_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "membership_invitations_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "membership_invitations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "mixpanel_integrations"
  ADD CONSTRAINT "mixpanel_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "models"
  ADD CONSTRAINT "models_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "monitors"
  ADD CONSTRAINT "monitors_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "monitors_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "monitors_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "notification_preferences"
  ADD CONSTRAINT "notification_preferences_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "notification_preferences_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "organization_memberships"
  ADD CONSTRAINT "organization_memberships_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "organization_memberships_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "pending_deletions"
  ADD CONSTRAINT "pending_deletions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "posthog_integrations"
  ADD CONSTRAINT "posthog_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prices"
  ADD CONSTRAINT "prices_model_id_fkey" FOREIGN KEY (model_id) REFERENCES models(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "prices_pricing_tier_id_fkey" FOREIGN KEY (pricing_tier_id) REFERENCES pricing_tiers(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "prices_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "pricing_tiers"
  ADD CONSTRAINT "pricing_tiers_model_id_fkey" FOREIGN KEY (model_id) REFERENCES models(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "project_memberships"
  ADD CONSTRAINT "project_memberships_org_membership_id_fkey" FOREIGN KEY (org_membership_id) REFERENCES organization_memberships(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "project_memberships_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "project_memberships_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "projects"
  ADD CONSTRAINT "projects_home_dashboard_id_fkey" FOREIGN KEY (home_dashboard_id) REFERENCES dashboards(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "projects_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompt_dependencies"
  ADD CONSTRAINT "prompt_dependencies_parent_id_fkey" FOREIGN KEY (parent_id) REFERENCES prompts(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "prompt_dependencies_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompt_protected_labels"
  ADD CONSTRAINT "prompt_protected_labels_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompts"
  ADD CONSTRAINT "prompts_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "score_configs"
  ADD CONSTRAINT "score_configs_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "slack_integrations"
  ADD CONSTRAINT "slack_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "surveys"
  ADD CONSTRAINT "surveys_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "surveys_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "table_view_presets"
  ADD CONSTRAINT "table_view_presets_created_by_fkey" FOREIGN KEY (created_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "table_view_presets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "table_view_presets_updated_by_fkey" FOREIGN KEY (updated_by) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "trace_sessions"
  ADD CONSTRAINT "trace_sessions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "triggers"
  ADD CONSTRAINT "triggers_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "verified_domains"
  ADD CONSTRAINT "verified_domains_organization_id_fkey" FOREIGN KEY (organization_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "web_callout_endpoints"
  ADD CONSTRAINT "web_callout_endpoints_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250102_backfill_billing_cycle_anchors', 'backfillBillingCycleAnchors', '{}', '{}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20250711_1347_patch_llm_tool_schema_audit_logs', 'patchLLMToolAndLLLMSchemaAuditLogs', '{}', '{}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20251216_1001_backfill_dataset_items_valid_to', 'backfillValidToForDatasetItems', '{}', '{}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260106_encrypt_blob_storage_secrets', 'encryptBlobStorageSecrets', '{}', '{}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_1_create_root_spans_from_traces', 'createRootSpansFromTraces', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{"phase":"completed","todos":[],"config":{"maxRetries":3,"concurrency":1,"pollIntervalMs":30000},"chunksLoaded":true,"activeQueries":[]}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_2_rewrite_observations_to_pid_tid_sorting', 'rewriteObservationsToPidTidSorting', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{"phase":"completed","todos":[],"config":{"maxRetries":3,"concurrency":1,"pollIntervalMs":30000},"chunksLoaded":true,"activeQueries":[]}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_3_backfill_events_full_from_observations', 'backfillEventsFullFromObservations', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{"phase":"completed","todos":[],"config":{"maxRetries":3,"concurrency":1,"pollIntervalMs":30000},"chunksLoaded":true,"activeQueries":[]}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_4_backfill_events_full_from_dataset_run_items', 'backfillEventsFullFromDatasetRunItems', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{"phase":"completed","config":{"batchSize":200,"maxRetries":3,"lookbackDays":90,"pollIntervalMs":30000,"maxDescendantsPerDri":50000},"cursor":null,"processedDris":0}', now());

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_5_drop_pid_tid_sorting_tables', 'dropPidTidSortingTables', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_DROP_PID_TID_SORTING_TABLES"}', '{}', NULL);
