import type { Generation } from '../deployment/model.ts';
import type { Secret } from '../deployment/secret.ts';
import { bcryptHash } from '../keys/pair.ts';

/** Cost of web/src/features/auth-credentials/lib/credentialsServerUtils.ts. */
const cost = 12;

const shortest = 8;
/** bcrypt looks at no more bytes: two passwords that differ later are one. */
const longestBytes = 72;

/**
 * What Langfuse has against a password, in words that follow `the password`; null when it takes it.
 * web/src/features/auth/lib/signupSchema.ts, and auth-credentials/types.ts in version 2.
 */
export function passwordProblem(password: string, generation: Generation): string | null {
  if (password.length < shortest) return `has fewer than ${String(shortest)} characters`;
  if (Buffer.byteLength(password) > longestBytes)
    return `has more than ${String(longestBytes)} bytes, and bcrypt leaves out what comes after`;
  // oxlint-disable-next-line no-control-regex -- what a password field of a browser cannot send
  if (/[\u0000-\u001F\u007F]/.test(password))
    return 'has a character that nobody can type into the sign-in form';
  if (generation === 2) return null;
  if (!/[A-Za-z]/.test(password)) return 'has no letter';
  if (!/\d/.test(password)) return 'has no digit';
  return /[^A-Za-z0-9]/.test(password) ? null : 'has no character other than letters and digits';
}

/** As the app hashes it. */
export const hashPassword = async (password: Secret): Promise<string> =>
  await bcryptHash(password.reveal(), cost);
