import type { DuringReport } from '../../validate/during/report.ts';
import type { ProbeReport, ValidateReport } from '../../validate/report.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { escapeMarkdown } from '../markdown.ts';
import { duringFacts, duringSentence } from './during.ts';

/** Markdown for a ticket or a chat: the verdict, each hop of each way, what was let through, and the residue. */
export function validateMarkdown(report: ValidateReport): string {
  const { verdict, langfuse, firstFailure, ways, hops, negative, probes, residue, notes } = report;
  const all = ways.length > 0 ? ways : [{ way: '', hops }];
  const rows = all.flatMap(({ way, hops: own }) =>
    own.map(({ hop, status, ms, detail }) => [way, hop, status, millisecondsText(ms), detail ?? '']),
  );
  const odd = negative.filter(({ status }) => status !== 'ok');
  const lines = [
    `## lfctl validate: ${verdict} (Langfuse ${langfuse.version ?? 'unknown'}, ${millisecondsText(report.ms)})\n`,
    ...(report.during === null ? [] : [`It ${text(duringSentence(report.during))}.\n`]),
    ...(firstFailure === null ? [] : [failureLine(firstFailure)]),
    ...(report.during === null
      ? [table(['way', 'hop', 'state', 'after', 'detail'], rows)]
      : duringTables(report.during)),
    ...odd.map(
      ({ case: name, expected, observed }) =>
        `- ${text(name)}: expected ${text(expected)}, observed ${text(observed)}\n`,
    ),
    ...(probes.length === 0 ? [] : [table(['probe', 'state', 'seen from', 'detail'], probes.map(probeRow))]),
    ...notes.map((note) => `${text(note)}\n`),
    ...(residue === null ? [] : [`${residue.total} left after cleaning up\n`]),
  ];
  return lines.join('\n');
}

const duringTables = (during: DuringReport): string[] => [
  table(['canaries', ''], duringFacts(during)),
  table(
    ['hop', 'canaries', 'p50', 'p95', 'p99', 'longest'],
    during.hops.map(({ hop, count, p50Ms, p95Ms, p99Ms, maxMs }) => [
      hop,
      String(count),
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(millisecondsText),
    ]),
  ),
];

const probeRow = ({ id, status, from, detail, decides }: ProbeReport): string[] => [
  id,
  status === 'fail' && !decides ? 'fail (not counted)' : status,
  from ?? '',
  detail,
];

const text = (value: string): string => escapeMarkdown(cleanText(value));

function failureLine({
  hop,
  detail,
  cause,
  causeDetail,
}: NonNullable<ValidateReport['firstFailure']>): string {
  const why = cause === null ? '' : ` Cause: \`${cause}\`: ${text(causeDetail ?? '')}.`;
  return `The canary is lost at **${hop}**: ${text(detail)}.${why}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line), ''].join('\n');
}
