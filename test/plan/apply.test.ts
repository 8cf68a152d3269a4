import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import { applyPlan, undoRun } from '../../src/plan/apply.ts';
import { contextOf, failing, making, memoryJournal, onlyRun, planOf, world } from './world.ts';

const names = ['a', 'b', 'c'];

describe('a plan', () => {
  it('is applied in order, with a line before and after each step', async () => {
    const at = world();
    const journal = memoryJournal();
    const applied = await applyPlan(planOf(names.map((name) => making(at, name))), contextOf(journal));
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok', undone: [], failure: null });
    expect(at.log).toEqual(['made a', 'made b', 'made c']);
    const [lines = []] = journal.lines.values();
    expect(lines.map((line) => [line.event, 'step' in line ? line.step : ''].join(' ').trim())).toEqual([
      'begin',
      'start make-a',
      'done make-a',
      'start make-b',
      'done make-b',
      'start make-c',
      'done make-c',
      'end',
    ]);
    expect(lines[1]).toMatchObject({ intent: { name: 'a' } });
    expect(lines[0]).toMatchObject({
      who: 'mia@laptop',
      operation: 'thing make',
      at: '2026-11-21T10:11:12.000Z',
    });
  });

  it('that fails is taken back, last first, the broken step too', async () => {
    const at = world();
    at.broken = (step) => {
      if (step === 'after b') throw failing('b broke');
    };
    const applied = await applyPlan(
      planOf(names.map((name) => making(at, name))),
      contextOf(memoryJournal()),
    );
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'incomplete', undone: ['make-a', 'make-b'] });
    expect(applied.failure?.message).toBe('b broke');
    expect(applied.steps.map(({ outcome }) => outcome)).toEqual(['undone', 'undone', 'not-started']);
    expect([...at.things]).toEqual([]);
  });

  it('that fails and is kept is partial, whatever stopped it', async () => {
    const at = world();
    at.broken = (step) => {
      if (step === 'before b') throw failing();
    };
    const plan = planOf(
      names.map((name) => making(at, name)),
      { onFailure: 'stop' },
    );
    const applied = await applyPlan(plan, contextOf(memoryJournal()));
    expect(applied).toMatchObject({ outcome: 'partial', exit: 'partial', undone: [] });
    expect(applied.steps.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'not-started']);
  });

  it('changes nothing when the world changed since it was made', async () => {
    const at = world();
    const recheck = async (): Promise<void> =>
      await Promise.reject(new LfctlError('PLAN_STALE', { message: 'somebody was here' }));
    const journal = memoryJournal();
    const applied = await applyPlan(planOf([making(at, 'a', { recheck })]), contextOf(journal));
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'refused' });
    expect(applied.steps).toEqual([{ id: 'make-a', outcome: 'not-started', ms: 0 }]);
    expect(at.log).toEqual([]);
  });

  it('stops at a step that cannot be taken back, and says so', async () => {
    const at = world();
    at.broken = (step) => {
      if (step === 'before c') throw failing();
    };
    const { revert: _revert, ...forever } = making(at, 'b', { undo: null });
    const plan = planOf([making(at, 'a'), forever, making(at, 'c')]);
    const applied = await applyPlan(plan, contextOf(memoryJournal()));
    expect(applied).toMatchObject({ outcome: 'partial', exit: 'partial', undone: ['make-c'] });
    expect([...at.things]).toEqual(['a', 'b']);
  });

  it('that is interrupted is taken back, and ends as the signal says', async () => {
    const at = world();
    const controller = new AbortController();
    at.broken = (step) => {
      if (step === 'after a') controller.abort(new LfctlError('INTERRUPTED', { message: 'Ctrl-C' }));
    };
    const context = contextOf(memoryJournal(), { signal: controller.signal });
    const applied = await applyPlan(planOf(names.map((name) => making(at, name))), context);
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'interrupted', undone: ['make-a'] });
    expect(at.log).toEqual(['made a', 'removed a']);
  });

  it('is taken back when the journal cannot be written any more', async () => {
    const at = world();
    const journal = memoryJournal();
    at.broken = (step) => {
      if (step === 'after b') journal.full = true;
    };
    const applied = await applyPlan(planOf(names.map((name) => making(at, name))), contextOf(journal));
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'incomplete' });
    expect(applied.failure?.code).toBe('JOURNAL');
    expect([...at.things]).toEqual([]);
  });

  it('does nothing without a journal', async () => {
    const at = world();
    const journal = memoryJournal();
    journal.full = true;
    await expect(applyPlan(planOf([making(at, 'a')]), contextOf(journal))).rejects.toMatchObject({
      code: 'JOURNAL',
    });
    expect(at.log).toEqual([]);
  });
});

/** What kill -9 is to a plan: no more code of it runs, its journal and the world stay. */
class Killed extends Error {}

describe('a killed run', () => {
  const moments = names.flatMap((name) => [`before ${name}`, `after ${name}`]);

  it.each(moments)('at "%s" is resumed to the same end', async (moment) => {
    const at = world();
    const journal = memoryJournal();
    const plan = planOf(names.map((name) => making(at, name)));
    at.broken = (step) => {
      if (step === moment) throw new Killed();
    };
    await expect(applyPlan(plan, contextOf(journal))).rejects.toThrow(Killed);
    at.broken = () => undefined;
    const continues = await onlyRun(journal);
    expect(continues.state).toBe('open');
    const applied = await applyPlan(plan, contextOf(journal, { continues }));
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok', run: continues.id });
    expect([...at.things]).toEqual(names);
    expect(at.log.filter((line) => line.startsWith('made'))).toEqual(['made a', 'made b', 'made c']);
    expect((await onlyRun(journal)).state).toBe('done');
  });

  it.each(moments)('at "%s" is undone to nothing', async (moment) => {
    const at = world();
    const journal = memoryJournal();
    const plan = planOf(names.map((name) => making(at, name)));
    at.broken = (step) => {
      if (step === moment) throw new Killed();
    };
    await expect(applyPlan(plan, contextOf(journal))).rejects.toThrow(Killed);
    at.broken = () => undefined;
    const continues = await onlyRun(journal);
    const applied = await undoRun(plan, { ...contextOf(journal), continues });
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'ok' });
    expect([...at.things]).toEqual([]);
  });

  it('that was killed while it was taken back goes on with that', async () => {
    const at = world();
    const journal = memoryJournal();
    const plan = planOf(names.map((name) => making(at, name)));
    at.broken = (step) => {
      if (step === 'after c') throw failing();
      if (step === 'undo b') throw new Killed();
    };
    await expect(applyPlan(plan, contextOf(journal))).rejects.toThrow(Killed);
    at.broken = () => undefined;
    const continues = await onlyRun(journal);
    expect(continues.steps.map(({ state }) => state)).toEqual(['done', 'done', 'undone']);
    const applied = await undoRun(plan, { ...contextOf(journal), continues });
    expect(applied).toMatchObject({ outcome: 'undone' });
    expect([...at.things]).toEqual([]);
    expect(at.log.filter((line) => line === 'removed c')).toHaveLength(1);
  });
});

describe('a finished run', () => {
  it('is undone later from its journal alone', async () => {
    const at = world();
    const journal = memoryJournal();
    const plan = planOf(names.map((name) => making(at, name)));
    await applyPlan(plan, contextOf(journal));
    const applied = await undoRun(plan, { ...contextOf(journal), continues: await onlyRun(journal) });
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'ok', undone: ['make-a', 'make-b', 'make-c'] });
    expect([...at.things]).toEqual([]);
    expect((await onlyRun(journal)).state).toBe('undone');
  });
});
