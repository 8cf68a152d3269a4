import type { Canary } from '../canary.ts';
import { canaryEnvironment, canaryName } from '../canary.ts';

/** One event of `POST /api/public/ingestion`. */
export interface BatchEvent {
  readonly id: string;
  readonly type: 'trace-create' | 'generation-create' | 'score-create';
  readonly timestamp: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Trace, generation and score as langfuse-js 3.39 sends them (test/fixtures/captures/sdk). Langfuse 2 has no
 * environments and drops the field.
 */
export function jsonEvents(canary: Canary): BatchEvent[] {
  const { traceId, generationId, userId, sessionId, tags, metadata } = canary;
  const timestamp = canary.at.toISOString();
  return [
    event(canary, 'trace-create', {
      id: traceId,
      timestamp,
      name: canaryName,
      userId,
      sessionId,
      tags,
      metadata,
      environment: canaryEnvironment,
    }),
    event(canary, 'generation-create', {
      id: generationId,
      traceId,
      name: canaryName,
      startTime: timestamp,
      endTime: timestamp,
      model: 'lfctl-canary',
      input: 'ping',
      output: 'pong',
      usage: { input: 1, output: 1, unit: 'TOKENS' },
      environment: canaryEnvironment,
    }),
    scoreEvent(canary),
  ];
}

/** The score alone: what Langfuse 4 still takes by JSON. */
export function scoreEvent(canary: Canary): BatchEvent {
  return event(canary, 'score-create', {
    id: canary.scoreId,
    traceId: canary.traceId,
    name: canaryName,
    value: 1,
    dataType: 'NUMERIC',
    environment: canaryEnvironment,
  });
}

function event({ traceId, at }: Canary, type: BatchEvent['type'], body: BatchEvent['body']): BatchEvent {
  return { id: `${traceId}-${type}`, type, timestamp: at.toISOString(), body };
}
