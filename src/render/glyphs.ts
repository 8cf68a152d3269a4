import type { Severity } from '../doctor/check.ts';
import type { CheckStatus } from '../doctor/report.ts';
import type { TextStyle } from '../cli/command.ts';
import { paint } from './paint.ts';

type Look = Pick<TextStyle, 'color' | 'ascii'>;

/** Signs that say a state without colour too. Letters of one width where only ASCII can be shown. */
export interface Glyphs {
  readonly ok: string;
  readonly fail: string;
  readonly warning: string;
  readonly info: string;
  readonly unknown: string;
  readonly blocked: string;
  readonly skipped: string;
  readonly leadsTo: string;
  readonly dot: string;
}

const unicode: Glyphs = {
  ok: '✓',
  fail: '✗',
  warning: '▲',
  info: 'ℹ',
  unknown: '?',
  blocked: '⊘',
  skipped: '-',
  leadsTo: '↳',
  dot: '·',
};

const ascii: Glyphs = {
  ok: '+',
  fail: 'x',
  warning: '!',
  info: 'i',
  unknown: '?',
  blocked: '|',
  skipped: '-',
  leadsTo: '>',
  dot: '-',
};

/** The signs that the terminal can show. */
export const glyphs = (look: Look): Glyphs => (look.ascii === true ? ascii : unicode);

/** The sign of a failing check, by how bad it is. */
export function severityGlyph(severity: Severity, look: Look): string {
  const sign = glyphs(look);
  const ink = paint(look.color);
  const signs: Readonly<Record<Severity, string>> = {
    critical: ink.red.bold(sign.fail),
    error: ink.red(sign.fail),
    warning: ink.yellow(sign.warning),
    info: ink.blue(sign.info),
  };
  return signs[severity];
}

/** The sign of a row in a list of checks. */
export function statusGlyph(status: CheckStatus, severity: Severity, look: Look): string {
  const sign = glyphs(look);
  const ink = paint(look.color);
  const signs: Readonly<Record<CheckStatus, string>> = {
    ok: ink.green(sign.ok),
    fail: severityGlyph(severity, look),
    unknown: ink.yellow(sign.unknown),
    blocked: ink.dim(sign.blocked),
    skipped: ink.dim(sign.skipped),
    muted: ink.dim(sign.skipped),
  };
  return signs[status];
}

/** The word of a severity in its colour. */
export function severityWord(severity: Severity, look: Look): string {
  const ink = paint(look.color);
  const words: Readonly<Record<Severity, string>> = {
    critical: ink.red.bold('critical'),
    error: ink.red('error'),
    warning: ink.yellow('warning'),
    info: ink.blue('info'),
  };
  return words[severity];
}
