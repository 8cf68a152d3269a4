import type { Attribution } from '../langfuse/ingestion.ts';
import type { SpanReading } from '../langfuse/otel-span.ts';
import type { ClickHouseRow } from './clickhouse-writer.ts';
import { priced, type PricedModel } from './observation-row.ts';
import { originColumns } from './staging-row.ts';
import { amounts, counts, storedText, textOrNull } from './values.ts';

/** Where a span came from: its file, and who sent it. */
export interface SpanOrigin {
  readonly projectId: string;
  readonly fileKey: string;
  readonly attribution: Attribution;
}

/**
 * One span as a row of `events_full`. Fields stand in the order of Langfuse's record, and those it leaves undefined
 * are undefined here: `event_bytes` is the length of this row's JSON (createEventRecord, writeEventRecord of
 * worker/src/services/IngestionService).
 */
export function eventRecord(
  span: SpanReading,
  origin: SpanOrigin,
  model: PricedModel | undefined,
): ClickHouseRow {
  const now = Date.now() * 1000;
  const row = {
    id: span.spanId,
    project_id: origin.projectId,
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    ...said(span),
    ...usage(span, model),
    ...content(span),
    source: 'otel',
    ...originColumns(origin.attribution),
    ...instrumentation(span),
    blob_storage_file_path: origin.fileKey,
    ...experiment,
    created_at: now,
    updated_at: now,
    event_ts: now,
    is_deleted: 0,
  };
  return { ...row, event_bytes: Buffer.byteLength(JSON.stringify(row)) };
}

function said(span: SpanReading): object {
  const { trace } = span;
  return {
    name: span.name,
    type: span.type,
    environment: span.environment,
    version: span.version,
    release: span.release,
    tags: trace.tags,
    bookmarked: false,
    public: trace.public ?? false,
    is_app_root: span.isAppRoot,
    trace_name: trace.name ?? null,
    user_id: trace.userId,
    session_id: trace.sessionId,
    level: span.level,
    status_message: span.statusMessage,
    start_time: microseconds(span.start),
    end_time: microseconds(span.end),
    completion_start_time:
      typeof span.completionStart === 'string' ? microseconds(span.completionStart) : null,
    prompt_id: '',
    prompt_name: textOrNull(span.promptName),
    prompt_version: promptVersion(span.promptVersion),
  };
}

/** Rows of 4 always name the tier they were priced by, and keep an empty map where nothing was sent. */
function usage(span: SpanReading, model: PricedModel | undefined): object {
  const sent = { usage: counts(span.usage), cost: amounts(span.cost) };
  const known = priced({ provided_usage_details: sent.usage, provided_cost_details: sent.cost }, model);
  const isPriced = Object.keys({ ...sent.usage, ...sent.cost }).length > 0 || span.model !== undefined;
  return {
    model_id: model?.modelId ?? '',
    provided_model_name: span.model,
    model_parameters: span.modelParameters ?? {},
    provided_usage_details: sent.usage,
    usage_details: known['usage_details'],
    provided_cost_details: sent.cost,
    cost_details: known['cost_details'],
    usage_pricing_tier_id: isPriced ? known['usage_pricing_tier_id'] : undefined,
    usage_pricing_tier_name: isPriced ? known['usage_pricing_tier_name'] : undefined,
  };
}

function content({ input, output, metadata }: SpanReading): object {
  const flat = flattened({ ...metadata.context, ...metadata.observation, ...metadata.trace });
  return {
    tool_definitions: {},
    tool_calls: [],
    tool_call_names: [],
    input: storedText(input) ?? undefined,
    output: storedText(output) ?? undefined,
    metadata_names: flat.map(([name]) => name),
    metadata_values: flat.map(([, value]) => value),
  };
}

function instrumentation({ resource, scope }: SpanReading): object {
  return {
    service_name: resource['service.name'],
    service_version: resource['service.version'],
    scope_name: scope.name,
    scope_version: scope.version,
    telemetry_sdk_language: resource['telemetry.sdk.language'],
    telemetry_sdk_name: resource['telemetry.sdk.name'],
    telemetry_sdk_version: resource['telemetry.sdk.version'],
  };
}

const experiment = {
  experiment_metadata_names: [],
  experiment_metadata_values: [],
  experiment_item_metadata_names: [],
  experiment_item_metadata_values: [],
};

/** Leaves by their path; maps without entries leave nothing. */
function flattened(value: object, prefix = ''): [name: string, text: string][] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) return flattened(item, `${path}.`);
    return [[path, storedText(item) ?? '']];
  });
}

/** ClickHouse's DateTime64(6) as a number; the times of Langfuse have milliseconds. */
function microseconds(iso: string): number {
  return Date.parse(iso) * 1000;
}

function promptVersion(value: unknown): number | undefined {
  const version = Number.parseInt(String(value), 10);
  return Number.isNaN(version) || version < 0 ? undefined : version;
}
