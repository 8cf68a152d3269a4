/**
 * A migration tool that gave up. The message is what the tool prints (Prisma's or golang-migrate's own text),
 * so that the entrypoint of the web stand-in can put it in its log as it is.
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** What a run of a migration tool did. */
export interface Migrated {
  /** How many migrations the version brings. */
  readonly found: number;
  /** How many of them were applied now; 0 when the database was there already. */
  readonly applied: number;
}

/** Runs SQL; rows for one SELECT, anything (nothing) for the rest. */
export type MigrationQuery = (sql: string) => Promise<readonly Record<string, unknown>[] | undefined>;
