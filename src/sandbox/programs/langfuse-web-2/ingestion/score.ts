import { isRecord } from '../../langfuse/event-check.ts';
import { uuid } from '../../langfuse/ids.ts';
import type { SqlRow } from '../../langfuse/postgres.ts';
import type { Web2 } from '../web.ts';
import type { Event2 } from './check-event.ts';
import { EventError, ForbiddenError } from './event-error.ts';
import { given, upsert } from './upsert.ts';

interface ScoreConfig extends SqlRow {
  readonly name: string;
  readonly data_type: string;
  readonly is_archived: boolean;
  readonly categories: unknown;
}

interface ScoreValue {
  readonly value: number | null;
  readonly string_value?: string;
  readonly data_type: string;
}

/** score-create: stored at the time it arrives; its own timestamp is not read. @throws EventError, ForbiddenError */
export async function writeScore(web: Web2, projectId: string, { body }: Event2): Promise<void> {
  const id = given(body['id']) ?? uuid();
  const [existing] = await web.postgres.query<{ project_id: string }>(
    'SELECT project_id FROM scores WHERE id = $1',
    [id],
  );
  if (existing !== undefined && existing.project_id !== projectId)
    throw new ForbiddenError(`Access denied for score creation ${existing.project_id}`);
  const config = await configOf(web, projectId, body);
  const columns = {
    id,
    project_id: projectId,
    name: body['name'],
    trace_id: body['traceId'],
    observation_id: body['observationId'],
    comment: body['comment'],
    source: given(body['source']) ?? 'API',
    config_id: body['configId'],
    ...valueOf(body, config),
  };
  await upsert(web.postgres, 'scores', ['id', 'project_id'], columns, []);
}

async function configOf(
  { postgres }: Web2,
  projectId: string,
  { configId, name, dataType }: Event2['body'],
): Promise<ScoreConfig | undefined> {
  if (typeof configId !== 'string' || configId === '') return undefined;
  const [config] = await postgres.query<ScoreConfig>(
    'SELECT name, data_type, is_archived, categories FROM score_configs WHERE project_id = $1 AND id = $2',
    [projectId, configId],
  );
  if (config === undefined)
    throw new EventError(404, 'The configId you provided does not match a valid config in this project');
  if (typeof dataType === 'string' && dataType !== config.data_type)
    throw new EventError(
      400,
      `Data type mismatch based on config: expected ${config.data_type}, got ${dataType}`,
    );
  if (config.is_archived)
    throw new EventError(
      400,
      'Config is archived and cannot be used to create new scores. Please restore the config first.',
    );
  if (config.name !== name)
    throw new EventError(400, `Name mismatch based on config: expected ${config.name}, got ${String(name)}`);
  return config;
}

/** Numbers are numeric unless said to be boolean; texts are categories, with the number their config gives them. */
function valueOf({ value, dataType }: Event2['body'], config: ScoreConfig | undefined): ScoreValue {
  if (typeof value !== 'number') {
    const label = String(value);
    return { value: categoryValue(config?.categories, label), string_value: label, data_type: 'CATEGORICAL' };
  }
  if ((config?.data_type ?? dataType) !== 'BOOLEAN') return { value, data_type: 'NUMERIC' };
  return { value, string_value: value === 1 ? 'True' : 'False', data_type: 'BOOLEAN' };
}

function categoryValue(categories: unknown, label: string): number | null {
  const list: readonly unknown[] = Array.isArray(categories) ? categories : [];
  const found = list.find((category) => isRecord(category) && category['label'] === label);
  return isRecord(found) && typeof found['value'] === 'number' ? found['value'] : null;
}
