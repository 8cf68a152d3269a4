/** Where the data of a generation and mode lives, in one line: https://langfuse.com/self-hosting/upgrade */
import type { Generation, Mode } from './model.ts';

/** What `status` and `env` say of the stores' parts; null while the generation is not known. */
export function storageText(generation: Generation | null, mode: Mode | null): string | null {
  switch (generation) {
    case null:
      return null;
    case 2:
      return 'traces, observations and scores in Postgres';
    case 3:
      return 'traces, observations and scores in ClickHouse, raw events in the object store, jobs in Redis';
    case 4:
      return `${tablesOfFour(mode)}, raw events in the object store, jobs in Redis`;
  }
}

function tablesOfFour(mode: Mode | null): string {
  switch (mode) {
    case 'legacy':
      return "traces and observations in version 3's tables of ClickHouse";
    case 'dual':
      return "traces and observations in version 3's tables of ClickHouse and in events_full and events_core";
    case 'events_only':
      return 'traces and observations in events_full and events_core of ClickHouse';
    case 'postgres':
    case 'clickhouse':
    case null:
      return 'traces and observations in ClickHouse (LANGFUSE_MIGRATION_V4_WRITE_MODE is not known)';
  }
}

/** Stores that a generation has no use for, each with the reason. */
export function unusedStores(generation: Generation | null): ReadonlyMap<string, string> {
  if (generation !== 2) return new Map();
  return new Map([
    ['clickhouse', 'Langfuse 2 keeps traces in Postgres'],
    ['redis', 'Langfuse 2 needs none: it is a cache there, if set'],
    ['eventBucket', 'Langfuse 2 keeps events in Postgres'],
  ]);
}
