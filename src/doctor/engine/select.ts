import type { AnyCheck, AnyFact } from './types.ts';

/** `*` stands for any text; an area alone means all of it. */
function matchesPattern(id: string, pattern: string): boolean {
  if (!pattern.includes('/') && !pattern.includes('*')) return id.startsWith(`${pattern}/`);
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(id);
}

/** Checks that --only asks for, less those that --skip names. */
export function selectChecks(
  checks: readonly AnyCheck[],
  only: readonly string[],
  skip: readonly string[],
): AnyCheck[] {
  const named = (check: AnyCheck, patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesPattern(check.id, pattern));
  return checks.filter((check) => (only.length === 0 || named(check, only)) && !named(check, skip));
}

/** Patterns that match no check: a typing error the user must hear of. */
export function unmatchedPatterns(checks: readonly AnyCheck[], patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !checks.some((check) => matchesPattern(check.id, pattern)));
}

/** The facts that these checks use, with all that these come after. */
export function neededFacts(facts: readonly AnyFact[], checks: readonly AnyCheck[]): AnyFact[] {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const needed = new Set<string>();
  const add = (id: string): void => {
    if (needed.has(id)) return;
    needed.add(id);
    for (const earlier of byId.get(id)?.after ?? []) add(earlier);
  };
  for (const check of checks) for (const id of [...check.uses, ...(check.sees ?? [])]) add(id);
  return facts.filter((fact) => needed.has(fact.id));
}
