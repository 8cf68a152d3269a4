import type { Check, Verdict } from '../check.ts';
import type { Fact, Outcome } from '../fact.ts';
import type { Generation, Mode } from '../../deployment/model.ts';

/** A fact whose types are of no concern to the engine. */
export type AnyFact = Fact<string, unknown>;

/** A check as the engine sees it: evaluated on whatever its facts gave. */
export interface AnyCheck extends Omit<Check<string, never, never>, 'uses' | 'sees' | 'evaluate'> {
  readonly uses: readonly string[];
  readonly sees?: readonly string[];
  readonly evaluate: (seen: AnySeen) => Verdict;
}

export interface AnySeen {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly outcomes: Readonly<Record<string, Outcome<unknown>>>;
  readonly generation: Generation | null;
  readonly mode: Mode | null;
  readonly version: string | null;
  readonly now: Date;
}

/** Everything that was collected, by fact id. It is what a support bundle holds. */
export type Outcomes = ReadonlyMap<string, Outcome<unknown>>;

/** Forgets a check's types. Sound because the engine hands it exactly the facts it names. */
export function anyCheck(check: unknown): AnyCheck {
  return check as AnyCheck;
}
