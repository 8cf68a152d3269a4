import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './harness.ts';
import { startTestApi, tokens } from './harness.ts';

interface Recorded {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user: 'admin' | 'viewer' | 'unknown';
  readonly compared?: false;
  /** Why the sandbox answers otherwise. */
  readonly differs?: string;
  readonly code: number;
  readonly answer?: Readonly<Record<string, unknown>>;
}

const folder = 'test/fixtures/captures';
const recordings = [
  ['1.34.4', `${folder}/kubernetes/answers-1.34.4.json`],
  ['1.36.3', `${folder}/kubernetes-1.36/answers.json`],
] as const;

/** Leaves out what differs from run to run, as the recording does. */
function normal(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID').replace(/current: \d+$/, 'current: N');
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const own = ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields', 'time', 'continue'];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !own.includes(key))
      .map(([key, each]) => [key, normal(each)]),
  );
}

/** The pod of the recording has no service account: that plugin was off there. */
function withoutAccount(spec: unknown): unknown {
  const { serviceAccount: _old, serviceAccountName: _name, ...rest } = spec as Record<string, unknown>;
  return rest;
}

/** A table without its columns' descriptions, ages and objects, which are compared where they are asked for alone. */
function bareTable(value: unknown): unknown {
  const { columnDefinitions, rows } = value as {
    readonly columnDefinitions: readonly Record<string, unknown>[];
    readonly rows: readonly { readonly cells: readonly unknown[] }[];
  };
  return {
    columns: columnDefinitions.map(({ description: _text, ...rest }) => rest),
    cells: rows.map(({ cells }) =>
      cells.map((cell) => (typeof cell === 'string' ? cell.replace(/^\d+s$/, 'AGE') : cell)),
    ),
  };
}

/** What is compared of an answer, the real one's or the sandbox's. */
function compared(value: unknown): unknown {
  const answer = normal(value) as Readonly<Record<string, unknown>>;
  if (answer['kind'] === 'Table') return bareTable(answer);
  return answer['kind'] === 'Pod' ? { ...answer, spec: withoutAccount(answer['spec']) } : answer;
}

function seen({ text, json }: Answer, expected: Readonly<Record<string, unknown>>): unknown {
  if ('text' in expected) return { text };
  // A watch's one line has its newline; whatever is no JSON object comes as text.
  return Object.fromEntries(Object.keys(expected).map((key) => [key, json[key]]));
}

describe.each(recordings)('a real API server %s', (_version, file) => {
  let requests: readonly Recorded[] = [];
  beforeAll(async () => {
    const read = JSON.parse(await readFile(file, 'utf8')) as { readonly requests: readonly Recorded[] };
    ({ requests } = read);
  });

  it('gave the same answers to the same requests', async () => {
    const { ask } = await startTestApi();
    const token = { admin: tokens.admin, viewer: tokens.viewer, unknown: 'unknown' };
    expect(requests.length).toBeGreaterThan(80);
    for (const { name, method, path, type, body, headers, user, code, answer, ...marks } of requests) {
      const got = await ask(method, path, {
        token: token[user],
        ...(type === undefined ? {} : { type }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined || method === 'GET' ? {} : { body }),
      });
      if (marks.differs !== undefined) continue;
      expect([name, got.code]).toEqual([name, code]);
      if (marks.compared !== false && answer !== undefined)
        expect([name, compared(seen(got, answer))]).toEqual([name, compared(answer)]);
    }
  });
});
