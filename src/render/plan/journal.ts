import type { TextStyle } from '../../cli/command.ts';
import type { RunSummary, StepSummary } from '../../plan/journal.ts';
import { cleanText } from '../clean.ts';
import { paint } from '../paint.ts';
import { tableText } from '../table.ts';

type Shown = Omit<RunSummary, 'input'>;

/** All runs, newest first, as blocks: ids and subjects are long, and are copied. */
export function journalText(place: string, runs: readonly Shown[], style: TextStyle): string {
  if (runs.length === 0) return `no changes are journalled in ${place}\n`;
  const ink = paint(style.color);
  return runs
    .map((run) => {
      const what = `${run.operation}: ${cleanText(run.subject)}`;
      return `${ink.bold(run.id)}  ${stateText(run)}\n  ${what}\n  ${run.startedAt} by ${run.who}\n`;
    })
    .join('');
}

/** For TSV. */
export function journalRows(runs: readonly Shown[]): string[][] {
  return runs.map((run) => [run.id, run.startedAt, run.who, run.operation, run.subject, run.state]);
}

/** One run with its steps. */
export function journalRunText(run: Shown, style: TextStyle): string {
  const ink = paint(style.color);
  const head = `${ink.bold(`${run.operation}: ${cleanText(run.subject)}`)}\n${run.who}, ${run.startedAt}, ${stateText(run)}\n`;
  const rows = run.steps.map((step) => [step.state, cleanText(step.text), noteOf(step)]);
  return `${head}${tableText(['state', 'step', ''], rows, style)}`;
}

const noteOf = ({ reason, state, undo }: StepSummary): string => {
  if (reason !== null) return cleanText(reason);
  return state === 'done' && undo === null ? 'cannot be undone' : '';
};

function stateText({ state, steps }: Shown): string {
  const done = steps.filter((step) => step.state === 'done').length;
  switch (state) {
    case 'done':
    case 'undone':
      return state;
    case 'partial':
      return `stopped after ${String(done)} of ${String(steps.length)} steps`;
    case 'open':
      return `open: ${String(done)} of ${String(steps.length)} steps done`;
  }
}
