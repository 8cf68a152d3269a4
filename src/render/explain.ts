import type { Explanation } from '../cli/explain.ts';
import type { TextStyle } from '../cli/command.ts';
import { wrapText } from '../cli/layout.ts';
import { paint } from './paint.ts';
import { keyValueText } from './table.ts';

/** One explanation for people. */
export function explanationText(explanation: Explanation, style: TextStyle): string {
  const { id, type, title, text, facts, fixes, related } = explanation;
  const ink = paint(style.color);
  const pairs = facts.map(({ name, value }) => [name, value] as const);
  return [
    `${ink.bold(id)} (${type})\n${wrapText(title, style.columns, '')}`,
    type === 'topic' ? `${text}\n` : wrapText(text, style.columns, ''),
    pairs.length === 0 ? '' : keyValueText(pairs, style),
    fixes.map((fix) => stepText(fix, style)).join(''),
    related.length === 0 ? '' : wrapText(`See also: ${related.join(', ')}`, style.columns, ''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function stepText(fix: Explanation['fixes'][number], style: TextStyle): string {
  const command = fix.command === undefined ? '' : `    ${paint(style.color).cyan(fix.command)}\n`;
  return `${wrapText(fix.text, style.columns, '  ')}${command}`;
}
