import { randomBytes, randomUUID } from 'node:crypto';

const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** An id in the look of Prisma's cuid(): `c`, then 24 base-36 characters, the first ones from the time. */
export function cuid(): string {
  const time = new Date().getTime().toString(36);
  const rest = [...randomBytes(24)].map((byte) => letters[byte % 36] ?? '0').join('');
  return `c${time}${rest}`.slice(0, 25);
}

export { randomUUID as uuid };
