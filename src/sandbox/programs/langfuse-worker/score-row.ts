import { clickHouseTime, storedMetadata, textOrNull } from './values.ts';
import type { EntityPlan } from './merge.ts';

interface ScoreValue {
  readonly data_type: string;
  readonly value: number;
  readonly string_value: string | null;
}

/** How score-create events become a row of `scores`. */
export function scorePlan(projectId: string): EntityPlan {
  return {
    immutable: ['id', 'project_id', 'timestamp', 'created_at', 'trace_id'],
    fromEvent: ({ body, timestamp }) => ({
      id: body.id,
      timestamp: clickHouseTime(timestamp),
      project_id: projectId,
      environment: body['environment'] ?? 'default',
      trace_id: textOrNull(body['traceId']),
      session_id: textOrNull(body['sessionId']),
      dataset_run_id: textOrNull(body['datasetRunId']),
      observation_id: textOrNull(body['observationId']),
      name: String(body['name']),
      ...scoreValue(body['value'], textOrNull(body['dataType'])),
      source: body['source'] ?? 'API',
      comment: textOrNull(body['comment']),
      metadata: storedMetadata(body['metadata']),
      author_user_id: null,
      config_id: textOrNull(body['configId']),
      queue_id: textOrNull(body['queueId']),
      execution_trace_id: null,
      long_string_value: '',
    }),
  };
}

function scoreValue(value: unknown, dataType: string | null): ScoreValue {
  if (typeof value === 'string')
    return { data_type: dataType ?? 'CATEGORICAL', value: 0, string_value: value };
  const number = Number(value);
  if (dataType !== 'BOOLEAN') return { data_type: dataType ?? 'NUMERIC', value: number, string_value: null };
  return { data_type: 'BOOLEAN', value: number, string_value: number === 1 ? 'True' : 'False' };
}
