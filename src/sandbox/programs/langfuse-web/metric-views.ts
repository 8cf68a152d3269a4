/** What a metrics query may ask of one view (packages/shared/src/features/query/dataModel.ts). */
export interface MetricView {
  readonly from: string;
  readonly always: readonly string[];
  readonly time: string;
  /** SQL by name. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Ids and the like: only as the top of a list that is cut off. */
  readonly unbounded: readonly string[];
  /** SQL of one row's value by name; texts can only be counted. */
  readonly measures: Readonly<Record<string, { readonly sql: string; readonly kind: 'number' | 'text' }>>;
}

const sumOf = (map: string, word: string): string =>
  `arraySum(mapValues(mapFilter(x -> positionCaseInsensitive(x.1, '${word}') > 0, ${map})))`;
const number = (sql: string) => ({ sql, kind: 'number' }) as const;
const text = (sql: string) => ({ sql, kind: 'text' }) as const;

const observations: MetricView = {
  from: 'events_core',
  always: [],
  time: 'start_time',
  dimensions: {
    id: 'span_id',
    traceId: 'trace_id',
    environment: `nullIf(environment, '')`,
    parentObservationId: `nullIf(parent_span_id, '')`,
    isRootObservation: `toBool(parent_span_id = '' OR is_app_root)`,
    type: 'type',
    name: 'name',
    level: 'level',
    version: `nullIf(version, '')`,
    userId: `nullIf(user_id, '')`,
    sessionId: `nullIf(session_id, '')`,
    tags: 'tags',
    release: `nullIf(release, '')`,
    traceName: `COALESCE(nullIf(trace_name, ''), if(parent_span_id = '' OR is_app_root, nullIf(name, ''), NULL))`,
    providedModelName: `nullIf(provided_model_name, '')`,
    promptName: `nullIf(prompt_name, '')`,
    promptVersion: 'prompt_version',
    startTimeMonth: `formatDateTime(start_time, '%Y-%m')`,
  },
  unbounded: ['id', 'traceId', 'parentObservationId', 'userId', 'sessionId'],
  measures: {
    count: number('1'),
    traceId: text('trace_id'),
    uniqueUserIds: text(`nullIf(user_id, '')`),
    uniqueSessionIds: text(`nullIf(session_id, '')`),
    latency: number(`date_diff('millisecond', start_time, end_time)`),
    inputTokens: number(sumOf('usage_details', 'input')),
    outputTokens: number(sumOf('usage_details', 'output')),
    totalTokens: number(`usage_details['total']`),
    inputCost: number(sumOf('cost_details', 'input')),
    outputCost: number(sumOf('cost_details', 'output')),
    totalCost: number('toNullable(total_cost)'),
    timeToFirstToken: number(`date_diff('millisecond', start_time, completion_start_time)`),
  },
};

const scoreDimensions: MetricView['dimensions'] = {
  id: 'id',
  environment: 'environment',
  name: 'name',
  source: 'source',
  dataType: 'data_type',
  traceId: 'trace_id',
  observationId: 'observation_id',
  sessionId: 'session_id',
  configId: 'config_id',
  timestampMonth: `formatDateTime(timestamp, '%Y-%m')`,
  timestampDay: `formatDateTime(timestamp, '%Y-%m-%d')`,
};

const scores = (dataTypes: string, more: Pick<MetricView, 'dimensions' | 'measures'>): MetricView => ({
  from: 'scores FINAL',
  always: [`data_type IN (${dataTypes})`, 'is_deleted = 0'],
  time: 'timestamp',
  dimensions: { ...scoreDimensions, ...more.dimensions },
  unbounded: ['id', 'traceId', 'observationId', 'sessionId'],
  measures: { count: number('1'), ...more.measures },
});

/** The views of GET /api/public/v2/metrics by name. */
export const metricViews: Readonly<Record<string, MetricView>> = {
  observations,
  'scores-numeric': scores(`'NUMERIC', 'BOOLEAN'`, {
    dimensions: { value: 'value' },
    measures: { value: number('value') },
  }),
  'scores-categorical': scores(`'CATEGORICAL'`, {
    dimensions: { stringValue: 'string_value' },
    measures: {},
  }),
  'scores-boolean': scores(`'BOOLEAN'`, {
    dimensions: { booleanValue: 'value' },
    measures: { value: number('value') },
  }),
};
