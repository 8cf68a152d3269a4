import type { Way } from '../canary.ts';
import type { Refused } from '../send.ts';

/** How long an SDK waits before its next attempt, in milliseconds; null when it gives up. */
export type Retry = (refused: Pick<Refused, 'status'>, attempts: number) => number | null;

/**
 * What users' SDKs do with a request that was not taken: three more attempts in steps of 3 s with the JSON batch
 * (langfuse-core of langfuse-js 3, `fetchRetryCount` and `fetchRetryDelay`), and five attempts with growing pauses over
 * OpenTelemetry's protocol, but not for a 500 (opentelemetry-js, otlp-exporter-base/src/retrying-transport.ts and
 * is-export-retryable.ts). An error inside a 207 is not tried again.
 */
export const sdkRetry = (way: Way): Retry => (way === 'json' ? batchRetry : exporterRetry);

const batchRetry: Retry = ({ status }, attempts) => {
  const mayPass = status === null || status === 408 || status === 429 || status >= 500;
  return mayPass && attempts <= 3 ? 3000 : null;
};

const exporterRetry: Retry = ({ status }, attempts) => {
  const mayPass = status === null || [429, 502, 503, 504].includes(status);
  return mayPass && attempts < 5 ? Math.min(5000, 1000 * 1.5 ** (attempts - 1)) : null;
};
