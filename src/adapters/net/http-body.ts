import type { IncomingMessage } from 'node:http';

/** A body, as far as it was kept. */
export interface Body {
  readonly bytes: Buffer;
  /** True when more came than was kept. */
  readonly truncated: boolean;
}

/**
 * Reads an answer's body: keeps the first `keepBytes`, reads on without keeping up to `readBytes`,
 * and hangs up after that.
 * @throws Node's ECONNRESET when the body ends early
 */
export async function readBody(answer: IncomingMessage, keepBytes: number, readBytes: number): Promise<Body> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let seenBytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    seenBytes += chunk.length;
    if (keptBytes < keepBytes) {
      kept.push(chunk.subarray(0, keepBytes - keptBytes));
      keptBytes = Math.min(keepBytes, seenBytes);
    }
    // Leaving the loop destroys the answer and its connection.
    if (seenBytes > readBytes) break;
  }
  return { bytes: Buffer.concat(kept), truncated: seenBytes > keptBytes };
}
