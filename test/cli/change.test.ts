import { describe, expect, it } from 'vitest';
import { change, undo, type ChangeContext, type ChangePlace, type Presenting } from '../../src/cli/change.ts';
import type { CommandResult } from '../../src/cli/command.ts';
import type { WriterValues } from '../../src/cli/globals.ts';
import type { Asker, Services } from '../../src/cli/services.ts';
import { envelope } from '../../src/render/envelope.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { viewPlan } from '../../src/plan/plan.ts';
import { failing, making, memoryJournal, onlyRun, planOf, world, type World } from '../plan/world.ts';
import { memoryKube } from '../support/memory-kube.ts';
import { problemsOf } from './schemas.ts';

const style = { color: false, columns: 80, verbose: false, interactive: false };
const noFlags = { dryRun: false, yes: false, confirm: undefined, unverifiedVersion: false } as const;

/** What a command's run hands on, without a process around it. */
function contextOf(
  flags: Partial<WriterValues> = {},
  ask?: Partial<Asker>,
): ChangeContext & { notes: string[] } {
  const notes: string[] = [];
  const unused = (): never => {
    throw new Error('not asked for');
  };
  const services = {
    actor: 'mia@laptop',
    now: () => new Date('2026-11-21T10:11:12Z'),
    terminal: {
      interactive: ask !== undefined,
      progress: () => undefined,
      note: (text: string) => notes.push(text),
      readInput: unused,
    },
    ...(ask === undefined ? {} : { ask: { select: unused, input: unused, confirm: unused, ...ask } }),
  } as unknown as Services;
  return { services, signal: new AbortController().signal, options: { ...noFlags, ...flags }, notes };
}

const placeOf = (
  kube = memoryKube(),
): ChangePlace & { readonly journal: ReturnType<typeof memoryJournal> } => ({
  id: 'memory/prod',
  name: 'prod',
  journal: memoryJournal(),
  locks: {
    kube: { port: kube, namespace: 'langfuse', release: 'prod' },
    postgres: null,
    deployment: 'prod',
  },
});

const presenting: Presenting = { resume: 'lfctl thing make --resume' };
const twoThings = (at: World, more: Partial<Plan> = {}): Plan =>
  planOf([making(at, 'a'), making(at, 'b')], more);
const textOf = (result: CommandResult): string => result.text?.(style) ?? '';
const document = (result: CommandResult): unknown =>
  envelope(result, '0.0.0', new Date('2026-11-21T10:11:12Z'));

describe('a change', () => {
  it('is shown and not made by a dry run', async () => {
    const at = world();
    const place = placeOf();
    const result = await change(contextOf({ dryRun: true }), place, twoThings(at), presenting);
    expect(result).toMatchObject({
      kind: 'Plan',
      exit: 'ok',
      data: { reversible: true, tier: 'reversible' },
    });
    expect(await problemsOf(document(result))).toBeNull();
    const { token } = viewPlan(twoThings(at), place.id);
    expect(textOf(result)).toBe(
      [
        'thing make: three things',
        '  1. make a',
        '     undone by: remove a',
        '  2. make b',
        '     undone by: remove b',
        `confirmed by --yes, or by --confirm ${token} for exactly this plan`,
        '',
      ].join('\n'),
    );
    expect(at.log).toEqual([]);
    expect(await place.journal.runs()).toEqual([]);
  });

  it('goes on by --yes, and tells its steps', async () => {
    const at = world();
    const result = await change(contextOf({ yes: true }), placeOf(), twoThings(at), {
      ...presenting,
      more: () => ({ things: 2 }),
      text: () => 'two things are there\n',
    });
    expect(result).toMatchObject({ kind: 'Result', exit: 'ok', data: { outcome: 'done', things: 2 } });
    expect(await problemsOf(document(result))).toBeNull();
    expect(textOf(result)).toMatch(/^✓ make a \(.*\)\n✓ make b \(.*\)\n\ntwo things are there\n$/);
  });

  it.each(['reversible', 'large'] as const)(
    'that is %s is refused where nobody can be asked',
    async (tier) => {
      const at = world();
      const place = placeOf();
      const refused = change(contextOf(), place, twoThings(at, { tier }), presenting);
      await expect(refused).rejects.toMatchObject({ code: 'CONFIRM_NEEDED', exit: 'refused' });
      expect(at.log).toEqual([]);
      expect(await place.journal.runs()).toEqual([]);
    },
  );

  it('that is small needs no word', async () => {
    const at = world();
    await change(contextOf(), placeOf(), twoThings(at, { tier: 'small' }), presenting);
    expect([...at.things]).toEqual(['a', 'b']);
  });

  it('that is large is not confirmed by --yes, but by the token of exactly this plan', async () => {
    const at = world();
    const place = placeOf();
    const plan = twoThings(at, { tier: 'large', basis: { rows: 3 } });
    await expect(change(contextOf({ yes: true }), place, plan, presenting)).rejects.toMatchObject({
      code: 'CONFIRM_NEEDED',
    });
    const { token } = viewPlan({ ...plan, basis: { rows: 4 } }, place.id);
    await expect(change(contextOf({ confirm: token }), place, plan, presenting)).rejects.toMatchObject({
      code: 'CONFIRM_MISMATCH',
      exit: 'refused',
    });
    expect(at.log).toEqual([]);
    await change(contextOf({ confirm: viewPlan(plan, place.id).token }), place, plan, presenting);
    expect([...at.things]).toEqual(['a', 'b']);
  });

  it('that is large is confirmed by the typed name alone', async () => {
    const at = world();
    const plan = twoThings(at, { tier: 'large' });
    const typing = (answer: string) => contextOf({}, { input: () => Promise.resolve(answer) });
    const wrong = typing('yes');
    await expect(change(wrong, placeOf(), plan, presenting)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(wrong.notes.join()).toContain('1. make a');
    expect(at.log).toEqual([]);
    await change(typing('prod'), placeOf(), plan, presenting);
    expect([...at.things]).toEqual(['a', 'b']);
  });

  it('of nothing is done without a word', async () => {
    const place = placeOf();
    const result = await change(contextOf(), place, planOf([]), presenting);
    expect(result).toMatchObject({ exit: 'ok', data: { outcome: 'done', steps: [] } });
    expect(await problemsOf(document(result))).toBeNull();
    expect(textOf(result)).toBe('thing make: nothing to do\n');
    expect(await place.journal.runs()).toEqual([]);
  });

  it('that stops half-way says what to do, is resumed, and is undone', async () => {
    const at = world();
    const place = placeOf();
    at.broken = (step) => {
      if (step === 'before b') throw failing('b broke');
    };
    const plan = twoThings(at, { onFailure: 'stop' });
    const stopped = await change(contextOf({ yes: true }), place, plan, presenting);
    expect(stopped).toMatchObject({ exit: 'partial', data: { resume: 'lfctl thing make --resume' } });
    expect(await problemsOf(document(stopped))).toBeNull();
    const run = await onlyRun(place.journal);
    expect(textOf(stopped)).toContain('stopped half-way: b broke (POSTGRES_FAILED)');
    expect(textOf(stopped)).toContain(`lfctl journal show ${run.id}`);
    at.broken = () => undefined;
    const resumed = await change(contextOf({ yes: true }), place, plan, presenting, run);
    expect(textOf(resumed)).toMatch(/^✓ make a \(was done before\)\n✓ make b/);
    const late = change(contextOf({ yes: true }), place, plan, presenting, run);
    await expect(late, 'another process went on with it').rejects.toMatchObject({ code: 'PLAN_STALE' });
    await expect(undo(contextOf({ yes: true }), place, plan, run, presenting)).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
    const shown = await undo(contextOf({ dryRun: true }), place, plan, run, presenting);
    expect(textOf(shown)).toMatch(/^thing make --undo: three things\n  1\. remove b\n.*\n  2\. remove a\n/);
    const undone = await undo(
      contextOf({ yes: true }),
      place,
      plan,
      await onlyRun(place.journal),
      presenting,
    );
    expect(undone).toMatchObject({ exit: 'ok', data: { outcome: 'undone', undone: ['make-a', 'make-b'] } });
    expect(await problemsOf(document(undone))).toBeNull();
    expect([...at.things]).toEqual([]);
  });

  it('holds its lock while it works, and not after', async () => {
    const at = world();
    const kube = memoryKube();
    const holders: unknown[] = [];
    const look = (): void => void holders.push([...kube.objects.values()]);
    const held = making(at, 'a', {
      apply: async () => {
        look();
        return await Promise.resolve(null);
      },
    });
    await change(contextOf({ yes: true }), placeOf(kube), planOf([held]), presenting);
    look();
    expect(holders).toMatchObject([
      [{ spec: { holderIdentity: 'mia@laptop' } }],
      [{ spec: { leaseTransitions: 1 } }],
    ]);
    expect(holders[1]).not.toMatchObject([{ spec: { holderIdentity: 'mia@laptop' } }]);
  });

  it('is not begun without a lock', async () => {
    const at = world();
    const place = { ...placeOf(), locks: { kube: null, postgres: null, deployment: 'prod' } };
    await expect(change(contextOf({ yes: true }), place, twoThings(at), presenting)).rejects.toMatchObject({
      code: 'LOCK_UNAVAILABLE',
    });
    expect(at.log).toEqual([]);
  });
});
