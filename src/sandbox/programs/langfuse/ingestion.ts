import { uuid } from './ids.ts';
import { entityOf, type EntityType, type IngestionEvent } from './events.ts';
import type { Log } from './log.ts';
import type { Objects } from './objects.ts';
import { optionsFor, type Queues } from './queues.ts';
import type { Settings } from './settings.ts';

/** What travels with each job about the key that sent it. */
export interface JobAuth {
  readonly validKey: true;
  readonly scope: Readonly<Record<string, unknown>> & {
    readonly projectId: string;
    readonly apiKeyId?: string;
  };
}

/** Payload of an ingestion-queue job. */
export interface IngestionJob {
  readonly data: {
    readonly type: string;
    readonly eventBodyId: string;
    readonly fileKey: string;
    readonly skipS3List: boolean;
    readonly bucketPrefix: string;
  };
  readonly authCheck: JobAuth;
}

/** What accepting events needs. */
export interface IngestionParts {
  readonly settings: Settings;
  readonly log: Log;
  readonly objects: Objects;
  readonly queues: Queues;
}

interface Group {
  readonly entity: EntityType;
  readonly type: string;
  readonly eventBodyId: string;
  readonly fileKey: string;
  readonly events: IngestionEvent[];
}

/**
 * Puts each entity's events into one S3 file, then one job per entity into the queue; nothing is in ClickHouse yet.
 *
 * @throws Error when S3 or Redis refuses
 */
export async function acceptEvents(
  parts: IngestionParts,
  events: readonly IngestionEvent[],
  auth: JobAuth,
  source: 'api' | 'otel',
): Promise<void> {
  const groups = grouped(events);
  await upload(parts, groups, auth.scope.projectId);
  const queue = await parts.queues.get('ingestion-queue');
  const delayMs = source === 'otel' ? 0 : ingestionDelayMs(parts.settings, new Date());
  await Promise.all(
    groups.map(async (group) => {
      const { type, eventBodyId, fileKey } = group;
      const bucketPrefix = folderOf(parts, group, auth.scope.projectId);
      const data = { type, eventBodyId, fileKey, skipS3List: false, bucketPrefix };
      const options = optionsFor('ingestion-queue', delayMs, baggage(auth, 'POST /api/public/ingestion'));
      await queue.add('ingestion-job', envelope('ingestion-job', { data, authCheck: auth }), options);
    }),
  );
}

function folderOf({ objects }: IngestionParts, group: Group, projectId: string): string {
  return `${objects.prefix}${projectId}/${group.entity}/${group.eventBodyId}/`;
}

async function upload(parts: IngestionParts, groups: readonly Group[], projectId: string): Promise<void> {
  const uploads = await Promise.allSettled(
    groups.map(async (group) => {
      const key = `${folderOf(parts, group, projectId)}${group.fileKey}.json`;
      await parts.objects.uploadJson(key, group.events);
    }),
  );
  if (uploads.every(({ status }) => status === 'fulfilled')) return;
  const error = new Error('Failed to upload events to blob storage, aborting event processing');
  parts.log.error('Failed to upload event to S3', error);
  throw error;
}

/** What every job's data looks like. */
export function envelope(name: string, payload: unknown): object {
  return { id: uuid(), timestamp: new Date().toISOString(), name, payload };
}

/** OpenTelemetry baggage of a request, as it travels in a job's options. */
export function baggage({ scope }: JobAuth, route: string): Record<string, string> {
  return {
    'langfuse.project.id': scope.projectId,
    ...(scope.apiKeyId === undefined ? {} : { 'langfuse.api_key.id': scope.apiKeyId }),
    'langfuse.clickhouse.surface': 'publicapi',
    'langfuse.clickhouse.route': route,
  };
}

/** At most 5 s; the full delay around midnight UTC, where rows of one entity could land on two days. */
function ingestionDelayMs(settings: Settings, now: Date): number {
  const full = settings.number('LANGFUSE_INGESTION_QUEUE_DELAY_MS', 15_000);
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  return minute >= 23 * 60 + 45 || minute <= 15 ? full : Math.min(5000, full);
}

/** One group per entity, creates before updates; the first event names the file. */
function grouped(events: readonly IngestionEvent[]): Group[] {
  const isUpdate = (event: IngestionEvent): number => (event.type.endsWith('-update') ? 1 : 0);
  const sorted = [...events].sort((left, right) => isUpdate(left) - isUpdate(right));
  const groups = new Map<string, Group>();
  for (const event of sorted) {
    const entity = entityOf(event.type) ?? 'sdk_log';
    const key = `${entity}-${event.body.id}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, {
        entity,
        type: event.type,
        eventBodyId: event.body.id,
        fileKey: event.id,
        events: [event],
      });
    else group.events.push(event);
  }
  return [...groups.values()].filter(({ entity }) => entity !== 'sdk_log');
}
