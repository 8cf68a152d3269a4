import type { Span } from './otlp-encode.ts';

/** Spans that wait to be sent, one batch after the other. */
export interface SpanQueue {
  readonly add: (span: Span) => void;
  readonly flush: () => Promise<void>;
}

/** Sends what was added, so long after the first of it. */
export function spanQueue(
  delayMs: number,
  exportBatch: (spans: readonly Span[]) => Promise<void>,
): SpanQueue {
  let pending: Span[] = [];
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = pending;
    pending = [];
    if (batch.length > 0) sending = sending.then(() => exportBatch(batch));
    return sending;
  };
  return {
    add: (span) => {
      pending.push(span);
      timer ??= setTimeout(() => void flush(), delayMs);
    },
    flush,
  };
}
