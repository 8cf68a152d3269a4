import { randomBytes } from 'node:crypto';

const base = 36;
const letters = 4;
const block = base ** letters;

const padded = (value: number, size: number): string => value.toString(base).padStart(size, '0').slice(-size);

let counter = randomBytes(2).readUInt16BE(0);

/**
 * An id of the form that Prisma's `cuid()` gives: `c`, the time, a counter, a fingerprint, eight random letters.
 * Langfuse's tables have no default for their ids (packages/shared/prisma/schema.prisma in langfuse/langfuse).
 */
export function newCuid(now: Date): string {
  counter = (counter + 1) % block;
  const random = (): string => padded(randomBytes(4).readUInt32BE(0) % block, letters);
  return `c${now.getTime().toString(base)}${padded(counter, letters)}${random()}${random()}${random()}`;
}
