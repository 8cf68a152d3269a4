/** Where an event's row goes; also the folder of its S3 key. */
export type EntityType = 'trace' | 'observation' | 'score' | 'sdk_log';

/** An event as it lies in S3. */
export interface IngestionEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly body: EventBody;
}

/** The body of an ingestion event. */
export type EventBody = Readonly<Record<string, unknown>> & { readonly id: string };

const observationTypes: Readonly<Record<string, string>> = {
  'event-create': 'EVENT',
  'span-create': 'SPAN',
  'span-update': 'SPAN',
  'generation-create': 'GENERATION',
  'generation-update': 'GENERATION',
  'agent-create': 'AGENT',
  'tool-create': 'TOOL',
  'chain-create': 'CHAIN',
  'retriever-create': 'RETRIEVER',
  'evaluator-create': 'EVALUATOR',
  'embedding-create': 'EMBEDDING',
  'guardrail-create': 'GUARDRAIL',
  'observation-create': 'SPAN',
  'observation-update': 'SPAN',
};

/** Observation type of an event type; observation-create carries its own. */
export function observationType(event: IngestionEvent): string {
  const own = event.body['type'];
  if (event.type.startsWith('observation-') && typeof own === 'string') return own.toUpperCase();
  return observationTypes[event.type] ?? 'SPAN';
}

/** Undefined for a type Langfuse does not know. */
export function entityOf(type: string): EntityType | undefined {
  if (type === 'trace-create') return 'trace';
  if (type === 'score-create') return 'score';
  if (type === 'sdk-log') return 'sdk_log';
  return type in observationTypes ? 'observation' : undefined;
}

/** Body fields in the order of Langfuse's schemas: what is not named there does not reach S3. */
const fields: Readonly<Record<EntityType, readonly string[]>> = {
  trace:
    'id timestamp name externalId input output sessionId userId environment metadata release version public tags'.split(
      ' ',
    ),
  observation:
    'traceId environment name startTime metadata input output level statusMessage parentObservationId version id endTime completionStartTime model modelParameters usage usageDetails costDetails promptName promptVersion type'.split(
      ' ',
    ),
  score:
    'id name traceId sessionId datasetRunId observationId environment comment metadata source value dataType configId queueId'.split(
      ' ',
    ),
  sdk_log: ['id', 'log'],
};

/** The body with the schema's fields only, in its order. */
export function shaped(entity: EntityType, body: Readonly<Record<string, unknown>>, id: string): EventBody {
  const source: Record<string, unknown> = { ...body, id, ...(entity === 'score' ? { source: 'API' } : {}) };
  if (entity !== 'sdk_log') source['environment'] = environmentOf(body['environment']);
  const kept: Record<string, unknown> = {};
  for (const field of fields[entity]) if (source[field] !== undefined) kept[field] = source[field];
  return { ...kept, id };
}

/** Lower case, no leading "langfuse" with its separator, 40 characters; anything else becomes "default". */
export function environmentOf(value: unknown): string {
  if (typeof value !== 'string') return 'default';
  const text = value
    .toLowerCase()
    .replace(/^(?:langfuse[-_]?)+/, '')
    .slice(0, 40);
  return /^[a-z0-9_-]+$/.test(text) ? text : 'default';
}
