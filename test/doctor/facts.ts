import { readFileSync } from 'node:fs';
import type { Outcome } from '../../src/doctor/fact.ts';
import type { FactValues } from '../../src/doctor/facts/index.gen.ts';

type Writable<Value> = Value extends readonly (infer Item)[]
  ? Writable<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Writable<Value[Key]> }
    : Value;

/** The values of every fact, to be changed by a test. */
export type FactsDraft = { [Id in keyof FactValues]: Writable<FactValues[Id]> };

interface Recording {
  readonly at: string;
  readonly outcomes: Readonly<Record<string, Outcome<unknown>>>;
}

const recording = JSON.parse(
  readFileSync(new URL('../fixtures/facts/healthy-3.199.0.json', import.meta.url), 'utf8'),
) as Recording;

export const recordedAt = new Date(recording.at);
export const recordedFacts = Object.keys(recording.outcomes);

/** Facts of a healthy sandbox on Langfuse 3.199.0, as doctor collected them, with the change applied. */
export function outcomesWith(
  change: (facts: FactsDraft) => void = () => undefined,
): Map<string, Outcome<unknown>> {
  const outcomes = structuredClone(recording.outcomes);
  const values = Object.fromEntries(
    Object.entries(outcomes).flatMap(([id, outcome]) =>
      outcome.status === 'known' ? [[id, outcome.value]] : [],
    ),
  );
  change(values as unknown as FactsDraft);
  return new Map(
    Object.entries(outcomes).map(([id, outcome]) => [
      id,
      outcome.status === 'known' ? { ...outcome, value: values[id] } : outcome,
    ]),
  );
}

/** The same facts with some of them not readable. */
export function withUnknown(
  outcomes: ReadonlyMap<string, Outcome<unknown>>,
  ids: readonly string[],
  code: Extract<Outcome<unknown>, { status: 'unknown' }>['code'] = 'TIMEOUT',
): Map<string, Outcome<unknown>> {
  const changed = new Map(outcomes);
  for (const id of ids) changed.set(id, { status: 'unknown', code, reason: 'timeout 3 s', ms: 3000 });
  return changed;
}
