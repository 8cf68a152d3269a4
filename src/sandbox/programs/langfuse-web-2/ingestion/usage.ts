import { isRecord } from '../../langfuse/event-check.ts';
import type { SqlRow } from '../../langfuse/postgres.ts';
import type { Model2 } from './model.ts';

/** `usage` of a body in its newer spelling. */
export interface Usage2 {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
  readonly unit: string | undefined;
  readonly inputCost: number | undefined;
  readonly outputCost: number | undefined;
  readonly totalCost: number | undefined;
}

/** Reads `usage`; the OpenAI-like names bring the unit TOKENS with them and no cost. */
export function usageOf(value: unknown): Usage2 {
  const usage = isRecord(value) ? value : {};
  const number = (name: string): number | undefined =>
    typeof usage[name] === 'number' ? usage[name] : undefined;
  const openAi = ['promptTokens', 'completionTokens', 'totalTokens'].some((name) => name in usage);
  if (openAi)
    return {
      input: number('promptTokens'),
      output: number('completionTokens'),
      total: number('totalTokens'),
      unit: 'TOKENS',
      inputCost: undefined,
      outputCost: undefined,
      totalCost: undefined,
    };
  return {
    input: number('input'),
    output: number('output'),
    total: number('total'),
    unit: typeof usage['unit'] === 'string' ? usage['unit'] : undefined,
    inputCost: number('inputCost'),
    outputCost: number('outputCost'),
    totalCost: number('totalCost'),
  };
}

/** What an observation had before this event. */
export interface EarlierUsage extends SqlRow {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly input_cost: string | null;
  readonly output_cost: string | null;
  readonly total_cost: string | null;
}

interface Cost {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
}

/** Total of the usage: given, or the sum of its parts. */
export function totalOf({ input, output, total }: Usage2): number | undefined {
  if (total !== undefined) return total;
  return input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0);
}

/** Costs that were sent, now or before, win over those reckoned from the model's prices. */
export function costOf(usage: Usage2, earlier: EarlierUsage | undefined, model: Model2 | undefined): Cost {
  const sent = {
    input: usage.inputCost ?? amount(earlier?.input_cost),
    output: usage.outputCost ?? amount(earlier?.output_cost),
    total: usage.totalCost ?? amount(earlier?.total_cost),
  };
  if (sent.input || sent.output || sent.total)
    return { ...sent, total: sent.total ?? exact((sent.input ?? 0) + (sent.output ?? 0)) };
  const input = times(usage.input ?? earlier?.prompt_tokens, model?.inputPrice);
  const priced = times(usage.output ?? earlier?.completion_tokens, model?.outputPrice);
  const output = priced ?? (input === undefined ? undefined : 0);
  const total = times(totalOf(usage) || earlier?.total_tokens, model?.totalPrice);
  const sum = input === undefined && output === undefined ? undefined : exact((input ?? 0) + (output ?? 0));
  return { input, output, total: total ?? sum };
}

function amount(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Number(text);
}

function times(units: number | undefined, price: number | undefined): number | undefined {
  return units === undefined || price === undefined ? undefined : exact(units * price);
}

/** Decimal digits without the noise of binary fractions. */
function exact(value: number): number {
  return Number(value.toFixed(12));
}
