import type { Secret } from '../../deployment/secret.ts';

/** Takes secrets out of a text that a server or a library made: as they stand, percent-encoded and in base64. */
export function scrub(text: string, secrets: readonly (Secret | undefined)[]): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret?.reveal() ?? '';
    // Shorter ones would blank ordinary words and are no protection anyway.
    if (value.length < 4) continue;
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
      clean = clean.replaceAll(form, '[redacted]');
  }
  return clean;
}
