import type { Outcomes } from '../doctor/engine/types.ts';
import type { FactValues } from '../doctor/facts/index.gen.ts';

/** The value of a fact; null where it is not known. */
export function known<Id extends keyof FactValues>(outcomes: Outcomes, id: Id): FactValues[Id] | null {
  const outcome = outcomes.get(id);
  return outcome?.status === 'known' ? (outcome.value as FactValues[Id]) : null;
}
