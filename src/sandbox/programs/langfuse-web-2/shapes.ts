import type { SqlRow } from '../langfuse/postgres.ts';

/** Columns of a trace with the API's names; `t` is the table. */
export const traceColumns =
  't.id, t.timestamp, t.name, t.input, t.output, t.project_id AS "projectId", t.session_id AS "sessionId", t.metadata, ' +
  't.external_id AS "externalId", t.user_id AS "userId", t.release, t.version, t.bookmarked, ' +
  't.created_at AS "createdAt", t.updated_at AS "updatedAt", t.public, t.tags';

/** Columns of a score; `s` is the table. */
export const scoreColumns =
  's.id, s.timestamp, s.project_id AS "projectId", s.name, s.source, s.author_user_id AS "authorUserId", s.comment, ' +
  's.trace_id AS "traceId", s.observation_id AS "observationId", s.config_id AS "configId", ' +
  's.created_at AS "createdAt", s.updated_at AS "updatedAt", s.queue_id AS "queueId", s.value, ' +
  's.string_value AS "stringValue", s.data_type AS "dataType"';

/** Columns of an observation; `o` is observations_view. Amounts are floats: the API gives numbers. */
export const observationColumns =
  'o.id, o.trace_id AS "traceId", o.project_id AS "projectId", o.type, o.start_time AS "startTime", ' +
  'o.end_time AS "endTime", o.name, o.metadata, o.parent_observation_id AS "parentObservationId", o.level, ' +
  'o.status_message AS "statusMessage", o.version, o.created_at AS "createdAt", o.updated_at AS "updatedAt", o.model, ' +
  'o."modelParameters", o.input, o.output, o.completion_start_time AS "completionStartTime", ' +
  'o.prompt_id AS "promptId", o.prompt_name AS "promptName", o.prompt_version AS "promptVersion", ' +
  'o.model_id AS "modelId", o.latency, o.time_to_first_token AS "timeToFirstToken", o.unit, ' +
  'o.prompt_tokens AS "promptTokens", o.completion_tokens AS "completionTokens", o.total_tokens AS "totalTokens", ' +
  'o.input_price::float8 AS "inputPrice", o.output_price::float8 AS "outputPrice", ' +
  'o.total_price::float8 AS "totalPrice", o.calculated_input_cost::float8 AS "calculatedInputCost", ' +
  'o.calculated_output_cost::float8 AS "calculatedOutputCost", ' +
  'o.calculated_total_cost::float8 AS "calculatedTotalCost"';

/** A row of `observationColumns`. */
export interface ObservationRow extends SqlRow {
  readonly unit: string | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  readonly calculatedTotalCost: number | null;
}

/** An observation as the public API shows it (types/observations.ts at v2.95.12). */
export function observationShape2(row: ObservationRow): Record<string, unknown> {
  const { unit, promptTokens: input, completionTokens: output, totalTokens: total } = row;
  return { ...row, usage: { unit, input, output, total } };
}
