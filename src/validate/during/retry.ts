import type { Way } from '../canary.ts';
import type { Refused } from '../send.ts';

/** How an attempt went, and how long ago the first one began. */
interface Attempt extends Pick<Refused, 'status'> {
  readonly attempts: number;
  readonly sinceMs: number;
}

/** How long an SDK waits before its next attempt, in milliseconds; null when it gives up. */
export type Retry = (attempt: Attempt) => number | null;

/**
 * What users' SDKs do with a request that was not taken: three more attempts in steps of 3 s with the JSON batch
 * (langfuse-core of langfuse-js 3, `fetchRetryCount` and `fetchRetryDelay`), and attempts with growing pauses for 10 s
 * over OpenTelemetry's protocol, but not after a 500 (opentelemetry-js,
 * experimental/packages/otlp-exporter-base/src/retrying-transport.ts and is-export-retryable.ts). An error inside a
 * 207 is not tried again.
 */
export const sdkRetry = (way: Way): Retry => (way === 'json' ? batchRetry : exporterRetry);

const batchRetry: Retry = ({ status, attempts }) => {
  const mayPass = status === null || status === 408 || status === 429 || status >= 500;
  return mayPass && attempts <= 3 ? 3000 : null;
};

/** OTEL_EXPORTER_OTLP_TIMEOUT, for all attempts together. */
const exporterMs = 10_000;

const exporterRetry: Retry = ({ status, attempts, sinceMs }) => {
  const pauseMs = Math.min(5000, 1000 * 1.5 ** (attempts - 1));
  const mayPass = status === null || [429, 502, 503, 504].includes(status);
  return mayPass && sinceMs + pauseMs < exporterMs ? pauseMs : null;
};
