import type { Fix } from './error.ts';
import type { ExitName } from './exit.ts';

/** A documented error: `lfctl explain CODE` and docs/errors.md print it. */
export interface ErrorEntry {
  readonly exit: ExitName;
  /** The situation in a few words. */
  readonly title: string;
  /** What it means and how it comes about: one or two sentences. */
  readonly meaning: string;
  /** Next steps that hold for each occurrence. */
  readonly fixes: readonly Fix[];
}

/** Types a group of entries without widening its keys. */
export function entries<Codes extends string>(group: Record<Codes, ErrorEntry>): Record<Codes, ErrorEntry> {
  return group;
}
