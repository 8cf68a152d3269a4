import { writesEvents } from './tables.ts';
import type { Worker } from './worker.ts';

/** The executors in the order a worker starts them, with the variable that switches each off. */
const executors: readonly (readonly [queue: string, variable: string])[] = [
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
  ['v4-legacy-api-usage-queue', 'V4_LEGACY_API_USAGE'],
  ['mixpanel-integration-queue', 'MIXPANEL_INTEGRATION'],
  ['mixpanel-integration-processing-queue', 'MIXPANEL_INTEGRATION'],
  ['blobstorage-integration-queue', 'BLOB_STORAGE_INTEGRATION'],
  ['blobstorage-integration-processing-queue', 'BLOB_STORAGE_INTEGRATION'],
  ['data-retention-queue', 'DATA_RETENTION'],
  ['data-retention-processing-queue', 'DATA_RETENTION'],
  ['webhook-queue', 'WEBHOOK'],
  ['entity-change-queue', 'ENTITY_CHANGE'],
  ['event-propagation-queue', 'EVENT_PROPAGATION'],
  ['notification-queue', 'NOTIFICATION'],
];

/**
 * The queues that this worker takes jobs of: those of its release that no
 * `QUEUE_CONSUMER_<NAME>_QUEUE_IS_ENABLED=false` takes away (worker/src/app.ts).
 */
export function consumedQueues(worker: Pick<Worker, 'settings' | 'release'>): readonly string[] {
  return executors
    .filter(([, variable]) => worker.settings.text(`QUEUE_CONSUMER_${variable}_QUEUE_IS_ENABLED`) !== 'false')
    .map(([queue]) => queue)
    .filter((queue) => isOfRelease(worker, queue));
}

function isOfRelease(worker: Pick<Worker, 'settings' | 'release'>, queue: string): boolean {
  switch (queue) {
    case 'v4-legacy-api-usage-queue':
      return worker.release.generation === 4;
    case 'event-propagation-queue':
      return writesEvents(worker);
    default:
      return true;
  }
}
