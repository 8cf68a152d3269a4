-- The schema of Langfuse 2.95.12 as its own migrations leave it. Written by scripts/schema.mjs.

CREATE TYPE "AnnotationQueueObjectType" AS ENUM ('TRACE', 'OBSERVATION');

CREATE TYPE "AnnotationQueueStatus" AS ENUM ('PENDING', 'COMPLETED');

CREATE TYPE "CommentObjectType" AS ENUM ('TRACE', 'OBSERVATION', 'SESSION', 'PROMPT');

CREATE TYPE "DatasetStatus" AS ENUM ('ACTIVE', 'ARCHIVED');

CREATE TYPE "JobConfigState" AS ENUM ('ACTIVE', 'INACTIVE');

CREATE TYPE "JobExecutionStatus" AS ENUM ('COMPLETED', 'ERROR', 'PENDING', 'CANCELLED');

CREATE TYPE "JobType" AS ENUM ('EVAL');

CREATE TYPE "ObservationLevel" AS ENUM ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR');

CREATE TYPE "ObservationType" AS ENUM ('SPAN', 'EVENT', 'GENERATION');

CREATE TYPE "Role" AS ENUM ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER', 'NONE');

CREATE TYPE "ScoreDataType" AS ENUM ('CATEGORICAL', 'NUMERIC', 'BOOLEAN');

CREATE TYPE "ScoreSource" AS ENUM ('ANNOTATION', 'API', 'EVAL');

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
  "project_id" text NOT NULL,
  "fast_hashed_secret_key" text,
  CONSTRAINT "api_keys_pkey" PRIMARY KEY (id)
);

CREATE TABLE "audit_logs" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "user_id" text NOT NULL,
  "project_id" text,
  "resource_type" text NOT NULL,
  "resource_id" text NOT NULL,
  "action" text NOT NULL,
  "before" text,
  "after" text,
  "org_id" text NOT NULL,
  "user_org_role" text NOT NULL,
  "user_project_role" text,
  CONSTRAINT "audit_logs_pkey" PRIMARY KEY (id)
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

CREATE TABLE "comments" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "object_type" "CommentObjectType" NOT NULL,
  "object_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "content" text NOT NULL,
  "author_user_id" text,
  CONSTRAINT "comments_pkey" PRIMARY KEY (id)
);

CREATE TABLE "cron_jobs" (
  "name" text NOT NULL,
  "last_run" timestamp(3) without time zone,
  "state" text,
  "job_started_at" timestamp(3) without time zone,
  CONSTRAINT "cron_jobs_pkey" PRIMARY KEY (name)
);

CREATE TABLE "dataset_items" (
  "id" text NOT NULL,
  "input" jsonb,
  "expected_output" jsonb,
  "source_observation_id" text,
  "dataset_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "status" "DatasetStatus" DEFAULT 'ACTIVE'::"DatasetStatus" NOT NULL,
  "source_trace_id" text,
  "metadata" jsonb,
  "project_id" text NOT NULL,
  CONSTRAINT "dataset_items_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "dataset_run_items" (
  "id" text NOT NULL,
  "dataset_run_id" text NOT NULL,
  "dataset_item_id" text NOT NULL,
  "observation_id" text,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "trace_id" text NOT NULL,
  "project_id" text NOT NULL,
  CONSTRAINT "dataset_run_items_pkey" PRIMARY KEY (id, project_id)
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
  CONSTRAINT "datasets_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "eval_templates" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "version" integer NOT NULL,
  "prompt" text NOT NULL,
  "model" text NOT NULL,
  "model_params" jsonb NOT NULL,
  "vars" text[] DEFAULT ARRAY[]::text[],
  "output_schema" jsonb NOT NULL,
  "provider" text NOT NULL,
  CONSTRAINT "eval_templates_pkey" PRIMARY KEY (id)
);

CREATE TABLE "events" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "data" jsonb NOT NULL,
  "url" text,
  "method" text,
  "headers" jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT "events_pkey" PRIMARY KEY (id)
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
  CONSTRAINT "llm_api_keys_pkey" PRIMARY KEY (id)
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
  "content_length" bigint NOT NULL,
  CONSTRAINT "media_pkey" PRIMARY KEY (id)
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

CREATE TABLE "observation_media" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "media_id" text NOT NULL,
  "trace_id" text NOT NULL,
  "observation_id" text NOT NULL,
  "field" text NOT NULL,
  CONSTRAINT "observation_media_pkey" PRIMARY KEY (id)
);

CREATE TABLE "observations" (
  "id" text NOT NULL,
  "name" text,
  "start_time" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "end_time" timestamp(3) without time zone,
  "parent_observation_id" text,
  "type" "ObservationType" NOT NULL,
  "trace_id" text,
  "metadata" jsonb,
  "model" text,
  "modelParameters" jsonb,
  "input" jsonb,
  "output" jsonb,
  "level" "ObservationLevel" DEFAULT 'DEFAULT'::"ObservationLevel" NOT NULL,
  "status_message" text,
  "completion_start_time" timestamp(3) without time zone,
  "completion_tokens" integer DEFAULT 0 NOT NULL,
  "prompt_tokens" integer DEFAULT 0 NOT NULL,
  "total_tokens" integer DEFAULT 0 NOT NULL,
  "version" text,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "unit" text,
  "prompt_id" text,
  "input_cost" numeric(65,30),
  "output_cost" numeric(65,30),
  "total_cost" numeric(65,30),
  "internal_model" text,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "calculated_input_cost" numeric(65,30),
  "calculated_output_cost" numeric(65,30),
  "calculated_total_cost" numeric(65,30),
  "internal_model_id" text,
  CONSTRAINT "observations_pkey" PRIMARY KEY (id)
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
  CONSTRAINT "organizations_pkey" PRIMARY KEY (id)
);

CREATE TABLE "posthog_integrations" (
  "project_id" text NOT NULL,
  "encrypted_posthog_api_key" text NOT NULL,
  "posthog_host_name" text NOT NULL,
  "last_sync_at" timestamp(3) without time zone,
  "enabled" boolean NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "posthog_integrations_pkey" PRIMARY KEY (project_id)
);

CREATE TABLE "prices" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "model_id" text NOT NULL,
  "usage_type" text NOT NULL,
  "price" numeric(65,30) NOT NULL,
  CONSTRAINT "prices_pkey" PRIMARY KEY (id)
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
  CONSTRAINT "projects_pkey" PRIMARY KEY (id)
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
  CONSTRAINT "prompts_pkey" PRIMARY KEY (id)
);

CREATE TABLE "score_configs" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "name" text NOT NULL,
  "data_type" "ScoreDataType" NOT NULL,
  "is_archived" boolean DEFAULT false NOT NULL,
  "min_value" double precision,
  "max_value" double precision,
  "categories" jsonb,
  "description" text,
  CONSTRAINT "score_configs_pkey" PRIMARY KEY (id)
);

CREATE TABLE "scores" (
  "id" text NOT NULL,
  "timestamp" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "name" text NOT NULL,
  "value" double precision,
  "observation_id" text,
  "trace_id" text NOT NULL,
  "comment" text,
  "source" "ScoreSource" NOT NULL,
  "project_id" text NOT NULL,
  "author_user_id" text,
  "config_id" text,
  "data_type" "ScoreDataType" DEFAULT 'NUMERIC'::"ScoreDataType" NOT NULL,
  "string_value" text,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "queue_id" text,
  CONSTRAINT "scores_pkey" PRIMARY KEY (id)
);

CREATE TABLE "sso_configs" (
  "domain" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "auth_provider" text NOT NULL,
  "auth_config" jsonb,
  CONSTRAINT "sso_configs_pkey" PRIMARY KEY (domain)
);

CREATE TABLE "trace_media" (
  "id" text NOT NULL,
  "project_id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "media_id" text NOT NULL,
  "trace_id" text NOT NULL,
  "field" text NOT NULL,
  CONSTRAINT "trace_media_pkey" PRIMARY KEY (id)
);

CREATE TABLE "trace_sessions" (
  "id" text NOT NULL,
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "project_id" text NOT NULL,
  "bookmarked" boolean DEFAULT false NOT NULL,
  "public" boolean DEFAULT false NOT NULL,
  CONSTRAINT "trace_sessions_pkey" PRIMARY KEY (id, project_id)
);

CREATE TABLE "traces" (
  "id" text NOT NULL,
  "timestamp" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "name" text,
  "project_id" text NOT NULL,
  "metadata" jsonb,
  "external_id" text,
  "user_id" text,
  "release" text,
  "version" text,
  "public" boolean DEFAULT false NOT NULL,
  "bookmarked" boolean DEFAULT false NOT NULL,
  "input" jsonb,
  "output" jsonb,
  "session_id" text,
  "tags" text[] DEFAULT ARRAY[]::text[],
  "created_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updated_at" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
  CONSTRAINT "traces_pkey" PRIMARY KEY (id)
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
  CONSTRAINT "users_pkey" PRIMARY KEY (id)
);

CREATE TABLE "verification_tokens" (
  "identifier" text NOT NULL,
  "token" text NOT NULL,
  "expires" timestamp(3) without time zone NOT NULL
);

CREATE UNIQUE INDEX "Account_provider_providerAccountId_key" ON public."Account" USING btree (provider, "providerAccountId");

CREATE INDEX "Account_user_id_idx" ON public."Account" USING btree (user_id);

CREATE UNIQUE INDEX "Session_session_token_key" ON public."Session" USING btree (session_token);

CREATE INDEX annotation_queue_items_annotator_user_id_idx ON public.annotation_queue_items USING btree (annotator_user_id);

CREATE INDEX annotation_queue_items_created_at_idx ON public.annotation_queue_items USING btree (created_at);

CREATE INDEX annotation_queue_items_id_project_id_idx ON public.annotation_queue_items USING btree (id, project_id);

CREATE INDEX annotation_queue_items_object_id_object_type_project_id_que_idx ON public.annotation_queue_items USING btree (object_id, object_type, project_id, queue_id);

CREATE INDEX annotation_queue_items_project_id_queue_id_status_idx ON public.annotation_queue_items USING btree (project_id, queue_id, status);

CREATE INDEX annotation_queues_id_project_id_idx ON public.annotation_queues USING btree (id, project_id);

CREATE INDEX annotation_queues_project_id_created_at_idx ON public.annotation_queues USING btree (project_id, created_at);

CREATE UNIQUE INDEX annotation_queues_project_id_name_key ON public.annotation_queues USING btree (project_id, name);

CREATE INDEX api_keys_fast_hashed_secret_key_idx ON public.api_keys USING btree (fast_hashed_secret_key);

CREATE UNIQUE INDEX api_keys_fast_hashed_secret_key_key ON public.api_keys USING btree (fast_hashed_secret_key);

CREATE INDEX api_keys_hashed_secret_key_idx ON public.api_keys USING btree (hashed_secret_key);

CREATE UNIQUE INDEX api_keys_hashed_secret_key_key ON public.api_keys USING btree (hashed_secret_key);

CREATE UNIQUE INDEX api_keys_id_key ON public.api_keys USING btree (id);

CREATE INDEX api_keys_project_id_idx ON public.api_keys USING btree (project_id);

CREATE INDEX api_keys_public_key_idx ON public.api_keys USING btree (public_key);

CREATE UNIQUE INDEX api_keys_public_key_key ON public.api_keys USING btree (public_key);

CREATE INDEX audit_logs_created_at_idx ON public.audit_logs USING btree (created_at);

CREATE INDEX audit_logs_org_id_idx ON public.audit_logs USING btree (org_id);

CREATE INDEX audit_logs_project_id_idx ON public.audit_logs USING btree (project_id);

CREATE INDEX audit_logs_updated_at_idx ON public.audit_logs USING btree (updated_at);

CREATE INDEX audit_logs_user_id_idx ON public.audit_logs USING btree (user_id);

CREATE UNIQUE INDEX background_migrations_name_key ON public.background_migrations USING btree (name);

CREATE INDEX batch_exports_project_id_user_id_idx ON public.batch_exports USING btree (project_id, user_id);

CREATE INDEX batch_exports_status_idx ON public.batch_exports USING btree (status);

CREATE INDEX comments_project_id_object_type_object_id_idx ON public.comments USING btree (project_id, object_type, object_id);

CREATE INDEX dataset_items_created_at_idx ON public.dataset_items USING btree (created_at);

CREATE INDEX dataset_items_dataset_id_idx ON public.dataset_items USING hash (dataset_id);

CREATE INDEX dataset_items_source_observation_id_idx ON public.dataset_items USING hash (source_observation_id);

CREATE INDEX dataset_items_source_trace_id_idx ON public.dataset_items USING hash (source_trace_id);

CREATE INDEX dataset_items_updated_at_idx ON public.dataset_items USING btree (updated_at);

CREATE INDEX dataset_run_items_created_at_idx ON public.dataset_run_items USING btree (created_at);

CREATE INDEX dataset_run_items_dataset_item_id_idx ON public.dataset_run_items USING hash (dataset_item_id);

CREATE INDEX dataset_run_items_dataset_run_id_idx ON public.dataset_run_items USING hash (dataset_run_id);

CREATE INDEX dataset_run_items_observation_id_idx ON public.dataset_run_items USING hash (observation_id);

CREATE INDEX dataset_run_items_trace_id_idx ON public.dataset_run_items USING btree (trace_id);

CREATE INDEX dataset_run_items_updated_at_idx ON public.dataset_run_items USING btree (updated_at);

CREATE INDEX dataset_runs_created_at_idx ON public.dataset_runs USING btree (created_at);

CREATE INDEX dataset_runs_dataset_id_idx ON public.dataset_runs USING hash (dataset_id);

CREATE INDEX dataset_runs_updated_at_idx ON public.dataset_runs USING btree (updated_at);

CREATE INDEX datasets_created_at_idx ON public.datasets USING btree (created_at);

CREATE UNIQUE INDEX datasets_project_id_name_key ON public.datasets USING btree (project_id, name);

CREATE INDEX datasets_updated_at_idx ON public.datasets USING btree (updated_at);

CREATE INDEX eval_templates_project_id_id_idx ON public.eval_templates USING btree (project_id, id);

CREATE UNIQUE INDEX eval_templates_project_id_name_version_key ON public.eval_templates USING btree (project_id, name, version);

CREATE INDEX events_project_id_idx ON public.events USING btree (project_id);

CREATE INDEX job_configurations_project_id_id_idx ON public.job_configurations USING btree (project_id, id);

CREATE INDEX job_executions_created_at_idx ON public.job_executions USING btree (created_at);

CREATE INDEX job_executions_job_configuration_id_idx ON public.job_executions USING btree (job_configuration_id);

CREATE INDEX job_executions_job_input_trace_id_idx ON public.job_executions USING btree (job_input_trace_id);

CREATE INDEX job_executions_job_output_score_id_idx ON public.job_executions USING btree (job_output_score_id);

CREATE INDEX job_executions_project_id_id_idx ON public.job_executions USING btree (project_id, id);

CREATE INDEX job_executions_project_id_status_idx ON public.job_executions USING btree (project_id, status);

CREATE INDEX job_executions_updated_at_idx ON public.job_executions USING btree (updated_at);

CREATE UNIQUE INDEX llm_api_keys_id_key ON public.llm_api_keys USING btree (id);

CREATE UNIQUE INDEX llm_api_keys_project_id_provider_key ON public.llm_api_keys USING btree (project_id, provider);

CREATE UNIQUE INDEX media_project_id_sha_256_hash_key ON public.media USING btree (project_id, sha_256_hash);

CREATE INDEX membership_invitations_email_idx ON public.membership_invitations USING btree (email);

CREATE UNIQUE INDEX membership_invitations_id_key ON public.membership_invitations USING btree (id);

CREATE INDEX membership_invitations_org_id_idx ON public.membership_invitations USING btree (org_id);

CREATE INDEX membership_invitations_project_id_idx ON public.membership_invitations USING btree (project_id);

CREATE INDEX models_model_name_idx ON public.models USING btree (model_name);

CREATE UNIQUE INDEX models_project_id_model_name_start_date_unit_key ON public.models USING btree (project_id, model_name, start_date, unit);

CREATE INDEX observation_media_project_id_observation_id_idx ON public.observation_media USING btree (project_id, observation_id);

CREATE UNIQUE INDEX observation_media_project_id_trace_id_observation_id_media__key ON public.observation_media USING btree (project_id, trace_id, observation_id, media_id, field);

CREATE INDEX observations_created_at_idx ON public.observations USING btree (created_at);

CREATE UNIQUE INDEX observations_id_project_id_key ON public.observations USING btree (id, project_id);

CREATE INDEX observations_internal_model_idx ON public.observations USING btree (internal_model);

CREATE INDEX observations_model_idx ON public.observations USING btree (model);

CREATE INDEX observations_project_id_internal_model_start_time_unit_idx ON public.observations USING btree (project_id, internal_model, start_time, unit);

CREATE INDEX observations_project_id_prompt_id_idx ON public.observations USING btree (project_id, prompt_id);

CREATE INDEX observations_project_id_start_time_type_idx ON public.observations USING btree (project_id, start_time, type);

CREATE INDEX observations_prompt_id_idx ON public.observations USING btree (prompt_id);

CREATE INDEX observations_start_time_idx ON public.observations USING btree (start_time);

CREATE INDEX observations_trace_id_project_id_start_time_idx ON public.observations USING btree (trace_id, project_id, start_time);

CREATE INDEX observations_trace_id_project_id_type_start_time_idx ON public.observations USING btree (trace_id, project_id, type, start_time);

CREATE INDEX observations_type_idx ON public.observations USING btree (type);

CREATE UNIQUE INDEX organization_memberships_org_id_user_id_key ON public.organization_memberships USING btree (org_id, user_id);

CREATE INDEX organization_memberships_user_id_idx ON public.organization_memberships USING btree (user_id);

CREATE UNIQUE INDEX prices_model_id_usage_type_key ON public.prices USING btree (model_id, usage_type);

CREATE INDEX project_memberships_org_membership_id_idx ON public.project_memberships USING btree (org_membership_id);

CREATE INDEX project_memberships_project_id_idx ON public.project_memberships USING btree (project_id);

CREATE INDEX project_memberships_user_id_idx ON public.project_memberships USING btree (user_id);

CREATE INDEX projects_org_id_idx ON public.projects USING btree (org_id);

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

CREATE INDEX scores_author_user_id_idx ON public.scores USING btree (author_user_id);

CREATE INDEX scores_config_id_idx ON public.scores USING btree (config_id);

CREATE INDEX scores_created_at_idx ON public.scores USING btree (created_at);

CREATE UNIQUE INDEX scores_id_project_id_key ON public.scores USING btree (id, project_id);

CREATE INDEX scores_observation_id_idx ON public.scores USING hash (observation_id);

CREATE INDEX scores_project_id_name_idx ON public.scores USING btree (project_id, name);

CREATE INDEX scores_source_idx ON public.scores USING btree (source);

CREATE INDEX scores_timestamp_idx ON public.scores USING btree ("timestamp");

CREATE INDEX scores_trace_id_idx ON public.scores USING hash (trace_id);

CREATE INDEX scores_value_idx ON public.scores USING btree (value);

CREATE UNIQUE INDEX trace_media_project_id_trace_id_media_id_field_key ON public.trace_media USING btree (project_id, trace_id, media_id, field);

CREATE INDEX trace_sessions_created_at_idx ON public.trace_sessions USING btree (created_at);

CREATE INDEX trace_sessions_project_id_idx ON public.trace_sessions USING btree (project_id);

CREATE INDEX trace_sessions_updated_at_idx ON public.trace_sessions USING btree (updated_at);

CREATE INDEX traces_created_at_idx ON public.traces USING btree (created_at);

CREATE INDEX traces_id_user_id_idx ON public.traces USING btree (id, user_id);

CREATE INDEX traces_name_idx ON public.traces USING btree (name);

CREATE INDEX traces_project_id_timestamp_idx ON public.traces USING btree (project_id, "timestamp");

CREATE INDEX traces_session_id_idx ON public.traces USING btree (session_id);

CREATE INDEX traces_tags_idx ON public.traces USING gin (tags);

CREATE INDEX traces_timestamp_idx ON public.traces USING btree ("timestamp");

CREATE INDEX traces_user_id_idx ON public.traces USING btree (user_id);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email);

CREATE UNIQUE INDEX verification_tokens_identifier_token_key ON public.verification_tokens USING btree (identifier, token);

CREATE UNIQUE INDEX verification_tokens_token_key ON public.verification_tokens USING btree (token);

ALTER TABLE "Account"
  ADD CONSTRAINT "Account_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "Session"
  ADD CONSTRAINT "Session_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queue_items"
  ADD CONSTRAINT "annotation_queue_items_annotator_user_id_fkey" FOREIGN KEY (annotator_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "annotation_queue_items_locked_by_user_id_fkey" FOREIGN KEY (locked_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "annotation_queue_items_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "annotation_queue_items_queue_id_fkey" FOREIGN KEY (queue_id) REFERENCES annotation_queues(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "annotation_queues"
  ADD CONSTRAINT "annotation_queues_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "api_keys"
  ADD CONSTRAINT "api_keys_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "batch_exports"
  ADD CONSTRAINT "batch_exports_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "comments"
  ADD CONSTRAINT "comments_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dataset_items"
  ADD CONSTRAINT "dataset_items_dataset_id_project_id_fkey" FOREIGN KEY (dataset_id, project_id) REFERENCES datasets(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dataset_run_items"
  ADD CONSTRAINT "dataset_run_items_dataset_item_id_project_id_fkey" FOREIGN KEY (dataset_item_id, project_id) REFERENCES dataset_items(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "dataset_run_items_dataset_run_id_project_id_fkey" FOREIGN KEY (dataset_run_id, project_id) REFERENCES dataset_runs(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "dataset_runs"
  ADD CONSTRAINT "dataset_runs_dataset_id_project_id_fkey" FOREIGN KEY (dataset_id, project_id) REFERENCES datasets(id, project_id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "datasets"
  ADD CONSTRAINT "datasets_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "eval_templates"
  ADD CONSTRAINT "eval_templates_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "events"
  ADD CONSTRAINT "events_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "job_configurations"
  ADD CONSTRAINT "job_configurations_eval_template_id_fkey" FOREIGN KEY (eval_template_id) REFERENCES eval_templates(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "job_configurations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "job_executions"
  ADD CONSTRAINT "job_executions_job_configuration_id_fkey" FOREIGN KEY (job_configuration_id) REFERENCES job_configurations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "job_executions_job_output_score_id_fkey" FOREIGN KEY (job_output_score_id) REFERENCES scores(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "job_executions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "llm_api_keys"
  ADD CONSTRAINT "llm_api_keys_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "media"
  ADD CONSTRAINT "media_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "membership_invitations"
  ADD CONSTRAINT "membership_invitations_invited_by_user_id_fkey" FOREIGN KEY (invited_by_user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "membership_invitations_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "membership_invitations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE SET NULL;

ALTER TABLE "models"
  ADD CONSTRAINT "models_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "observation_media"
  ADD CONSTRAINT "observation_media_media_id_fkey" FOREIGN KEY (media_id) REFERENCES media(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "observation_media_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "observations"
  ADD CONSTRAINT "observations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "organization_memberships"
  ADD CONSTRAINT "organization_memberships_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "organization_memberships_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "posthog_integrations"
  ADD CONSTRAINT "posthog_integrations_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prices"
  ADD CONSTRAINT "prices_model_id_fkey" FOREIGN KEY (model_id) REFERENCES models(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "project_memberships"
  ADD CONSTRAINT "project_memberships_org_membership_id_fkey" FOREIGN KEY (org_membership_id) REFERENCES organization_memberships(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "project_memberships_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "project_memberships_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "projects"
  ADD CONSTRAINT "projects_org_id_fkey" FOREIGN KEY (org_id) REFERENCES organizations(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "prompts"
  ADD CONSTRAINT "prompts_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "score_configs"
  ADD CONSTRAINT "score_configs_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "scores"
  ADD CONSTRAINT "scores_config_id_fkey" FOREIGN KEY (config_id) REFERENCES score_configs(id) ON UPDATE CASCADE ON DELETE SET NULL,
  ADD CONSTRAINT "scores_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "trace_media"
  ADD CONSTRAINT "trace_media_media_id_fkey" FOREIGN KEY (media_id) REFERENCES media(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "trace_media_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "trace_sessions"
  ADD CONSTRAINT "trace_sessions_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE "traces"
  ADD CONSTRAINT "traces_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE CASCADE,
  ADD CONSTRAINT "traces_session_id_project_id_fkey" FOREIGN KEY (session_id, project_id) REFERENCES trace_sessions(id, project_id) ON UPDATE CASCADE ON DELETE RESTRICT;

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20241024_1216_add_generations_cost_backfill', 'addGenerationsCostBackfill', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20241024_1730_migrate_traces_from_pg_to_ch', 'migrateTracesFromPostgresToClickhouse', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20241024_1737_migrate_observations_from_pg_to_ch', 'migrateObservationsFromPostgresToClickhouse', '{}', '{}', NULL);

INSERT INTO background_migrations (id, name, script, args, state, finished_at)
VALUES (gen_random_uuid(), '20241024_1738_migrate_scores_from_pg_to_ch', 'migrateScoresFromPostgresToClickhouse', '{}', '{}', NULL);
