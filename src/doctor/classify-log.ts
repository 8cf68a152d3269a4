import type { LogPattern } from './log-patterns.ts';
import { logPatterns } from './log-patterns.ts';
import type { LogFinding } from './views.ts';

/** Lines after a match that are searched for its subject. */
const lookAhead = 14;
const lineLimit = 500;

interface Match {
  readonly pattern: LogPattern;
  readonly line: string;
  readonly subject: string | null;
  readonly at: string | null;
}

/** A line of a log, and when it was written where the kubelet was asked for that. */
export interface LogLine {
  readonly text: string;
  readonly at: string | null;
}

/** Cuts the kubelet's time off each line. */
export function stampedLines(text: string): LogLine[] {
  return text.split('\n').map((line) => {
    const [, at = null, rest = line] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) (.*)$/.exec(line) ?? [];
    return { text: rest, at };
  });
}

/**
 * Groups the known lines of a log: for each pattern and subject the newest line and how many there were.
 * Plain text has the times that its lines begin with, if any.
 */
export function classifyLog(
  log: string | readonly LogLine[],
  redact: (line: string) => string,
): LogFinding[] {
  const stamped = typeof log === 'string' ? log.split('\n').map((text) => ({ text, at: timeOf(text) })) : log;
  const lines = stamped.map(({ text }) => text);
  const groups = new Map<string, { newest: Match; count: number }>();
  let at: string | null = null;
  for (const index of lines.keys()) {
    at = stamped[index]?.at ?? at;
    const match = matchLine(lines, index, at);
    if (match === null) continue;
    const key = `${match.pattern.id}\n${match.subject ?? ''}`;
    groups.set(key, { newest: match, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()].map(({ newest, count }) => ({
    pattern: newest.pattern.id,
    about: newest.pattern.about,
    line: redact(newest.line.trim()).slice(0, lineLimit),
    at: newest.at,
    count,
    subject: newest.subject === null ? null : redact(newest.subject).slice(0, 200),
  }));
}

function matchLine(lines: readonly string[], index: number, at: string | null): Match | null {
  const line = lines[index] ?? '';
  for (const pattern of logPatterns) {
    const found = pattern.line.exec(line);
    if (found === null) continue;
    const subject = found[1] ?? subjectBelow(lines, index, pattern);
    if (pattern.needsBelow === true && subject === null) continue;
    return { pattern, line, subject, at };
  }
  return null;
}

function subjectBelow(lines: readonly string[], index: number, pattern: LogPattern): string | null {
  if (pattern.below === undefined) return null;
  // In the JSON format the whole message stands in one line.
  const same = pattern.below.exec(lines[index] ?? '')?.[1];
  if (same !== undefined) return same;
  for (const line of lines.slice(index + 1, index + 1 + lookAhead)) {
    // The next entry speaks of something else.
    if (timeOf(line) !== null) return null;
    const found = pattern.below.exec(line);
    if (found !== null) return found[1] ?? null;
  }
  return null;
}

/** `2026-11-20T18:33:02.812Z` at the start of a line, or in a JSON one; LiteLLM's `18:33:02` has no date and gives null. */
function timeOf(line: string): string | null {
  return /(?:^|^\{.*"timestamp": ?")(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/.exec(line)?.[1] ?? null;
}
