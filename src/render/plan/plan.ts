import type { TextStyle } from '../../cli/command.ts';
import type { PlanView } from '../../plan/plan.ts';
import { cleanText } from '../clean.ts';
import { paint } from '../paint.ts';

/** What would be done, how each step is undone, and what confirms it. */
export function planText(plan: PlanView, style: TextStyle): string {
  const ink = paint(style.color);
  const { operation, subject, steps, notes, token, tier } = plan;
  const lines = [ink.bold(`${operation}: ${cleanText(subject)}`)];
  if (steps.length === 0) lines.push('  nothing to do');
  for (const [index, { text, undo }] of steps.entries()) {
    lines.push(`  ${String(index + 1)}. ${cleanText(text)}`);
    lines.push(
      `     ${undo === null ? ink.red('cannot be undone') : ink.dim(`undone by: ${cleanText(undo)}`)}`,
    );
  }
  lines.push(...notes.map((note) => `  ${cleanText(note)}`));
  if (steps.length > 0) lines.push(confirmLine(tier, token));
  return `${lines.join('\n')}\n`;
}

function confirmLine(tier: PlanView['tier'], token: string): string {
  switch (tier) {
    case 'small':
      return 'needs no confirmation';
    case 'reversible':
      return `confirmed by --yes, or by --confirm ${token} for exactly this plan`;
    case 'large':
      return `confirmed by --confirm ${token}, for exactly this plan`;
  }
}
