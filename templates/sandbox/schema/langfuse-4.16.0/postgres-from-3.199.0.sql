-- From the schema of Langfuse 3.199.0 to that of 4.16.0, as its own migrations leave it. Written by scripts/schema.mjs.

ALTER TABLE "job_executions" DROP CONSTRAINT "job_executions_job_configuration_id_fkey";

DROP TABLE "dataset_run_items" CASCADE;

DROP TABLE "observations" CASCADE;

DROP TABLE "scores" CASCADE;

DROP TABLE "traces" CASCADE;

CREATE TYPE "MediaAssociationOrigin" AS ENUM ('UNKNOWN', 'CLIENT_UPLOAD', 'INGESTION_MEDIA_EXTRACTION', 'INGESTION_FIELD_OVERFLOW');

ALTER TYPE "BlobStorageIntegrationFileType" ADD VALUE 'PARQUET';

ALTER TYPE "DashboardWidgetViews" ADD VALUE 'SCORES_BOOLEAN';

ALTER TYPE "EvaluatorBlockReason" ADD VALUE 'LLM_CONNECTION_BILLING_EXHAUSTED';

ALTER TYPE "EvaluatorBlockReason" ADD VALUE 'LLM_CONNECTION_ENDPOINT_UNREACHABLE';

ALTER TYPE "MonitorView" ADD VALUE 'SCORES_BOOLEAN';

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

ALTER TABLE "api_keys" ADD COLUMN "created_by_user_id" text;

ALTER TABLE "api_keys" ADD COLUMN "created_by_api_key_id" text;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_display_headers" jsonb;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_display_secret_key" text;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_request_headers" jsonb;

ALTER TABLE "datasets" ADD COLUMN "remote_experiment_secret_key" text;

ALTER TABLE "in_app_agent_conversations" ADD COLUMN "renamed_by_user_at" timestamp(3) without time zone;

ALTER TABLE "in_app_agent_conversations" ADD COLUMN "always_allowed_tools" text[] DEFAULT ARRAY[]::text[] NOT NULL;

ALTER TABLE "in_app_agent_runs" ADD COLUMN "status" text;

ALTER TABLE "in_app_agent_runs" ADD COLUMN "request" jsonb;

ALTER TABLE "in_app_agent_runs" ADD COLUMN "claimed_at" timestamp(3) without time zone;

ALTER TABLE "in_app_agent_runs" ADD COLUMN "heartbeat_at" timestamp(3) without time zone;

ALTER TABLE "in_app_agent_runs" ADD COLUMN "cancel_requested_at" timestamp(3) without time zone;

ALTER TABLE "observation_media" ADD COLUMN "origin" "MediaAssociationOrigin" DEFAULT 'UNKNOWN'::"MediaAssociationOrigin" NOT NULL;

ALTER TABLE "posthog_integrations" ADD COLUMN "last_error" text;

ALTER TABLE "posthog_integrations" ADD COLUMN "last_error_at" timestamp(3) without time zone;

ALTER TABLE "projects" ADD COLUMN "home_dashboard_id" text;

ALTER TABLE "trace_media" ADD COLUMN "origin" "MediaAssociationOrigin" DEFAULT 'UNKNOWN'::"MediaAssociationOrigin" NOT NULL;

DROP TYPE "ObservationLevel";

DROP TYPE "ObservationType";

DROP TYPE "ScoreSource";

CREATE INDEX in_app_agent_pending_tool_approvals_expires_at_idx ON public.in_app_agent_pending_tool_approvals USING btree (expires_at);

CREATE INDEX api_keys_created_by_api_key_id_idx ON public.api_keys USING btree (created_by_api_key_id);

CREATE UNIQUE INDEX in_app_agent_runs_active_conversation_key ON public.in_app_agent_runs USING btree (project_id, conversation_id) WHERE (finished_at IS NULL);

ALTER TABLE "in_app_agent_pending_tool_approvals"
  ADD CONSTRAINT "in_app_agent_pending_tool_approvals_conversation_id_projec_fkey" FOREIGN KEY (conversation_id, project_id) REFERENCES in_app_agent_conversations(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "in_app_agent_pending_tool_approvals_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_api_key_id_fkey" FOREIGN KEY (created_by_api_key_id) REFERENCES api_keys(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_user_id_fkey" FOREIGN KEY (created_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "projects" ADD CONSTRAINT "projects_home_dashboard_id_fkey" FOREIGN KEY (home_dashboard_id) REFERENCES dashboards(id) ON UPDATE CASCADE ON DELETE SET NULL;

DELETE FROM background_migrations WHERE name IN ('20241024_1216_add_generations_cost_backfill', '20241024_1730_migrate_traces_from_pg_to_ch', '20241024_1737_migrate_observations_from_pg_to_ch', '20241024_1738_migrate_scores_from_pg_to_ch', '20250417_1737_migrate_event_log_to_blob_storage', '20250814_1001_migrate_dataset_run_items_rmt_pg_to_ch');

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_1_create_root_spans_from_traces', 'createRootSpansFromTraces', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_2_rewrite_observations_to_pid_tid_sorting', 'rewriteObservationsToPidTidSorting', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_3_backfill_events_full_from_observations', 'backfillEventsFullFromObservations', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_4_backfill_events_full_from_dataset_run_items', 'backfillEventsFullFromDatasetRunItems', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_ENABLE_HISTORIC_BACKFILL"}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20260701_v4_step_5_drop_pid_tid_sorting_tables', 'dropPidTidSortingTables', '{"envGate":"LANGFUSE_BACKGROUND_MIGRATION_V4_DROP_PID_TID_SORTING_TABLES"}', '{}', NULL);
