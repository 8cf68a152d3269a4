import type { Generation } from '../deployment/model.ts';

const longest = 100;

/**
 * What sign-up has against a name, in words that follow `the name`; null when it takes it.
 * web/src/features/auth/lib/signupSchema.ts
 */
export function nameProblem(name: string, generation: Generation): string | null {
  if (name.trim() === '') return 'is empty';
  if (/<[^<>]*>/.test(name)) return 'holds HTML';
  if (generation === 2) return null;
  if (name.length > longest) return `has more than ${String(longest)} characters`;
  if (/https?:\/\/|www\./i.test(name)) return 'holds a URL';
  return /^\p{L}[\p{L}\p{M}\p{N}\s.'-]*$/u.test(name)
    ? null
    : 'does not begin with a letter, or holds more than letters, digits, spaces, hyphens, apostrophes and full stops';
}

/** A name from an address, `mia.smith@…` → `mia smith`. */
export function nameOf(email: string): string {
  const words = (email.split('@')[0] ?? '').replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return /^\p{L}/u.test(words) ? words : `User ${words}`.trim();
}
