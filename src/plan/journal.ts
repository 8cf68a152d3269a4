import { randomBytes } from 'node:crypto';
import { LfctlError } from '../errors/error.ts';
import type { ExitName } from '../errors/exit.ts';
import type { Json } from './json.ts';
import type { PlanView } from './plan.ts';

/** How a run ended. */
export type RunOutcome = 'done' | 'undone' | 'partial';

/** One line of a run. */
export type JournalEvent =
  | {
      readonly event: 'begin';
      readonly operation: string;
      readonly subject: string;
      readonly token: string;
      readonly steps: PlanView['steps'];
      readonly input: Json;
      /** `mia@laptop`. */
      readonly who: string;
      readonly lfctl: string;
    }
  | { readonly event: 'resume'; readonly who: string; readonly lfctl: string }
  | { readonly event: 'start'; readonly step: string; readonly intent?: Json }
  | { readonly event: 'done'; readonly step: string; readonly record: Json; readonly ms: number }
  | { readonly event: 'failed'; readonly step: string; readonly reason: string }
  | { readonly event: 'undone'; readonly step: string }
  | { readonly event: 'end'; readonly outcome: RunOutcome; readonly exit: ExitName };

/** An event with its time, RFC 3339. */
export type JournalEntry = JournalEvent & { readonly at: string };

/** All lines of one run, in order. */
export interface JournalRun {
  /** Sorts by time: `20261121T101112-3f9a0c`. */
  readonly id: string;
  readonly entries: readonly JournalEntry[];
}

/** Where the lines are kept. */
export interface Journal {
  /** For people: `Secrets in namespace langfuse`, a folder. */
  readonly place: string;
  /** Durable when it resolves. @throws LfctlError JOURNAL */
  readonly append: (run: string, entry: JournalEntry) => Promise<void>;
  /** All runs, oldest first. @throws LfctlError JOURNAL */
  readonly runs: () => Promise<JournalRun[]>;
  /** Forgets a run. */
  readonly drop: (run: string) => Promise<void>;
}

/** Undo works as long as its records are kept. */
export const keptMs = 30 * 24 * 3_600_000;

/**
 * Forgets runs that ended longer ago than an undo is offered for; what has not come to its end stays. A journal that
 * refuses is tidied up another time.
 */
export async function dropOld(journal: Journal, now: Date): Promise<void> {
  try {
    for (const run of await journal.runs()) {
      const summary = summarize(run);
      const isOver = summary?.state === 'done' || summary?.state === 'undone';
      if (isOver && now.getTime() - Date.parse(summary.lastAt) > keptMs) await journal.drop(run.id);
    }
  } catch (error) {
    if (!(error instanceof LfctlError)) throw error;
  }
}

/** A new run's id. */
export function newRunId(now: Date): string {
  const second = now.toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  return `${second}-${randomBytes(3).toString('hex')}`;
}

/** State of a run by its lines. `open`: no end was written; it runs now, or was killed. */
type RunState = RunOutcome | 'open';

/** A run with what its lines come to. */
export interface RunSummary {
  readonly id: string;
  readonly operation: string;
  readonly subject: string;
  readonly who: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly lastAt: string;
  readonly state: RunState;
  readonly token: string;
  readonly input: Json;
  readonly steps: readonly StepSummary[];
}

export interface StepSummary {
  readonly id: string;
  readonly text: string;
  readonly undo: string | null;
  readonly state: 'waiting' | 'started' | 'done' | 'failed' | 'undone';
  readonly record: Json | undefined;
  readonly intent: Json | undefined;
  readonly reason: string | null;
}

/** Null for a run whose first line is missing: nothing can be said of it. */
export function summarize({ id, entries }: JournalRun): RunSummary | null {
  const begin = entries.find((entry) => entry.event === 'begin');
  if (begin === undefined) return null;
  const end = entries.findLast((entry) => entry.event === 'end' || entry.event === 'resume');
  const { operation, subject, who, at, token, input } = begin;
  return {
    id,
    operation,
    subject,
    who,
    token,
    input,
    startedAt: at,
    lastAt: entries.at(-1)?.at ?? at,
    state: end?.event === 'end' ? end.outcome : 'open',
    steps: begin.steps.map((step) => summarizeStep(step, entries)),
  };
}

function summarizeStep(step: PlanView['steps'][number], entries: readonly JournalEntry[]): StepSummary {
  const own = entries.filter((entry) => 'step' in entry && entry.step === step.id);
  const last = own.at(-1);
  const done = own.findLast((entry) => entry.event === 'done');
  const started = own.findLast((entry) => entry.event === 'start');
  return {
    ...step,
    state: stateOf(last),
    record: done?.record,
    intent: started?.intent,
    reason: last?.event === 'failed' ? last.reason : null,
  };
}

function stateOf(last: JournalEntry | undefined): StepSummary['state'] {
  switch (last?.event) {
    case 'start':
      return 'started';
    case 'done':
    case 'failed':
    case 'undone':
      return last.event;
    case 'begin':
    case 'resume':
    case 'end':
    case undefined:
      return 'waiting';
  }
}
