/** Which errors of LiteLLM's log still say something of the present. */
import type { LogLine } from './classify-log.ts';
import type { LogView, PodView } from './views.ts';
import type { LogHit } from './wording.ts';
import { logHits, podsOfPart } from './wording.ts';

/**
 * A trace is given up after three tries of 20 s and the pauses between them (langfuse-python 2, request.py): a call
 * that is so much younger than the last error was traced well, or its own error would be there.
 */
const givenUpMs = 65_000;

/** Web's pods end up to a minute after the next ones are ready: grace, and connections that were kept open. */
const rolloutMs = 60_000;

/** When the newest call was answered well: uvicorn's line of `POST /chat/completions` and its like. */
export function lastCallAt(lines: readonly LogLine[]): string | null {
  return lines.findLast(({ text }) => /"POST \/\S* HTTP\/[\d.]+" 200\b/.test(text))?.at ?? null;
}

/** Errors of the current run of LiteLLM that no later call has outlived, newest first. */
export function liteLlmErrors(logs: readonly LogView[], patterns: readonly string[]): LogHit[] {
  return logHits(logs, patterns).filter(({ view, finding }) => {
    if (view.part !== 'litellm' || view.previous) return false;
    if (finding.at === null || view.lastCallAt == null) return true;
    return Date.parse(view.lastCallAt) - Date.parse(finding.at) < givenUpMs;
  });
}

/** Whether web's newest pod came after an error or just before it: then it is of the time web was away. */
export function isOfRollout({ finding }: LogHit, pods: readonly PodView[]): boolean {
  if (finding.at === null) return false;
  const times = podsOfPart(pods, 'web').map(({ readySince }) =>
    readySince === null ? 0 : Date.parse(readySince),
  );
  return Date.parse(finding.at) < Math.max(0, ...times) + rolloutMs;
}
