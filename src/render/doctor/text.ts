/** The doctor's report for people: diagnosis first, then every area, then the verdict. */
import type { EnvelopeDeployment, TextStyle } from '../../cli/command.ts';
import type { DoctorReport } from '../../doctor/report.ts';
import { countText, millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { glyphs } from '../glyphs.ts';
import { paint } from '../paint.ts';
import { wrapPainted } from '../table.ts';
import { areasText } from './areas.ts';
import { causeText } from './cause.ts';
import { tally } from './tally.ts';

/** Looks right at 80 columns, and at 40. Without colour it says the same. */
export function renderDoctorText(
  report: DoctorReport,
  deployment: EnvelopeDeployment | null,
  style: TextStyle,
): string {
  return [
    headText(deployment, style),
    diagnosisText(report, style),
    areasText(report.checks, style),
    verdictText(report, style),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** `langfuse in prod · Langfuse 3.199.0 (clickhouse) · context gke`. */
function headText(deployment: EnvelopeDeployment | null, style: TextStyle): string {
  if (deployment === null) return '';
  const { name, release, namespace, langfuse, context } = deployment;
  const title = name ?? release ?? 'Langfuse';
  const mode = langfuse?.mode === null || langfuse?.mode === undefined ? '' : ` (${langfuse.mode})`;
  const parts = [
    namespace === null ? title : `${title} in ${namespace}`,
    langfuse?.version === null || langfuse?.version === undefined
      ? null
      : `Langfuse ${langfuse.version}${mode}`,
    context === null ? null : `context ${context}`,
  ].filter((part) => part !== null);
  return packed(parts.map(cleanText), ` ${glyphs(style).dot} `, style.columns);
}

/** As many parts on a line as fit. */
function packed(parts: readonly string[], between: string, columns: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${between}${part}`;
    if (last !== undefined && joined.length <= columns) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function diagnosisText({ causes, verdict }: DoctorReport, style: TextStyle): string {
  const ink = paint(style.color);
  const [first, ...others] = causes;
  if (first === undefined) return '';
  const heading = verdict === 'findings' ? 'Root cause' : 'Worth a look';
  const rest = others.map((cause) => causeText(cause, style)).join('\n');
  const root = `${ink.bold(heading)}\n${causeText(first, style)}`;
  if (rest === '') return root;
  return verdict === 'findings' ? `${root}\n${ink.bold('Also found')}\n${rest}` : `${root}\n${rest}`;
}

/** The last line: what the exit code says. */
function verdictText({ verdict, checks, causes, ms }: DoctorReport, style: TextStyle): string {
  const ink = paint(style.color);
  const words: Readonly<Record<DoctorReport['verdict'], string>> = {
    healthy: ink.green.bold('healthy'),
    findings: ink.red.bold('findings'),
    incomplete: ink.yellow.bold('incomplete'),
  };
  const parts = [
    causes.length === 0 ? null : countText(causes.length, 'cause'),
    ...tally(checks, style),
    millisecondsText(ms),
  ].filter((part) => part !== null);
  const line = `${ink.bold('Verdict:')} ${words[verdict]} (${parts.join(', ')})`;
  return wrapPainted(line, style.columns)
    .map((one) => `${one}\n`)
    .join('');
}
