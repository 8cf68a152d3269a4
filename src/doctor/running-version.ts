/** The version that web itself tells: an image's tag says what was asked for, not what has migrated the stores. */
import type { Outcome } from './fact.ts';
import { valueOf } from './fact.ts';
import type { VersionView } from './facts/deployment/version.ts';

/** Null while none answers, or while several versions answer: a rollout. */
export function runningVersion(outcome: Outcome<VersionView>): string | null {
  const version = valueOf(outcome);
  return version?.all.length === 1 ? version.live : null;
}
