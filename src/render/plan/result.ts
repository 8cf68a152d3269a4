import type { TextStyle } from '../../cli/command.ts';
import type { LfctlError } from '../../errors/error.ts';
import type { Applied, StepReport } from '../../plan/apply.ts';
import type { PlanView } from '../../plan/plan.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { glyphs } from '../glyphs.ts';
import { paint } from '../paint.ts';

/** What `Result` shows. */
export interface ResultWords {
  readonly plan: PlanView;
  readonly run: string;
  readonly outcome: Applied['outcome'];
  readonly steps: readonly StepReport[];
  readonly failure: LfctlError | null;
  readonly resume: string | null;
}

/** What was done, what was taken back, why it stopped, and how to go on. */
export function resultText(
  { plan, run, outcome, steps, failure, resume }: ResultWords,
  style: TextStyle,
): string {
  const ink = paint(style.color);
  const textOf = new Map(plan.steps.map(({ id, text }) => [id, text]));
  const lines = steps.map(
    (step) => `${stepGlyph(step, style)} ${cleanText(textOf.get(step.id) ?? step.id)}${tookText(step)}`,
  );
  if (plan.steps.length === 0) lines.push(`${plan.operation}: nothing to do`);
  lines.push(...plan.notes.map((note) => cleanText(note)));
  if (failure !== null) {
    const left = { done: 'done', undone: 'nothing of it is left', partial: 'stopped half-way' }[outcome];
    lines.push(`${ink.red.bold(left)}: ${cleanText(failure.message)} (${failure.code})`);
    lines.push(
      ...failure.fixes.map(({ text, command }) => `  ${text}${command === undefined ? '' : `: ${command}`}`),
    );
  }
  if (resume !== null) lines.push(`go on with it: ${resume}`);
  if (outcome === 'partial') lines.push(`what was done: lfctl journal show ${run}`);
  return `${lines.join('\n')}\n`;
}

function stepGlyph({ outcome }: StepReport, style: TextStyle): string {
  const sign = glyphs(style);
  const ink = paint(style.color);
  switch (outcome) {
    case 'done':
      return ink.green(sign.ok);
    case 'already-done':
      return ink.dim(sign.ok);
    case 'failed':
      return ink.red(sign.fail);
    case 'undone':
      return ink.yellow(sign.leadsTo);
    case 'not-started':
      return ink.dim(sign.skipped);
  }
}

function tookText({ outcome, ms }: StepReport): string {
  switch (outcome) {
    case 'done':
    case 'failed':
      return ` (${millisecondsText(ms)})`;
    case 'undone':
      return ' (undone)';
    case 'already-done':
      return ' (was done before)';
    case 'not-started':
      return ' (not started)';
  }
}
