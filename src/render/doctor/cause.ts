import type { TextStyle } from '../../cli/command.ts';
import { wrapText } from '../../cli/layout.ts';
import type { Evidence, FindingFix } from '../../doctor/check.ts';
import type { Cause } from '../../doctor/report.ts';
import { cleanText } from '../clean.ts';
import { glyphs, severityGlyph, severityWord } from '../glyphs.ts';
import { paint } from '../paint.ts';

/** One cause: what, how it shows, what to do, what it accounts for. */
export function causeText(cause: Cause, style: TextStyle): string {
  return [
    titleLine(cause, style),
    wrapText(cleanText(cause.detail), style.columns, '    '),
    ...cause.evidence.map((evidence) => evidenceText(evidence, style)),
    ...cause.fix.map((fix) => fixText(fix, style)),
    explainsText(cause.explains, style),
  ].join('');
}

/** `✗ redis/reachable  critical, since …`. */
function titleLine(cause: Cause, style: TextStyle): string {
  const ink = paint(style.color);
  const facts = [
    severityWord(cause.severity, style),
    cause.confidence < 1 ? `${String(Math.round(cause.confidence * 100))} % sure` : null,
    cause.since === undefined ? null : `since ${cause.since}`,
  ].filter((fact) => fact !== null);
  const glyph = severityGlyph(cause.severity, style);
  return `  ${glyph} ${ink.bold(cause.id)}  ${facts.join(', ')}\n`;
}

/** A command is never broken into lines: it is there to be copied. */
function evidenceText({ source, observed, expected, again }: Evidence, style: TextStyle): string {
  const ink = paint(style.color);
  const seen = `${cleanText(source)}: ${cleanText(observed)}`;
  return [
    labelled('seen', seen, style),
    labelled('should', cleanText(expected), style),
    again === '' ? '' : labelledCommand('again', again, style, ink.cyan),
  ].join('');
}

function fixText({ text, command, manifest }: FindingFix, style: TextStyle): string {
  const ink = paint(style.color);
  return [
    labelled('fix', cleanText(text), style),
    command === undefined ? '' : labelledCommand('', command, style, ink.green),
    manifest === undefined ? '' : labelledCommand('', manifest, style, ink.green),
  ].join('');
}

const indent = ' '.repeat(4);
const labelColumns = 8;

/** `    seen    text`, on a narrow terminal with less indent. */
function labelled(label: string, text: string, style: TextStyle): string {
  const left = indent.length + labelColumns;
  const wrapped = wrapText(text, style.columns, ' '.repeat(left));
  return `${indent}${paint(style.color).dim(label.padEnd(labelColumns))}${wrapped.slice(left)}`;
}

function labelledCommand(
  label: string,
  command: string,
  style: TextStyle,
  ink: (text: string) => string,
): string {
  const { dim } = paint(style.color);
  return command
    .split('\n')
    .map((line, index) => {
      const left = (index === 0 ? label : '').padEnd(labelColumns);
      return `${indent}${dim(left)}${ink(cleanKeepingIndent(line))}\n`;
    })
    .join('');
}

/** YAML lives from its indent. */
const cleanKeepingIndent = (line: string): string => `${/^ */.exec(line)?.[0] ?? ''}${cleanText(line)}`;

function explainsText(ids: readonly string[], style: TextStyle): string {
  if (ids.length === 0) return '';
  const { leadsTo } = glyphs(style);
  const text = `${leadsTo} explains ${ids.join(', ')}`;
  const lines = wrapText(text, style.columns, indent)
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => `${paint(style.color).dim(line)}\n`).join('');
}
