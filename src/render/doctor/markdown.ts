import type { DoctorReport, Cause, CheckResult } from '../../doctor/report.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { escapeMarkdown } from '../markdown.ts';

/** Markdown for a ticket or a chat: the diagnosis, then what is not ok, then the counts. */
export function renderDoctorMarkdown(report: DoctorReport): string {
  const open = report.checks.filter((check) => ['fail', 'unknown', 'blocked'].includes(check.status));
  return [
    `## lfctl doctor: ${report.verdict}\n`,
    ...report.causes.map((cause, index) => causeMarkdown(cause, index, report)),
    open.length === 0 ? null : `### Checks that are not ok\n\n${tableMarkdown(open)}`,
    `${countsMarkdown(report)}\n`,
  ]
    .filter((part) => part !== null)
    .join('\n');
}

function causeMarkdown(cause: Cause, index: number, { verdict }: DoctorReport): string {
  const label = index === 0 && verdict === 'findings' ? 'Root cause: ' : '';
  const since = cause.since === undefined ? '' : `, since ${cause.since}`;
  const lines = [
    `### ${label}\`${cause.id}\` (${cause.severity}${since})\n`,
    `${escapeMarkdown(cleanText(cause.detail))}\n`,
    ...cause.evidence.map(
      (seen) =>
        `- seen in ${escapeMarkdown(cleanText(seen.source))}: ${code(seen.observed)}; should be: ${code(seen.expected)}\n${block(seen.again, 'sh')}`,
    ),
    ...cause.fix.map(
      (fix) =>
        `- **fix:** ${escapeMarkdown(cleanText(fix.text))}\n${block(fix.command, 'sh')}${block(fix.manifest, 'yaml')}`,
    ),
  ];
  if (cause.explains.length > 0)
    lines.push(`- explains ${cause.explains.map((id) => `\`${id}\``).join(', ')}\n`);
  return lines.join('\n');
}

/** A fence longer than any in the text. */
function block(text: string | undefined, language: string): string {
  if (text === undefined || text === '') return '';
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map((run) => run.length + 1)));
  const body = text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `\n  ${fence}${language}\n${body}\n  ${fence}\n`;
}

/** Inline code that may hold backticks itself. */
function code(text: string): string {
  const clean = cleanText(text);
  const fence = '`'.repeat(Math.max(1, ...(clean.match(/`+/g) ?? []).map((run) => run.length + 1)));
  const pad = fence.length > 1 ? ' ' : '';
  return clean === '' ? '(empty)' : `${fence}${pad}${clean}${pad}${fence}`;
}

function tableMarkdown(checks: readonly CheckResult[]): string {
  const rows = checks.map((check) => {
    const said =
      check.blockedBy === undefined ? (check.detail ?? check.reason ?? '') : `by ${check.blockedBy}`;
    return `| \`${check.id}\` | ${check.status} | ${check.severity} | ${escapeMarkdown(cleanText(said))} |`;
  });
  return ['| check | status | severity | |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function countsMarkdown({ counts, ms }: DoctorReport): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${String(count)} ${status}`);
  return `${parts.join(', ')} in ${millisecondsText(ms)}`;
}
