import type { DuringReport } from '../../validate/during/report.ts';
import type { Residue, ValidateReport } from '../../validate/report.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { escapeXml } from '../xml.ts';
import { duringFacts, duringSentence } from './during.ts';
import { chartSvg } from './html-chart.ts';
import { pageStyle } from './html-style.ts';

/** One page that needs nothing else: no script, no font, no address is loaded, so it can be mailed and kept. */
export function validateHtml(report: ValidateReport): string {
  const { verdict, langfuse, ms, notes, during } = report;
  const title = `lfctl validate: ${verdict}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1><span class="verdict ${verdict}">${text(verdict)}</span> lfctl validate</h1>
<p>Langfuse ${text(langfuse.version ?? 'of an unknown version')}${langfuse.mode === null ? '' : ` (${text(langfuse.mode)})`}, ${text(millisecondsText(ms))}</p>
${failureHtml(report)}${during === null ? waysHtml(report) : duringHtml(during)}${besideHtml(report)}${report.residue === null ? '' : residueHtml(report.residue)}${notes.map((note) => `<p>${text(note)}</p>\n`).join('')}</main>
</body>
</html>
`;
}

const text = (value: string): string => escapeXml(cleanText(value));

function failureHtml({ firstFailure }: ValidateReport): string {
  if (firstFailure === null) return '';
  const { hop, detail, cause, causeDetail } = firstFailure;
  const why = cause === null ? '' : ` Cause: <code>${text(cause)}</code>: ${text(causeDetail ?? '')}.`;
  return `<p class="findings">Lost at <strong>${text(hop)}</strong>: ${text(detail)}.${why}</p>\n`;
}

function waysHtml({ ways, hops }: ValidateReport): string {
  const all = ways.length > 0 ? ways : [{ way: '', hops }];
  const rows = all.flatMap(({ way, hops: own }) =>
    own.map(({ hop, status, ms, detail }) => [way, hop, status, millisecondsText(ms), detail ?? '']),
  );
  return table('The way of a trace', ['way', 'hop', 'state', 'after', 'detail'], rows);
}

function duringHtml(during: DuringReport): string {
  const times = during.hops.map(({ hop, count, p50Ms, p95Ms, p99Ms, maxMs }) => [
    hop,
    String(count),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(millisecondsText),
  ]);
  const refusals = during.refusals.map(({ detail, count }) => [String(count), detail]);
  return [
    `<p>It ${text(duringSentence(during))}.</p>\n`,
    chartSvg(during),
    table('Canaries', ['what', 'how many'], duringFacts(during)),
    table('Times', ['hop', 'canaries', 'p50', 'p95', 'p99', 'longest'], times),
    table('Refused requests', ['requests', 'answer'], refusals),
  ].join('');
}

function besideHtml({ negative, probes }: ValidateReport): string {
  return [
    table(
      'Must be refused',
      ['case', 'state', 'expected', 'observed'],
      negative.map(({ case: name, status, expected, observed }) => [name, status, expected, observed]),
    ),
    table(
      'Probes',
      ['probe', 'state', 'seen from', 'detail'],
      probes.map(({ id, status, from, detail }) => [id, status, from ?? '', detail]),
    ),
  ].join('');
}

function residueHtml({ byStore, unknown }: Residue): string {
  const rows = [
    ...Object.entries(byStore).map(([store, count]) => [store, String(count)]),
    ...Object.entries(unknown).map(([store, why]) => [store, `not known: ${why}`]),
  ];
  return table('Left after cleaning up', ['store', 'canaries'], rows);
}

/** Empty without rows. The first column names the row. */
function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = ([first = '', ...cells]: readonly string[]): string =>
    `<tr><th scope="row">${text(first)}</th>${cells.map((each) => `<td>${text(each)}</td>`).join('')}</tr>`;
  return [
    `<table>\n<caption>${text(caption)}</caption>`,
    `<thead><tr>${head.map((each) => `<th scope="col">${text(each)}</th>`).join('')}</tr></thead>`,
    `<tbody>\n${rows.map(line).join('\n')}\n</tbody>\n</table>\n`,
  ].join('\n');
}
