/** Percent-decoding that leaves what it cannot decode. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
