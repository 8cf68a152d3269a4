import { observationType, type EventBody } from '../langfuse/events.ts';
import type { EntityPlan, PartialRow } from './merge.ts';
import { amounts, clickHouseTime, counts, storedMetadata, storedText, textOrNull } from './values.ts';

/** How the events of one observation become a row of `observations`, before prices. */
export function observationPlan(projectId: string): EntityPlan {
  return {
    immutable: ['id', 'project_id', 'trace_id', 'start_time', 'created_at', 'environment'],
    fromEvent: (event) => ({
      id: event.body.id,
      trace_id: event.body['traceId'] ?? undefined,
      project_id: projectId,
      environment: event.body['environment'] ?? 'default',
      type: observationType(event),
      parent_observation_id: textOrNull(event.body['parentObservationId']),
      start_time: startTime(event.type, event.body, event.timestamp),
      end_time: clickHouseTime(event.body['endTime']) ?? null,
      name: textOrNull(event.body['name']) ?? undefined,
      metadata: storedMetadata(event.body['metadata']),
      level: event.body['level'] ?? undefined,
      status_message: textOrNull(event.body['statusMessage']),
      version: textOrNull(event.body['version']),
      input: storedText(event.body['input']),
      output: storedText(event.body['output']),
      provided_model_name: textOrNull(event.body['model']),
      model_parameters: storedText(event.body['modelParameters']),
      provided_usage_details: usageOf(event.body),
      provided_cost_details: amounts(event.body['costDetails']),
      completion_start_time: clickHouseTime(event.body['completionStartTime']) ?? null,
      prompt_name: textOrNull(event.body['promptName']),
      prompt_version: typeof event.body['promptVersion'] === 'number' ? event.body['promptVersion'] : null,
    }),
  };
}

/** An update without a start keeps the earlier one; only a create falls back to the event's own time. */
function startTime(type: string, body: EventBody, timestamp: string): string | undefined {
  const given = clickHouseTime(body['startTime']);
  return given ?? (type.endsWith('-update') ? undefined : clickHouseTime(timestamp));
}

/** usageDetails as sent, or the older `usage` in its several spellings, which always gets a total. */
function usageOf(body: EventBody): Record<string, number> {
  const given = counts(body['usageDetails']);
  return Object.keys(given).length > 0 ? given : withSum(olderUsage(body['usage']));
}

function withSum(usage: Readonly<Record<string, number>>): Record<string, number> {
  if (Object.keys(usage).length === 0 || usage['total'] !== undefined) return { ...usage };
  return { ...usage, total: Object.values(usage).reduce((sum, item) => sum + item, 0) };
}

function olderUsage(value: unknown): Record<string, number> {
  const usage = counts(value);
  const pick = (...names: readonly string[]): number | undefined =>
    names.map((name) => usage[name]).find((item) => item !== undefined);
  const parts = {
    input: pick('input', 'promptTokens', 'prompt_tokens'),
    output: pick('output', 'completionTokens', 'completion_tokens'),
    total: pick('total', 'totalTokens', 'total_tokens'),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, item]) => item !== undefined)) as Record<
    string,
    number
  >;
}

/** Model prices by usage type, and the tier they come from. */
export interface PricedModel {
  readonly modelId: string;
  readonly tierId: string | null;
  readonly tierName: string | null;
  readonly prices: Readonly<Record<string, number>>;
}

/** Usage and cost columns: costs that were sent win over the ones reckoned from prices. */
export function priced(row: PartialRow, model: PricedModel | undefined): PartialRow {
  const usage = withSum((row['provided_usage_details'] ?? {}) as Record<string, number>);
  const tier = Object.keys(usage).length > 0 ? model : undefined;
  const sent = (row['provided_cost_details'] ?? {}) as Record<string, number>;
  const cost = Object.keys(sent).length > 0 ? sentCost(sent) : reckoned(usage, model?.prices ?? {});
  return {
    ...row,
    level: row['level'] ?? 'DEFAULT',
    usage_details: usage,
    cost_details: cost,
    total_cost: cost['total'] ?? null,
    internal_model_id: model?.modelId ?? null,
    usage_pricing_tier_id: tier?.tierId ?? null,
    usage_pricing_tier_name: tier?.tierName ?? null,
  };
}

function reckoned(
  usage: Readonly<Record<string, number>>,
  prices: Readonly<Record<string, number>>,
): Record<string, number> {
  const cost: Record<string, number> = {};
  for (const [kind, units] of Object.entries(usage)) {
    const price = prices[kind];
    if (price !== undefined && kind !== 'total') cost[kind] = Number((units * price).toFixed(12));
  }
  return Object.keys(cost).length === 0 ? {} : withTotal(cost);
}

function withTotal(cost: Readonly<Record<string, number>>): Record<string, number> {
  if (cost['total'] !== undefined) return { ...cost };
  return { ...cost, total: Object.values(cost).reduce((sum, item) => sum + item, 0) };
}

/** Costs that were sent get a total where nothing but input and output was. */
function sentCost(sent: Readonly<Record<string, number>>): Record<string, number> {
  return Object.keys(sent).every((kind) => kind === 'input' || kind === 'output')
    ? withTotal(sent)
    : { ...sent };
}
