/** Field groups of the newer listing; `core` is always there (packages/shared/src/domain/observation-field-groups.ts). */
const groups = [
  'core',
  'basic',
  'time',
  'io',
  'metadata',
  'model',
  'usage',
  'prompt',
  'metrics',
  'trace_context',
] as const;

export type EventFieldGroup = (typeof groups)[number];

/** Columns of events_core by group: name in the table, and as what it is read. */
const columns: Readonly<Record<EventFieldGroup, Readonly<Record<string, string>>>> = {
  core: {
    id: 'span_id',
    trace_id: 'trace_id',
    start_time: 'start_time',
    end_time: 'end_time',
    project_id: 'project_id',
    parent_observation_id: 'parent_span_id',
    type: 'type',
  },
  basic: {
    name: 'name',
    level: 'level',
    status_message: 'status_message',
    version: 'version',
    environment: 'environment',
    bookmarked: 'bookmarked',
    public: 'public',
    user_id: 'user_id',
    session_id: 'session_id',
    is_root_observation: `toBool(parent_span_id = '' OR is_app_root)`,
  },
  time: {
    completion_start_time: 'completion_start_time',
    created_at: 'created_at',
    updated_at: 'updated_at',
  },
  // Full texts are in events_full; these two groups are read there.
  io: {},
  metadata: {},
  model: {
    provided_model_name: 'provided_model_name',
    internal_model_id: 'model_id',
    model_parameters: 'model_parameters',
  },
  usage: {
    usage_details: 'usage_details',
    cost_details: 'cost_details',
    usage_pricing_tier_id: 'usage_pricing_tier_id',
    usage_pricing_tier_name: 'usage_pricing_tier_name',
  },
  prompt: { prompt_id: 'prompt_id', prompt_name: 'prompt_name', prompt_version: 'prompt_version' },
  metrics: {
    latency: `if(isNull(end_time), NULL, date_diff('millisecond', start_time, end_time))`,
    time_to_first_token: `if(isNull(completion_start_time), NULL, date_diff('millisecond', start_time, completion_start_time))`,
  },
  trace_context: {
    tags: 'tags',
    release: 'release',
    trace_name: `ifNull(COALESCE(nullIf(trace_name, ''), if(parent_span_id = '' OR is_app_root, nullIf(name, ''), NULL)), '')`,
  },
};

/** Columns that a JSON filter may name (packages/shared/src/server/tableMappings/mapEventsTable.ts). */
export const filterColumns: Readonly<Record<string, string>> = {
  id: 'span_id',
  traceId: 'trace_id',
  startTime: 'start_time',
  endTime: 'end_time',
  parentObservationId: 'parent_span_id',
  type: 'type',
  name: 'name',
  level: 'level',
  statusMessage: 'status_message',
  version: 'version',
  release: 'release',
  environment: 'environment',
  userId: 'user_id',
  sessionId: 'session_id',
  tags: 'tags',
  traceTags: 'tags',
  traceName: 'trace_name',
  model: 'provided_model_name',
  providedModelName: 'provided_model_name',
  modelId: 'model_id',
  promptName: 'prompt_name',
  promptVersion: 'prompt_version',
  totalCost: `cost_details['total']`,
  isRootObservation: `parent_span_id = '' OR is_app_root`,
  hasParentObservation: `parent_span_id != ''`,
  ingestionApiKey: 'ingestion_api_key',
  ingestionSdkName: 'ingestion_sdk_name',
  ingestionSdkVersion: 'ingestion_sdk_version',
  ingestionSource: 'source',
};

/** Metadata as a map in which the first of equal names wins. */
export const metadataSql = 'mapFromArrays(arrayReverse(metadata_names), arrayReverse(metadata_values))';

/** The groups that a request names; unknown ones are passed over, none means core and basic. */
export function fieldGroups(query: URLSearchParams): ReadonlySet<EventFieldGroup> {
  const text = query.get('fields');
  if (text === null || text === '') return new Set(['core', 'basic']);
  const named = new Set(text.split(',').map((name) => name.trim()));
  return new Set(groups.filter((group) => group === 'core' || named.has(group)));
}

/** SELECT list over events_core; `t` keeps the table's columns apart from what they are read as. */
export function selectSql(wanted: ReadonlySet<EventFieldGroup>): string {
  const parts = [...wanted].flatMap((group) =>
    Object.entries(columns[group]).map(([alias, sql]) => `${sql} AS r_${alias}`),
  );
  if (wanted.has('metadata')) parts.push(`${metadataSql} AS r_metadata`);
  return parts.join(', ');
}
