import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Captured } from './lab.ts';

export interface CapturedCall {
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly keepAlive?: string;
  readonly body?: string;
  readonly error?: string;
}

export interface Capture {
  readonly file: string;
  readonly fault: string;
  readonly env: readonly string[];
  readonly exit: { readonly code: number } | null;
  readonly http: readonly CapturedCall[];
  readonly log: readonly string[];
  readonly queue?: Readonly<Record<string, unknown>> & { readonly job?: Readonly<Record<string, string>> };
}

const captureFolder = (release: Captured): string => join('test/fixtures/captures', `langfuse-${release}`);

export function readCapture(file: string, release: Captured = '3.199.0'): unknown {
  return JSON.parse(readFileSync(join(captureFolder(release), file), 'utf8')) as unknown;
}

/** All captures of a release whose file name begins so. */
export function captures(prefix: string, release: Captured = '3.199.0'): Capture[] {
  return readdirSync(captureFolder(release))
    .filter((file) => file.startsWith(prefix))
    .map((file) => ({ ...(readCapture(file, release) as Capture), file }));
}

/** Lines without what differs from run to run: times, addresses, durations, stack frames, places in scripts. */
export function messages(lines: readonly string[]): Set<string> {
  return new Set(
    lines
      .flatMap((line) => line.split('\n'))
      .filter((line) => line.trim() !== '' && !/^\s+at |\(node:|^Node\.js|parse\.cjs/.test(line))
      .map((line) =>
        line
          .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '')
          .replace(/http:\/\/[\w.]+:\d+/, 'http://HOST')
          .replace(/127(?:\.\d+){3}:\d+/g, 'ADDRESS')
          .replace(/\b\d+ms\b/g, 'Nms')
          .replace(/ script: [0-9a-f]{40}, on @user_script:\d+\./g, '')
          .replace(/Queue job \S+ errored/, 'Queue job QUEUE errored')
          .replace(/with id (repeat:[\w-]+:)?\d+/, 'with id $1N')
          .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
          .replace(/events\/otel\/\S+\.json/, 'FILE')
          // The recording leaves out the statement that ClickHouse quotes.
          .replace(/ in scope .*/, ' in scope')
          // MinIO leaves out the name of AWS
          .replace('The AWS Access Key Id', 'The Access Key Id')
          .replace(/cap-[\w-]+/g, 'CAP')
          .trimEnd(),
      ),
  );
}

/** Keys of a JSON value, all the way down; of a list, those of its first element. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shape(item)]));
}
