import { LfctlError } from '../../src/errors/error.ts';
import type { ApplyContext } from '../../src/plan/apply.ts';
import type { Journal, JournalEntry } from '../../src/plan/journal.ts';
import { summarize } from '../../src/plan/journal.ts';
import type { RunSummary } from '../../src/plan/journal.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';

/** A journal in memory that can be full. */
export function memoryJournal(): Journal & { readonly lines: Map<string, JournalEntry[]>; full: boolean } {
  const lines = new Map<string, JournalEntry[]>();
  const journal = {
    place: 'memory',
    lines,
    full: false,
    append: async (run: string, entry: JournalEntry) => {
      if (journal.full) throw new LfctlError('JOURNAL', { message: 'no space left on device' });
      lines.set(run, [...(lines.get(run) ?? []), structuredClone(entry)]);
      await Promise.resolve();
    },
    runs: async () => await Promise.resolve([...lines].map(([id, entries]) => ({ id, entries }))),
    drop: async (run: string) => {
      lines.delete(run);
      await Promise.resolve();
    },
  };
  return journal;
}

/** A world of named things that steps make; `break` is called with each step's name before it acts. */
export interface World {
  readonly things: Set<string>;
  readonly log: string[];
  broken: (step: string) => void;
}

export const world = (): World => ({ things: new Set(), log: [], broken: () => undefined });

/** Makes a thing; applied again it finds it. */
export function making(at: World, name: string, more: Partial<Step> = {}): Step {
  return {
    id: `make-${name}`,
    text: `make ${name}`,
    undo: `remove ${name}`,
    intent: { name },
    apply: async () => {
      at.broken(`before ${name}`);
      at.log.push(at.things.has(name) ? `found ${name}` : `made ${name}`);
      at.things.add(name);
      at.broken(`after ${name}`);
      return await Promise.resolve({ name });
    },
    revert: async (record) => {
      at.broken(`undo ${name}`);
      at.log.push(`removed ${(record as { name: string }).name}`);
      at.things.delete(name);
      await Promise.resolve();
    },
    ...more,
  };
}

export const planOf = (steps: readonly Step[], more: Partial<Plan> = {}): Plan => ({
  operation: 'thing make',
  subject: 'three things',
  lock: 'things',
  tier: 'reversible',
  input: { names: steps.map(({ id }) => id) },
  basis: null,
  steps,
  onFailure: 'undo',
  ...more,
});

export const contextOf = (journal: Journal, more: Partial<ApplyContext> = {}): ApplyContext => ({
  journal,
  place: 'memory/things',
  who: 'mia@laptop',
  lfctl: '0.0.0',
  now: () => new Date('2026-11-21T10:11:12Z'),
  progress: () => undefined,
  signal: new AbortController().signal,
  ...more,
});

/** The only run. */
export async function onlyRun(journal: Journal): Promise<RunSummary> {
  const [run] = await journal.runs();
  const summary = run === undefined ? null : summarize(run);
  if (summary === null) throw new Error('no run');
  return summary;
}

export const failing = (message = 'no'): LfctlError => new LfctlError('POSTGRES_FAILED', { message });
