/**
 * Log files are in the container runtime's format, one line each: time, stream, F(ull), text. Lines without it
 * come from below JavaScript (V8's heap message) and take the time of the line before.
 */
const prefix = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (stdout|stderr) F /;

/** One line of a container's log, as the kubelet keeps it. */
export interface LogLine {
  /** RFC 3339, empty when the file gives none. */
  readonly time: string;
  readonly text: string;
}

/** Reads a line that formatLogLine wrote. */
export function parseLogLine(line: string): LogLine {
  const match = prefix.exec(line);
  if (match === null) return { time: '', text: line };
  return { time: match[1] ?? '', text: line.slice(match[0].length) };
}

/** A line of the CRI log format: time, stream, F, text. */
export function formatLogLine(time: Date, stream: 'stdout' | 'stderr', text: string): string {
  return `${time.toISOString().replace('Z', '000000Z')} ${stream} F ${text}\n`;
}

/** Cuts a stream of writes into lines; what has no end yet waits, and comes at the latest with flush. */
export function lineCutter(onLine: (line: string) => void): {
  write: (text: string) => void;
  flush: () => void;
} {
  let rest = '';
  return {
    write: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    flush: () => {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
