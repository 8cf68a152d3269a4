import { uuid } from '../../langfuse/ids.ts';
import type { Web2 } from '../web.ts';
import type { Event2 } from './check-event.ts';
import { EventError } from './event-error.ts';
import { mergeJson } from './merge-json.ts';
import { findModel2, type Model2 } from './model.ts';
import { given, timeOf, upsert, type Columns } from './upsert.ts';
import { costOf, totalOf, usageOf, type EarlierUsage, type Usage2 } from './usage.ts';

interface Existing extends EarlierUsage {
  readonly metadata: unknown;
  readonly unit: string | null;
  readonly internal_model: string | null;
}

/** Observations of every kind become one row each; one without a trace gets a trace of its own id. @throws EventError */
export async function writeObservation(web: Web2, projectId: string, event: Event2): Promise<void> {
  const { body } = event;
  const existing = await existingRow(web, projectId, body['id']);
  if (event.type === 'observation-update' && existing === undefined)
    throw new EventError(404, `Observation with id ${event.id} not found`);
  const type = typeOf(event);
  const usage = usageOf(body['usage']);
  const model = type === 'GENERATION' ? await modelOf(web, projectId, body, usage, existing) : undefined;
  const id = given(body['id']) ?? uuid();
  const orphan = !body['traceId'] && existing === undefined;
  if (orphan) await ownTrace(web, projectId, id, body);
  const columns = {
    id,
    project_id: projectId,
    trace_id: orphan ? id : body['traceId'],
    type,
    ...plainColumns(body),
    ...usageColumns(body, usage, existing, model),
    metadata: mergeJson(existing?.metadata, body['metadata']),
    prompt_id: await promptId(web, projectId, body),
  };
  await upsert(web.postgres, 'observations', ['id'], columns, ['project_id', 'trace_id', 'type']);
}

async function existingRow(
  { postgres }: Web2,
  projectId: string,
  id: unknown,
): Promise<Existing | undefined> {
  const [row] = await postgres.query<Existing>(
    `SELECT metadata, unit, internal_model, prompt_tokens, completion_tokens, total_tokens, input_cost, output_cost,
       total_cost FROM observations WHERE id = $1 AND project_id = $2`,
    [id ?? null, projectId],
  );
  return row;
}

function typeOf({ type, body }: Event2): string {
  if (type.startsWith('observation-')) return String(body['type']);
  return type.slice(0, type.indexOf('-')).toUpperCase();
}

async function modelOf(
  { postgres }: Web2,
  projectId: string,
  body: Event2['body'],
  usage: Usage2,
  existing: Existing | undefined,
): Promise<Model2 | undefined> {
  return await findModel2(postgres, {
    projectId,
    model: typeof body['model'] === 'string' && body['model'] !== '' ? body['model'] : undefined,
    internalModel: given(existing?.internal_model),
    unit: usage.unit ?? given(existing?.unit),
    startTime: timeOf(body['startTime']) ?? new Date(),
  });
}

async function ownTrace(
  { postgres }: Web2,
  projectId: string,
  id: unknown,
  body: Event2['body'],
): Promise<void> {
  await postgres.query(
    'INSERT INTO traces (id, project_id, name, timestamp) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING',
    [id, projectId, body['name'] ?? null, timeOf(body['startTime']) ?? new Date()],
  );
}

function plainColumns(body: Event2['body']): Columns {
  return {
    name: given(body['name']),
    start_time: timeOf(body['startTime']),
    end_time: timeOf(body['endTime']),
    completion_start_time: timeOf(body['completionStartTime']),
    model: body['model'],
    modelParameters: given(body['modelParameters']),
    input: given(body['input']),
    output: given(body['output']),
    level: given(body['level']),
    status_message: given(body['statusMessage']),
    parent_observation_id: given(body['parentObservationId']),
    version: given(body['version']),
  };
}

function usageColumns(
  body: Event2['body'],
  usage: Usage2,
  existing: Existing | undefined,
  model: Model2 | undefined,
): Columns {
  const cost = costOf(usage, existing, model);
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: 'usage' in body ? totalOf(usage) : undefined,
    unit: usage.unit ?? given(model?.unit),
    internal_model: model?.name,
    internal_model_id: model?.id,
    input_cost: usage.inputCost,
    output_cost: usage.outputCost,
    total_cost: usage.totalCost,
    calculated_input_cost: cost.input,
    calculated_output_cost: cost.output,
    calculated_total_cost: cost.total,
  };
}

async function promptId(web: Web2, projectId: string, body: Event2['body']): Promise<string | undefined> {
  const { promptName, promptVersion } = body;
  if (typeof promptName !== 'string' || typeof promptVersion !== 'number') return undefined;
  const [row] = await web.postgres.query<{ id: string }>(
    'SELECT id FROM prompts WHERE project_id = $1 AND name = $2 AND version = $3',
    [projectId, promptName, promptVersion],
  );
  if (row === undefined) web.log.warn('Prompt not found for observation');
  return row?.id;
}
