import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** First four bytes of every canary's trace id: `lfct`. */
const magic = Buffer.from('lfct', 'latin1');

/**
 * Trace id of a canary, 32 hex digits: four bytes of magic, four bytes of unix time, and eight bytes of HMAC-SHA-256
 * over these under SHA-256('lfctl-canary-v1' ‖ project id). It guards against accidents, not against malice: what does
 * not carry it can never be taken for a canary and removed.
 *
 * @param at second that it stands for; one project has at most one id for each second
 */
export function canaryTraceId(projectId: string, at: Date): string {
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(Math.floor(at.getTime() / 1000));
  const head = Buffer.concat([magic, seconds]);
  return Buffer.concat([head, seal(projectId, head)]).toString('hex');
}

/** The time in the id of a canary of this project; null for any other id. */
export function canaryTime(projectId: string, traceId: string): Date | null {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return null;
  const bytes = Buffer.from(traceId, 'hex');
  const head = bytes.subarray(0, 8);
  if (!head.subarray(0, 4).equals(magic)) return null;
  if (!timingSafeEqual(bytes.subarray(8), seal(projectId, head))) return null;
  return new Date(head.readUInt32BE(4) * 1000);
}

/** Hex prefix that each canary's id begins with, for range queries. */
export const canaryPrefix = magic.toString('hex');

/** A span id of the canary, 16 hex digits: the same for the same trace and purpose. */
export function canarySpanId(traceId: string, purpose: string): string {
  return createHash('sha256').update(`${traceId} ${purpose}`).digest('hex').slice(0, 16);
}

function seal(projectId: string, head: Buffer): Buffer {
  const key = createHash('sha256').update('lfctl-canary-v1').update(projectId).digest();
  return createHmac('sha256', key).update(head).digest().subarray(0, 8);
}
