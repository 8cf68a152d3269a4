import { blobKeySegment } from './blob-key.ts';
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

/** Which key and which SDK sent events: kept with the rows from 4 on. */
export interface Attribution {
  readonly ingestionApiKey: string;
  readonly ingestionSdkName: string;
  readonly ingestionSdkVersion: string;
}

/** Payload of an ingestion-queue job. */
export interface IngestionJob {
  readonly data: Partial<Attribution> & {
    readonly type: string;
    readonly eventBodyId: string;
    readonly fileKey: string;
    readonly skipS3List: boolean;
    readonly bucketPrefix: string;
    /** Whether the row also goes to the staging table; where it is not said, the write mode decides. */
    readonly forwardToEventsTable?: boolean;
  };
  readonly authCheck: JobAuth;
}

/** The request that events came with. */
export interface EventOrigin {
  /** OpenTelemetry baggage of the jobs. */
  readonly baggage: Readonly<Record<string, string>>;
  /** Undefined on 3, whose jobs do not have it. */
  readonly attribution: Attribution | undefined;
  /** Said by the worker alone, when it sends the traces of an export on. */
  readonly forwardToEventsTable?: boolean;
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
  origin: EventOrigin = { baggage: {}, attribution: undefined },
): Promise<void> {
  if (events.length === 0) return;
  const { projectId } = auth.scope;
  const { attribution, forwardToEventsTable } = origin;
  const forward = forwardToEventsTable === undefined ? {} : { forwardToEventsTable };
  const groups = grouped(parts.settings, events);
  await upload(parts, groups, projectId);
  const queue = await parts.queues.get('ingestion-queue');
  const delayMs = ingestionDelayMs(parts.settings, source, new Date());
  await Promise.all(
    groups.map(async (group) => {
      const { type, eventBodyId, fileKey } = group;
      const skipS3List = listIsSkipped(parts.settings, group.entity, source, projectId);
      const bucketPrefix = folderOf(parts, group, projectId);
      const data = { type, eventBodyId, fileKey, skipS3List, ...forward, bucketPrefix, ...attribution };
      const options = optionsFor('ingestion-queue', delayMs, origin.baggage);
      await queue.add('ingestion-job', envelope('ingestion-job', { data, authCheck: auth }), options);
    }),
  );
}

/** Files of a span come one at a time, so the worker need not look for others; a variable says the same of a project. */
function listIsSkipped(
  settings: Settings,
  entity: EntityType,
  source: 'api' | 'otel',
  projectId: string,
): boolean {
  const projects = settings.text('LANGFUSE_SKIP_S3_LIST_FOR_OBSERVATIONS_PROJECT_IDS')?.split(',') ?? [];
  return entity === 'observation' && (source === 'otel' || projects.includes(projectId));
}

function folderOf({ objects, settings }: IngestionParts, group: Group, projectId: string): string {
  const id = blobKeySegment(settings, group.eventBodyId);
  return `${objects.prefix}${projectId}/${group.entity}/${id}/`;
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

/** OpenTelemetry baggage of a request, as it travels in a job's options: what was known first stands first. */
export function baggage(
  { scope }: JobAuth,
  route: string,
  first: 'route' | 'project' = 'route',
): Record<string, string> {
  const key = {
    'langfuse.project.id': scope.projectId,
    ...(scope.apiKeyId === undefined ? {} : { 'langfuse.api_key.id': scope.apiKeyId }),
  };
  const place = { 'langfuse.clickhouse.surface': 'publicapi', 'langfuse.clickhouse.route': route };
  return first === 'route' ? { ...place, ...key } : { ...key, ...place };
}

/**
 * None for spans, at most 5 s for others; the full delay around midnight UTC, where rows of one entity could land on
 * two days.
 */
function ingestionDelayMs(settings: Settings, source: 'api' | 'otel', now: Date): number {
  const full = settings.number('LANGFUSE_INGESTION_QUEUE_DELAY_MS', 15_000);
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  if (minute >= 23 * 60 + 45 || minute <= 15) return full;
  return source === 'otel' ? 0 : Math.min(5000, full);
}

/** Creates before updates, each by time: the order of processing and of the answer's successes. */
export function inOrder(events: readonly IngestionEvent[]): IngestionEvent[] {
  const isUpdate = ({ type }: IngestionEvent): number => (type.endsWith('-update') ? 1 : 0);
  const time = ({ timestamp }: IngestionEvent): number => Date.parse(timestamp);
  return [...events].sort((left, right) => isUpdate(left) - isUpdate(right) || time(left) - time(right));
}

/** One group per entity; the first event names the file. */
function grouped(settings: Settings, events: readonly IngestionEvent[]): Group[] {
  const groups = new Map<string, Group>();
  for (const event of inOrder(events)) {
    const entity = entityOf(event.type) ?? 'sdk_log';
    const key = `${entity}-${event.body.id}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, {
        entity,
        type: event.type,
        eventBodyId: event.body.id,
        fileKey: blobKeySegment(settings, event.id, '.json'),
        events: [event],
      });
    else group.events.push(event);
  }
  return [...groups.values()];
}
