import { vi } from 'vitest';
import type { Verdict } from '../../../src/doctor/check.ts';
import type { CollectOptions } from '../../../src/doctor/engine/collect.ts';
import type { Subject } from '../../../src/doctor/engine/evaluate.ts';
import type { AnyCheck, AnyFact, Outcomes } from '../../../src/doctor/engine/types.ts';
import type { FactContext, Outcome } from '../../../src/doctor/fact.ts';

/** A fact that gives its id, unless told otherwise. */
export function fact(
  id: string,
  collect: (context: FactContext) => unknown = () => id,
  more: Partial<AnyFact> = {},
): AnyFact {
  return {
    id,
    needs: [],
    after: [],
    cost: 'read',
    collect: async (context) => await Promise.resolve(collect(context)),
    ...more,
  };
}

export const failed: Extract<Verdict, { status: 'fail' }> = {
  status: 'fail',
  detail: 'broken',
  evidence: [{ source: 's', again: 'a', observed: 'o', expected: 'e' }],
  fix: [{ text: 'mend it', automatic: false }],
};

/** A check of area `config` with the verdict. */
export function check(
  id: string,
  verdict: Verdict | (() => Verdict),
  more: Partial<AnyCheck> = {},
): AnyCheck {
  return {
    id,
    area: 'config',
    title: `${id} is well`,
    why: '',
    severity: 'critical',
    uses: [],
    explains: [],
    evaluate: () => (typeof verdict === 'function' ? verdict() : verdict),
    ...more,
  };
}

export const subject: Subject = {
  generation: 3,
  mode: 'clickhouse',
  version: '3.199.0',
  now: new Date('2026-11-21T03:00:00Z'),
};

export const known = (value: unknown, ms = 5): Outcome<unknown> => ({ status: 'known', value, ms });

export const outcomes = (entries: Readonly<Record<string, Outcome<unknown>>>): Outcomes =>
  new Map(Object.entries(entries));

/** Collection without any port; a fact that asks for one has a bug in its test. */
export function collecting(more: Partial<CollectOptions> = {}): CollectOptions {
  return {
    context: {
      settings: {} as never,
      ports: {} as never,
      access: {} as never,
      deployment: vi.fn(),
      fingerprint: () => 'f',
      now: () => new Date(),
    },
    factTimeoutMs: 5000,
    signal: new AbortController().signal,
    portOf: () => undefined,
    probe: false,
    ...more,
  };
}
