import { canarySpanId, canaryTraceId } from './canary-id.ts';

/** How a canary is sent: the JSON batch of older SDKs, or OpenTelemetry's protocol in either encoding. */
export type Way = 'json' | 'otlp-json' | 'otlp-protobuf';

/** What marks a canary's rows beside its id; clean-up asks for both. */
export const canaryName = 'lfctl canary';
export const canaryEnvironment = 'lfctl-canary';

/** The ids of one canary: all follow from that of its trace. */
export interface CanaryIds {
  readonly projectId: string;
  readonly traceId: string;
  readonly generationId: string;
  readonly scoreId: string;
  readonly sessionId: string;
  readonly at: Date;
}

/** One trace with a generation and a score, made to be followed and removed. */
export interface Canary extends CanaryIds {
  readonly way: Way;
  /** The root span of OpenTelemetry ways; the JSON batch has none. */
  readonly rootId: string;
  readonly userId: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

export function canaryIds(projectId: string, traceId: string, at: Date): CanaryIds {
  return {
    projectId,
    traceId,
    generationId: canarySpanId(traceId, 'generation'),
    scoreId: `${traceId}-score`,
    sessionId: `lfctl-${traceId}`,
    at,
  };
}

/** The canary of one way. Ways of one run take different seconds, because a second has one id. */
export function makeCanary(projectId: string, way: Way, at: Date): Canary {
  const ids = canaryIds(projectId, canaryTraceId(projectId, at), at);
  return {
    ...ids,
    way,
    rootId: canarySpanId(ids.traceId, 'root'),
    userId: 'lfctl',
    tags: ['lfctl', 'canary'],
    metadata: { source: 'lfctl validate', way },
  };
}
