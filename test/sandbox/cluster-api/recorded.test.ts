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
  readonly code: number;
  readonly answer?: Readonly<Record<string, unknown>>;
}

const file = 'test/fixtures/captures/kubernetes/answers-1.34.4.json';

/** Leaves out what differs from run to run, as the recording does. */
function normal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID');
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const own = ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields', 'time'];
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

function seen({ text, json }: Answer, expected: Readonly<Record<string, unknown>>): unknown {
  if ('text' in expected) return { text };
  const own = normal(json) as Record<string, unknown>;
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, own[key]]));
  return picked['kind'] === 'Pod' ? { ...picked, spec: withoutAccount(picked['spec']) } : picked;
}

describe('a real API server 1.34.4', () => {
  let requests: readonly Recorded[] = [];
  beforeAll(async () => {
    const read = JSON.parse(await readFile(file, 'utf8')) as { readonly requests: readonly Recorded[] };
    ({ requests } = read);
  });

  it('gave the same answers to the same requests', async () => {
    const { ask } = await startTestApi();
    const token = { admin: tokens.admin, viewer: tokens.viewer, unknown: 'unknown' };
    expect(requests.length).toBeGreaterThan(80);
    for (const { name, method, path, type, body, headers, user, compared, code, answer } of requests) {
      const got = await ask(method, path, {
        token: token[user],
        ...(type === undefined ? {} : { type }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined || method === 'GET' ? {} : { body }),
      });
      expect([name, got.code]).toEqual([name, code]);
      if (compared !== false && answer !== undefined)
        expect([name, seen(got, answer)]).toEqual([name, answer]);
    }
  });
});
