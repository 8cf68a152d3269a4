import { isoTime, parsedMetadata, parsedText, type StoredRow } from './shapes.ts';

/** Prices of the model an observation names, as texts without trailing zeros. */
export interface ModelPrices {
  readonly modelId: string;
  readonly inputPrice: string | null;
  readonly outputPrice: string | null;
  readonly totalPrice: string | null;
}

const noPrices = { modelId: null, inputPrice: null, outputPrice: null, totalPrice: null };

/** How a column of the listing is shown: in this order, and only when it was asked for. */
const shown: readonly (readonly [column: string, show: (value: unknown) => Record<string, unknown>])[] = [
  ['id', (id) => ({ id })],
  ['trace_id', (traceId) => ({ traceId })],
  ['start_time', (time) => ({ startTime: isoTime(time) })],
  ['end_time', (time) => ({ endTime: isoTime(time) })],
  ['project_id', (projectId) => ({ projectId })],
  ['parent_observation_id', (parent) => ({ parentObservationId: parent === '' ? null : parent })],
  ['type', (type) => ({ type })],
  ['name', (name) => ({ name })],
  ['level', (level) => ({ level })],
  ['status_message', (statusMessage) => ({ statusMessage })],
  ['version', (version) => ({ version })],
  ['environment', (environment) => ({ environment })],
  ['completion_start_time', (time) => ({ completionStartTime: isoTime(time) })],
  ['created_at', (time) => ({ createdAt: isoTime(time) })],
  ['updated_at', (time) => ({ updatedAt: isoTime(time) })],
  ['input', (input) => ({ input: orNull(input) })],
  ['output', (output) => ({ output: orNull(output) })],
  ['metadata', (metadata) => ({ metadata: parsedMetadata(metadata) })],
  ['provided_model_name', (model) => ({ model })],
  ['internal_model_id', (internalModelId) => ({ internalModelId })],
  ['model_parameters', (text) => ({ modelParameters: text === '' ? null : parsedText(text) })],
  ['usage_details', usageShape],
  ['cost_details', costShape],
  ['prompt_id', (promptId) => ({ promptId })],
  ['prompt_name', (promptName) => ({ promptName })],
  ['prompt_version', (promptVersion) => ({ promptVersion })],
  ['usage_pricing_tier_id', (usagePricingTierId) => ({ usagePricingTierId })],
  ['usage_pricing_tier_name', (usagePricingTierName) => ({ usagePricingTierName })],
];

const shownLast: typeof shown = [
  ['user_id', (userId) => ({ userId })],
  ['session_id', (sessionId) => ({ sessionId })],
  ['is_root_observation', (isRootObservation) => ({ isRootObservation })],
  ['trace_name', (name) => ({ traceName: orNull(name) })],
  ['release', (release) => ({ release })],
  ['tags', (tags) => ({ tags })],
  ['bookmarked', (bookmarked) => ({ bookmarked })],
  ['public', (isPublic) => ({ public: isPublic })],
];

/** A span as GET /api/public/v2/observations shows it (pipeline.json of 4.16.0). */
export function eventShape(row: StoredRow, prices: ModelPrices | undefined): Record<string, unknown> {
  return { ...part(row, shown), ...durations(row), ...part(row, shownLast), ...(prices ?? noPrices) };
}

function part(row: StoredRow, fields: typeof shown): Record<string, unknown> {
  const parts = fields.flatMap(([column, show]) => (column in row ? [show(row[column])] : []));
  return Object.assign({}, ...parts) as Record<string, unknown>;
}

const orNull = (text: unknown): unknown => (text === '' ? null : text);

/** In seconds; asked for as metrics they come in milliseconds, and then none is shown for no time at all. */
function durations(row: StoredRow): Record<string, unknown> {
  const asked = (value: unknown): number | null => (Number(value) > 0 ? Number(value) / 1000 : null);
  const between = (end: unknown): number | null => {
    const [from, to] = [isoTime(row['start_time']), isoTime(end)];
    return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
  };
  return {
    latency: 'latency' in row ? asked(row['latency']) : between(row['end_time']),
    timeToFirstToken:
      'time_to_first_token' in row
        ? asked(row['time_to_first_token'])
        : between(row['completion_start_time']),
  };
}

function usageShape(value: unknown): Record<string, unknown> {
  const { input, output, total } = sums(value);
  return { usageDetails: value, inputUsage: input ?? 0, outputUsage: output ?? 0, totalUsage: total };
}

function costShape(value: unknown): Record<string, unknown> {
  const { input, output, total } = sums(value);
  return { costDetails: value, inputCost: input, outputCost: output, totalCost: total };
}

/** All kinds whose name has "input" or "output" in it; the total stands by itself. */
function sums(value: unknown): { input: number | null; output: number | null; total: number } {
  const details = Object.entries((value ?? {}) as Readonly<Record<string, number>>);
  const sum = (word: string): number | null => {
    const own = details.filter(([name]) => name.includes(word));
    return own.length === 0 ? null : own.reduce((total, [, count]) => total + count, 0);
  };
  const total = details.find(([name]) => name === 'total')?.[1] ?? 0;
  return { input: sum('input'), output: sum('output'), total };
}
