import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/plan/journal.ts';
import { journalRows, journalRunText, journalText } from '../../src/render/plan/journal.ts';
import { planText } from '../../src/render/plan/plan.ts';

const style = { color: false, columns: 80, verbose: false, interactive: false };
const step = { id: 'a', text: 'revoke pk-lf-1', undo: null, record: null, intent: undefined, reason: null };

const run: RunSummary = {
  id: '20261121T101112-3f9a0c',
  operation: 'key revoke',
  subject: 'key pk-lf-1',
  who: 'mia@laptop',
  startedAt: '2026-11-21T10:11:12.000Z',
  lastAt: '2026-11-21T10:11:13.000Z',
  state: 'partial',
  token: '0123456789ab',
  input: {},
  steps: [
    { ...step, state: 'done' },
    {
      ...step,
      id: 'b',
      text: 'restart \u001B[2Jlitellm',
      undo: 'again',
      state: 'failed',
      reason: 'forbidden',
    },
  ],
};

describe('the journal', () => {
  it('shows a run in lines that can be copied', () => {
    expect(journalText('Secrets', [run, { ...run, state: 'open' }, { ...run, state: 'done' }], style)).toBe(
      [
        '20261121T101112-3f9a0c  stopped after 1 of 2 steps',
        '  key revoke: key pk-lf-1',
        '  2026-11-21T10:11:12.000Z by mia@laptop',
        '20261121T101112-3f9a0c  open: 1 of 2 steps done',
        '  key revoke: key pk-lf-1',
        '  2026-11-21T10:11:12.000Z by mia@laptop',
        '20261121T101112-3f9a0c  done',
        '  key revoke: key pk-lf-1',
        '  2026-11-21T10:11:12.000Z by mia@laptop',
        '',
      ].join('\n'),
    );
    expect(journalText('a folder', [], style)).toBe('no changes are journalled in a folder\n');
    expect(journalRows([run])).toEqual([
      [run.id, run.startedAt, 'mia@laptop', 'key revoke', 'key pk-lf-1', 'partial'],
    ]);
  });

  it('shows the steps of a run, and what cannot be undone', () => {
    const text = journalRunText(run, style);
    expect(text).toContain(
      'key revoke: key pk-lf-1\nmia@laptop, 2026-11-21T10:11:12.000Z, stopped after 1 of 2',
    );
    expect(text).toMatch(/done\s+revoke pk-lf-1\s+cannot be undone/);
    expect(text).toMatch(/failed\s+restart litellm\s+forbidden/);
  });
});

describe('a plan', () => {
  const view = {
    operation: 'key revoke',
    subject: 'key pk-lf-1',
    reversible: false,
    notes: ['1 consumer'],
    token: 'abc',
  };

  it.each([
    ['small', 'needs no confirmation'],
    ['reversible', 'confirmed by --yes, or by --confirm abc for exactly this plan'],
    ['large', 'confirmed by --confirm abc, for exactly this plan'],
  ] as const)('that is %s says how it is confirmed', (tier, words) => {
    const text = planText({ ...view, tier, steps: [step] }, style);
    expect(text).toBe(
      `key revoke: key pk-lf-1\n  1. revoke pk-lf-1\n     cannot be undone\n  1 consumer\n${words}\n`,
    );
  });

  it('of nothing needs no word', () => {
    expect(planText({ ...view, tier: 'large', steps: [], notes: [] }, style)).toBe(
      'key revoke: key pk-lf-1\n  nothing to do\n',
    );
  });
});
