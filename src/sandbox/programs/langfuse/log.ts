import { format } from 'node:util';

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The container's log in Langfuse's text format: `<ISO time> <level> \t<message>`, stacks on lines of their own. */
export interface Log {
  readonly info: (message: string, detail?: unknown) => void;
  readonly warn: (message: string, detail?: unknown) => void;
  readonly error: (message: string, cause?: unknown) => void;
  /** What console.log would print, without time and level. */
  readonly plain: (...values: readonly unknown[]) => void;
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Makes the log of one process; `LANGFUSE_LOG_LEVEL` cuts below its level. */
export function makeLog(print: (line: string) => void, level: string | undefined): Log {
  const least = rank[asLevel(level)];
  const lines = (text: string): void => text.split('\n').forEach(print);
  const write = (level: LogLevel, message: string): void => {
    if (rank[level] >= least) lines(`${new Date().toISOString()} ${level} \t${message}`);
  };
  return {
    info: (message, detail) => write('info', withDetail(message, detail)),
    warn: (message, detail) => write('warn', withDetail(message, detail)),
    error: (message, cause) =>
      write('error', cause === undefined ? message : `${message}\n${stackOf(cause)}`),
    plain: (...values) => lines(format(...values)),
  };
}

function asLevel(level: string | undefined): LogLevel {
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info';
}

function withDetail(message: string, detail: unknown): string {
  return detail === undefined ? message : `${message} ${JSON.stringify(detail)}`;
}

/** First lines of a stack: enough to recognise it, as the captures show it. */
function stackOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const stack = cause.stack ?? `${cause.name}: ${cause.message}`;
  const head = `${cause.name}: ${cause.message}`;
  const frames = stack.split('\n').filter((line) => /^\s+at .*\(node:/.test(line));
  return [head, ...frames.slice(0, 3)].join('\n');
}

/** Text of anything thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
