/** A ClickHouse row as JSONEachRow gives it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** ISO time of ClickHouse's text, in milliseconds however fine the column is. */
export function isoTime(value: unknown): string | null {
  return typeof value === 'string' ? `${value.replace(' ', 'T').replace(/(\.\d{3})\d+$/, '$1')}Z` : null;
}

/** Input, output and metadata values: JSON where it is JSON, text where not. */
export function parsedText(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Metadata with each value parsed. */
export function parsedMetadata(value: unknown): Record<string, unknown> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, item]) => [key, parsedText(item)]));
}

/** The fields of a trace that listing and detail share. */
export function traceShape(row: StoredRow): Record<string, unknown> {
  return {
    id: row['id'],
    projectId: row['project_id'],
    name: row['name'] === '' ? null : row['name'],
    timestamp: isoTime(row['timestamp']),
    environment: row['environment'],
    tags: row['tags'],
    bookmarked: row['bookmarked'],
    release: row['release'],
    version: row['version'],
    userId: row['user_id'],
    sessionId: row['session_id'],
    public: row['public'],
    input: parsedText(row['input']),
    output: parsedText(row['output']),
    metadata: parsedMetadata(row['metadata']),
    createdAt: isoTime(row['created_at']),
    updatedAt: isoTime(row['updated_at']),
  };
}

/** A score as the public API shows it. */
export function scoreShape(row: StoredRow): Record<string, unknown> {
  return {
    id: row['id'],
    projectId: row['project_id'],
    environment: row['environment'],
    name: row['name'],
    value: row['value'],
    source: row['source'],
    authorUserId: row['author_user_id'],
    comment: row['comment'],
    metadata: parsedMetadata(row['metadata']),
    configId: row['config_id'],
    queueId: row['queue_id'],
    executionTraceId: row['execution_trace_id'],
    createdAt: isoTime(row['created_at']),
    updatedAt: isoTime(row['updated_at']),
    timestamp: isoTime(row['timestamp']),
    traceId: row['trace_id'],
    observationId: row['observation_id'],
    ...(row['session_id'] === null ? {} : { sessionId: row['session_id'] }),
    stringValue: row['string_value'],
    dataType: row['data_type'],
  };
}

/** Prices per usage type of the model an observation was reckoned with. */
export type Prices = Readonly<Record<string, number>>;

/** An observation as the public API shows it. */
export function observationShape(row: StoredRow, prices: Prices | undefined): Record<string, unknown> {
  const usage = (row['usage_details'] ?? {}) as Record<string, number>;
  const cost = (row['cost_details'] ?? {}) as Record<string, number>;
  const tokens = { input: usage['input'] ?? 0, output: usage['output'] ?? 0, total: usage['total'] ?? 0 };
  return {
    id: row['id'],
    traceId: row['trace_id'],
    startTime: isoTime(row['start_time']),
    endTime: isoTime(row['end_time']),
    projectId: row['project_id'],
    parentObservationId: row['parent_observation_id'],
    type: row['type'],
    environment: row['environment'],
    name: row['name'] === '' ? null : row['name'],
    level: row['level'],
    statusMessage: row['status_message'],
    version: row['version'],
    createdAt: isoTime(row['created_at']),
    updatedAt: isoTime(row['updated_at']),
    input: parsedText(row['input']),
    output: parsedText(row['output']),
    metadata: parsedMetadata(row['metadata']),
    model: row['provided_model_name'],
    modelParameters: parsedText(row['model_parameters']),
    completionStartTime: isoTime(row['completion_start_time']),
    promptId: row['prompt_id'],
    promptName: row['prompt_name'],
    promptVersion: row['prompt_version'],
    latency: seconds(row['start_time'], row['end_time']),
    timeToFirstToken: seconds(row['start_time'], row['completion_start_time']),
    usageDetails: usage,
    costDetails: cost,
    usagePricingTierId: row['usage_pricing_tier_id'],
    usagePricingTierName: row['usage_pricing_tier_name'],
    inputPrice: prices?.['input'] ?? null,
    outputPrice: prices?.['output'] ?? null,
    totalPrice: prices === undefined ? null : (prices['total'] ?? 0),
    calculatedInputCost: cost['input'] ?? null,
    calculatedOutputCost: cost['output'] ?? null,
    calculatedTotalCost: cost['total'] ?? null,
    unit: 'TOKENS',
    promptTokens: tokens.input,
    completionTokens: tokens.output,
    totalTokens: tokens.total,
    modelId: row['internal_model_id'],
    usage: { unit: 'TOKENS', ...tokens },
  };
}

function seconds(start: unknown, end: unknown): number | null {
  const [from, to] = [isoTime(start), isoTime(end)];
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

/** From the first start to the last end, in seconds. */
export function traceLatency(observations: readonly StoredRow[]): number {
  const starts = observations
    .flatMap((row) => isoTime(row['start_time']) ?? [])
    .map((time) => Date.parse(time));
  const ends = observations.flatMap((row) => isoTime(row['end_time']) ?? isoTime(row['start_time']) ?? []);
  if (starts.length === 0) return 0;
  return (Math.max(...ends.map((time) => Date.parse(time))) - Math.min(...starts)) / 1000;
}

/** Sum of what the observations cost. */
export function totalCost(observations: readonly StoredRow[]): number {
  const sum = observations.reduce((total, row) => total + Number(row['total_cost'] ?? 0), 0);
  return Number(sum.toFixed(12));
}
