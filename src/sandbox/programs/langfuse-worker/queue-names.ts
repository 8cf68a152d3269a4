import type { Settings } from '../langfuse/settings.ts';

/** The executors in the order a worker starts them, with the variable that switches each off. */
export const executors: readonly (readonly [queue: string, variable: string])[] = [
  ['trace-upsert', 'TRACE_UPSERT'],
  ['create-eval-queue', 'CREATE_EVAL'],
  ['trace-delete', 'TRACE_DELETE'],
  ['score-delete', 'SCORE_DELETE'],
  ['dataset-delete-queue', 'DATASET_DELETE'],
  ['project-delete', 'PROJECT_DELETE'],
  ['dataset-run-item-upsert-queue', 'DATASET_RUN_ITEM_UPSERT'],
  ['evaluation-execution-queue', 'EVAL_EXECUTION'],
  ['llm-as-a-judge-execution-queue', 'LLM_AS_A_JUDGE_EXECUTION'],
  ['code-eval-execution-queue', 'CODE_EVAL_EXECUTION'],
  ['secondary-evaluation-execution-queue', 'EVAL_EXECUTION_SECONDARY'],
  ['batch-export-queue', 'BATCH_EXPORT'],
  ['batch-action-queue', 'BATCH_ACTION'],
  ['otel-ingestion-queue', 'OTEL_INGESTION'],
  ['secondary-otel-ingestion-queue', 'OTEL_INGESTION_SECONDARY'],
  ['ingestion-queue', 'INGESTION'],
  ['secondary-ingestion-queue', 'INGESTION_SECONDARY'],
  ['monitor-queue', 'MONITOR'],
  ['experiment-create-queue', 'EXPERIMENT_CREATE'],
  ['posthog-integration-queue', 'POSTHOG_INTEGRATION'],
  ['posthog-integration-processing-queue', 'POSTHOG_INTEGRATION'],
  ['mixpanel-integration-queue', 'MIXPANEL_INTEGRATION'],
  ['mixpanel-integration-processing-queue', 'MIXPANEL_INTEGRATION'],
  ['blobstorage-integration-queue', 'BLOB_STORAGE_INTEGRATION'],
  ['blobstorage-integration-processing-queue', 'BLOB_STORAGE_INTEGRATION'],
  ['data-retention-queue', 'DATA_RETENTION'],
  ['data-retention-processing-queue', 'DATA_RETENTION'],
  ['webhook-queue', 'WEBHOOK'],
  ['entity-change-queue', 'ENTITY_CHANGE'],
  ['notification-queue', 'NOTIFICATION'],
];

/** Whether this worker takes jobs of the queue: `QUEUE_CONSUMER_<NAME>_QUEUE_IS_ENABLED`, true by default. */
export function consumes(settings: Settings, variable: string): boolean {
  return settings.text(`QUEUE_CONSUMER_${variable}_QUEUE_IS_ENABLED`) !== 'false';
}
