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
  /** That its id stands for. */
  readonly second: Date;
  /** When it was sent, as far as that is known; else that second. */
  readonly at: Date;
  /** When its spans may have come in, where their raw file is not known by name; null where it is, or there is none. */
  readonly exported: { readonly from: Date; readonly minutes: number } | null;
  /** Named and marked by a proxy in between: known by its id alone, which this run has from the proxy's answer. */
  readonly byProxy?: true;
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

/**
 * @param second that the id stands for
 * @param sentAt when it was sent, where that is known better
 */
export function canaryIds(
  projectId: string,
  traceId: string,
  second: Date,
  sentAt: Date = second,
): CanaryIds {
  return {
    projectId,
    traceId,
    generationId: canarySpanId(traceId, 'generation'),
    scoreId: `${traceId}-score`,
    sessionId: `lfctl-${traceId}`,
    second,
    at: sentAt,
    exported: { from: sentAt, minutes: 2 },
  };
}

/** The canary of one way. Ways of one run take different seconds, because a second has one id. */
export function makeCanary(projectId: string, way: Way, second: Date, sentAt: Date = second): Canary {
  const ids = canaryIds(projectId, canaryTraceId(projectId, second), second, sentAt);
  return {
    ...ids,
    way,
    rootId: canarySpanId(ids.traceId, 'root'),
    userId: 'lfctl',
    tags: ['lfctl', 'canary'],
    metadata: { source: 'lfctl validate', way },
  };
}
