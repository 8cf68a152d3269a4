import {
  among,
  filled,
  flag,
  json,
  number,
  record,
  text,
  texts,
  time,
  whole,
  type BodySchema,
} from './fields.ts';

const usageUnits = ['CHARACTERS', 'TOKENS', 'MILLISECONDS', 'SECONDS', 'IMAGES', 'REQUESTS'];

/** What the older and the OpenAI-like spelling of `usage` may hold; usageDetails and costDetails came with version 3. */
export const usageSchema: BodySchema = {
  required: [],
  fields: {
    input: whole,
    output: whole,
    total: whole,
    unit: among(...usageUnits),
    promptTokens: whole,
    completionTokens: whole,
    totalTokens: whole,
    inputCost: number,
    outputCost: number,
    totalCost: number,
  },
};

/** The fields every observation may have. */
const observation = {
  id: filled,
  traceId: text,
  name: text,
  startTime: time,
  metadata: json,
  input: json,
  output: json,
  level: among('DEBUG', 'DEFAULT', 'WARNING', 'ERROR'),
  statusMessage: text,
  parentObservationId: text,
  version: text,
};

const generation = {
  ...observation,
  endTime: time,
  completionStartTime: time,
  model: text,
  modelParameters: record,
  usage: record,
  promptName: text,
  promptVersion: whole,
};

const event: BodySchema = { required: ['id'], fields: observation };
const span: BodySchema = { required: ['id'], fields: { ...observation, endTime: time } };
const generationBody: BodySchema = { required: ['id'], fields: generation };
const { promptName: _name, promptVersion: _version, ...older } = generation;
const olderObservation: BodySchema = {
  required: ['type'],
  fields: { ...older, id: text, type: among('GENERATION', 'SPAN', 'EVENT') },
};

const trace: BodySchema = {
  required: [],
  fields: {
    id: text,
    timestamp: time,
    name: text,
    externalId: text,
    input: json,
    output: json,
    sessionId: text,
    userId: text,
    metadata: json,
    release: text,
    version: text,
    public: flag,
    tags: texts,
  },
};

const score: BodySchema = {
  required: ['name', 'traceId'],
  fields: {
    id: text,
    name: filled,
    traceId: text,
    observationId: text,
    comment: text,
    source: among('ANNOTATION', 'API', 'EVAL'),
    value: json,
    dataType: json,
    configId: text,
  },
};

/** Bodies by event type, in the order that refusals name them (packages/shared/src/server/ingestion/types.ts at v2.95.12). */
export const bodySchemas: Readonly<Record<string, BodySchema>> = {
  'trace-create': trace,
  'score-create': score,
  'event-create': event,
  'span-create': span,
  'span-update': span,
  'generation-create': generationBody,
  'generation-update': generationBody,
  'sdk-log': { required: [], fields: { id: text, log: json } },
  'observation-create': olderObservation,
  'observation-update': olderObservation,
};
