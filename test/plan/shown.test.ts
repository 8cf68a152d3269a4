import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/plan/journal.ts';
import { shownRun } from '../../src/plan/shown.ts';

it('shows a run without the hashes that an undo needs', () => {
  const hash = `$2a$12$${'x'.repeat(53)}`;
  const step = { id: 's', text: 't', undo: 'u', state: 'done', reason: null } as const;
  const record = { email: 'mia@example.com', before: null, after: hash, rows: [{ password: hash }], many: 2 };
  const steps = [{ ...step, record, intent: hash }];
  const shown = shownRun({ id: 'r', input: { secret: 'i' }, steps } as unknown as RunSummary);
  expect(shown.steps[0]).toEqual({
    ...step,
    record: { ...record, after: '[redacted]', rows: [{ password: '[redacted]' }] },
    intent: '[redacted]',
  });
  expect(shown).not.toHaveProperty('input');
});
