import type { Bucket } from '../../tenancy/buckets.ts';
import type { Amount, Holding } from './holding.ts';

/** Keys of one request to remove. */
const batch = 1000;
/** Counting more would take longer than it tells. */
const countAtMost = 100_000;

/** What Langfuse keeps under a project's folder of a bucket. */
export interface Folder {
  readonly id: string;
  readonly title: string;
  readonly bucket: Bucket;
  /** Ends with a slash, so that no other project's id begins with it. */
  readonly prefix: string;
}

/**
 * Folders of a project: entities of JSON events, raw OTLP exports (which Langfuse itself never removes), media
 * (packages/shared/src/server/ingestion/eventBucketPath.ts and web/src/features/media of langfuse/langfuse).
 */
export function foldersOf(
  projectId: string,
  { event, media }: { readonly event: Bucket | null; readonly media: Bucket | null },
): Folder[] {
  const events =
    event === null
      ? []
      : [
          {
            id: 'objects/events',
            title: `raw events in bucket ${event.name}`,
            bucket: event,
            prefix: `${event.prefix}${projectId}/`,
          },
          {
            id: 'objects/otlp',
            title: `raw OTLP files in bucket ${event.name}`,
            bucket: event,
            prefix: `${event.prefix}otel/${projectId}/`,
          },
        ];
  if (media === null) return events;
  return [
    ...events,
    {
      id: 'objects/media',
      title: `media in bucket ${media.name}`,
      bucket: media,
      prefix: `${media.prefix}${projectId}/`,
    },
  ];
}

/** All objects of one folder. */
export function folderHolding({ id, title, bucket: { objects }, prefix }: Folder): Holding {
  return {
    id,
    store: 'objects',
    title,
    count: async () => amountOf((await objects.list(prefix, countAtMost)).length),
    purge: async ({ signal, progress }) => {
      let removed = 0;
      for (;;) {
        signal.throwIfAborted();
        const keys = (await objects.list(prefix, batch)).map(({ key }) => key);
        if (keys.length === 0) return;
        await objects.removeAll(keys);
        removed += keys.length;
        progress(`${title}: ${String(removed)} removed`);
      }
    },
  };
}

const amountOf = (count: number): Amount => ({ count, atLeast: count >= countAtMost });

/** Objects that rows name by their keys; only those that are there are counted. */
export function namedHolding(
  { id, title, bucket: { objects } }: Omit<Folder, 'prefix'>,
  keys: readonly string[],
): Holding {
  const there = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const key of keys) if ((await objects.stat(key)) !== null) found.push(key);
    return found;
  };
  return {
    id,
    store: 'objects',
    title,
    count: async () => amountOf((await there()).length),
    purge: async ({ signal }) => {
      signal.throwIfAborted();
      await objects.removeAll(keys);
    },
  };
}
