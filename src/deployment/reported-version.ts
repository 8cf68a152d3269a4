/** The version in a health answer of Langfuse; null in any other body. */
export function reportedVersion(body: string): string | null {
  return /"version"\s*:\s*"v?([\w.+-]+)"/.exec(body)?.[1] ?? null;
}
