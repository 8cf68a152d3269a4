import type { LfctlError } from '../errors/error.ts';
import { paint } from './paint.ts';

/** An error for people: what happened, the next steps, and where to read more. */
export function errorText(error: LfctlError, color: boolean): string {
  const ink = paint(color);
  const lines = [`${ink.red.bold('error:')} ${error.message}`];
  for (const { text, command } of error.fixes) {
    lines.push(`  ${text}${command === undefined ? '' : ':'}`);
    if (command !== undefined) lines.push(`    ${ink.cyan(command)}`);
  }
  if (error.code !== 'USAGE') lines.push(ink.dim(`(${error.code}; lfctl explain ${error.code})`));
  return `${lines.join('\n')}\n`;
}
