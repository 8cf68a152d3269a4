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

/** Read from a healthy sandbox by scripts/record-facts.mjs; 4.16.0 in each of its modes. */
const recordings = ['2.95.12', '3.199.0', '4.16.0', '4.16.0-dual', '4.16.0-legacy'] as const;
/** The same with the words of another version: the last of 3, and two that are later than any known. */
const retold = {
  '3.225.4': { from: '3.199.0', postgres: '20260721120000_add_boolean_score_widget_views', clickhouse: 37 },
  '4.99.0': { from: '4.16.0', postgres: '20270101000000_later', clickhouse: 51 },
  '5.0.0': { from: '4.16.0', postgres: '20270601000000_much_later', clickhouse: 60 },
} as const;

export type FactsName = (typeof recordings)[number] | keyof typeof retold;
export const allFactsNames: readonly FactsName[] = [
  ...recordings,
  ...(['3.225.4', '4.99.0', '5.0.0'] as const),
];

const read = (name: string): Recording =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/facts/healthy-${name}.json`, import.meta.url), 'utf8'),
  ) as Recording;

const cache = new Map<FactsName, Recording>();

function recordingOf(name: FactsName): Recording {
  const cached = cache.get(name);
  if (cached !== undefined) return cached;
  const made = name in retold ? retell(name as keyof typeof retold) : read(name);
  cache.set(name, made);
  return made;
}

function retell(version: keyof typeof retold): Recording {
  const { from, postgres, clickhouse } = retold[version];
  const recording = JSON.parse(JSON.stringify(read(from)).replaceAll(from, version)) as Recording;
  const change = (id: string, values: object): void => {
    const outcome = recording.outcomes[id];
    if (outcome?.status === 'known') Object.assign(outcome.value as object, values);
  };
  change('postgres/migrations', { newest: postgres });
  change('clickhouse/migrations', { version: clickhouse });
  return recording;
}

/** One moment for all: when the last of them was read. */
export const recordedAt = new Date(Math.max(...recordings.map((name) => Date.parse(recordingOf(name).at))));
export const recordedFacts = Object.keys(recordingOf('3.199.0').outcomes);

/** Facts of a healthy sandbox, as doctor collected them, with the change applied. */
export function outcomesOf(
  name: FactsName,
  change?: (facts: FactsDraft) => void,
): ReadonlyMap<string, Outcome<unknown>> {
  // Nobody writes into it: a copy of each would be most of the suite's time.
  if (change === undefined) return new Map(Object.entries(recordingOf(name).outcomes));
  const outcomes = structuredClone(recordingOf(name).outcomes);
  const values = Object.fromEntries(
    Object.entries(outcomes).flatMap(([id, outcome]) =>
      outcome.status === 'known' ? [[id, outcome.value]] : [],
    ),
  );
  change(values as unknown as FactsDraft);
  // A change may also bring a fact that was skipped there.
  return new Map(
    Object.entries(outcomes).map(([id, outcome]) => [
      id,
      values[id] === undefined ? outcome : { status: 'known', value: values[id], ms: outcome.ms },
    ]),
  );
}

/** The same of Langfuse 3.199.0. */
export function outcomesWith(change?: (facts: FactsDraft) => void): ReadonlyMap<string, Outcome<unknown>> {
  return outcomesOf('3.199.0', change);
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
