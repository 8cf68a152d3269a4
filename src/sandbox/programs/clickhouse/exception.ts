/** A failure as ClickHouse reports it. */
export interface ServerException {
  readonly code: number;
  /** For example UNKNOWN_TABLE. */
  readonly name: string;
  readonly message: string;
}

/** Fails a request the way the server itself does, before or beside the engine. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly exception: ServerException;

  constructor(exception: ServerException) {
    super(exception.message);
    this.exception = exception;
  }
}

/** Takes the engine's words apart: it wraps what a server would say once or twice. */
export function exceptionOf(error: unknown): ServerException {
  if (error instanceof RequestRefused) return error.exception;
  const text = error instanceof Error ? error.message : String(error);
  if (errorCode(error) === 'ENOSPC')
    return { code: 243, name: 'NOT_ENOUGH_SPACE', message: 'No space left on device' };
  const { code, body } = unwrapped(text.replace(/^Query failed: /, ''));
  if (code === null) return { code: 1002, name: 'UNKNOWN_EXCEPTION', message: text };
  return { code, name: lastName(body) ?? 'UNKNOWN_EXCEPTION', message: withoutTail(body) };
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function unwrapped(text: string): { readonly code: number | null; readonly body: string } {
  const match = /^Code: (\d+)\. DB::Exception: ([\s\S]*)$/.exec(text);
  if (match === null) return { code: null, body: text };
  const inner = unwrapped(match[2] ?? '');
  return { code: inner.code ?? Number(match[1]), body: inner.body };
}

function lastName(body: string): string | undefined {
  return [...body.matchAll(/\(([A-Z][A-Z0-9_]{3,})\)/g)].at(-1)?.[1];
}

/** Without names and versions at the end, and without the file that stands for the request's body. */
function withoutTail(body: string): string {
  let message = body;
  for (let shorter = strip(message); shorter !== message; shorter = strip(message)) message = shorter;
  return message
    .replace(/: \(in file\/uri [^)]*\)/g, '')
    .replace(/: While executing File: data for INSERT was parsed from (?:file|query)/g, '')
    .replace(/: data for INSERT was parsed from (?:file|query)/g, '')
    .replace(/\.$/, '')
    .trimEnd();
}

function strip(text: string): string {
  return text
    .trimEnd()
    .replace(/ ?\([A-Z][A-Z0-9_]{3,}\)$/, '')
    .replace(/\.? ?\(version [^)]*\)\.?$/, '');
}

/** The body of an error answer, and the text of an error line in the log. */
export function exceptionText({ code, name, message }: ServerException, version: string): string {
  return `Code: ${code}. DB::Exception: ${message}. (${name}) (version ${version} (official build))`;
}

/** As ClickHouse maps them: src/Server/HTTP/exceptionCodeToHTTPStatus.cpp */
const statusByCode: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [401, [194]],
  [403, [192, 193, 497, 516]],
  [400, [6, 26, 27, 38, 41, 42, 53, 62, 69, 70, 72, 117, 131, 457, 321]],
  [404, [16, 18, 31, 36, 46, 47, 50, 56, 60, 63, 73, 78, 81, 115]],
  [408, [159]],
  [413, [307]],
  [501, [48]],
  [503, [76, 209, 439]],
];

/** The HTTP status that goes with an exception's code. */
export function httpStatus(code: number): number {
  return statusByCode.find(([, codes]) => codes.includes(code))?.[0] ?? 500;
}

/**
 * An exception after the first bytes of an answer, as servers since 25.11 write it: between two marks with the tag of
 * the header X-ClickHouse-Exception-Tag, its length counted with its last newline.
 */
export function exceptionInBody(text: string, tag: string): string {
  const body = `${text}\n`;
  return `\r\n__exception__\r\n${tag}\r\n${body}${Buffer.byteLength(body)} ${tag}\r\n__exception__\r\n`;
}
