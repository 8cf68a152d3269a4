import type { TextStyle } from '../../cli/command.ts';
import type {
  CleanReport,
  HopReport,
  ProbeReport,
  Residue,
  ValidateReport,
  WayReport,
} from '../../validate/report.ts';
import { millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { paint } from '../paint.ts';
import { tableText } from '../table.ts';
import { duringSentence, duringText } from './during.ts';

/** The way of the canaries, the verdict, what must not get through, and what is left. */
export function validateText(report: ValidateReport, style: TextStyle): string {
  return [
    verdictText(report, style),
    report.during === null ? waysText(report, style) : duringText(report.during, style),
    negativeText(report, style),
    probesText(report.probes, style),
    ...report.notes.map((note) => `${note}\n`),
    residueText(report.residue),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function verdictText(report: ValidateReport, style: TextStyle): string {
  const { verdict, langfuse, firstFailure, ms } = report;
  const ink = paint(style.color);
  const version = `Langfuse ${langfuse.version ?? 'of an unknown version'}${langfuse.mode === null ? '' : ` (${langfuse.mode})`}`;
  const took = millisecondsText(ms);
  if (verdict === 'ok') return `${ink.green('ok')}  ${version} ${wellText(report)} (${took})\n`;
  if (firstFailure === null)
    return verdict === 'findings'
      ? `${ink.red.bold('failed')}  ${version} ${beside(report)} (${took})\n`
      : `${ink.yellow('incomplete')}  ${version}: not everything could be looked at (${took})\n`;
  const { hop, detail, cause, causeDetail } = firstFailure;
  const what =
    report.during === null ? `: the canary is lost at ${ink.bold(hop)}` : ` ${duringSentence(report.during)}`;
  const lines = [`${ink.red.bold('failed')}  ${version}${what} (${took})`, `        ${cleanText(detail)}`];
  if (cause === null) return `${lines.join('\n')}\n`;
  lines.push(
    `cause   ${cause}: ${cleanText(causeDetail ?? '')}`,
    `        lfctl doctor shows evidence and fix`,
  );
  return `${lines.join('\n')}\n`;
}

const wellText = ({ during }: ValidateReport): string =>
  during === null ? 'takes, keeps and gives back traces' : duringSentence(during);

/** What fails although the canaries arrive. */
function beside({ negative, probes, during }: ValidateReport): string {
  if (during !== null) return `${duringSentence(during)}, which failed`;
  if (negative.some(({ status }) => status === 'fail')) return 'lets through what it must refuse';
  const failed = probes.filter(({ status, decides }) => status === 'fail' && decides);
  return `takes traces, and users meet a failure: ${failed.map(({ id }) => id).join(', ')}`;
}

function waysText({ ways, hops }: ValidateReport, style: TextStyle): string {
  const all: readonly Pick<WayReport, 'way' | 'hops'>[] = ways.length > 0 ? ways : [{ way: 'json', hops }];
  const rows = all.flatMap(({ way, hops: own }) =>
    own.map((hop, index) => [ways.length > 0 && index === 0 ? way : '', ...hopCells(hop)]),
  );
  return tableText(['way', 'hop', 'state', 'after', 'detail'], rows, style);
}

function hopCells({ hop, status, required, ms, detail }: HopReport): string[] {
  const state = status === 'fail' ? 'failed' : status;
  const after = status === 'skipped' || ms === 0 ? '' : millisecondsText(ms);
  return [hop, required ? state : `${state} (not required)`, after, cleanText(detail ?? '')];
}

function negativeText({ negative }: ValidateReport, style: TextStyle): string {
  const odd = negative.filter(({ status }) => status !== 'ok');
  if (negative.length === 0) return '';
  if (odd.length === 0 && !style.verbose)
    return `${negative.length} requests with wrong keys or events are answered as they must be\n`;
  const shown = style.verbose ? negative : odd;
  const rows = shown.map((one) => [one.case, one.status, one.expected, cleanText(one.observed)]);
  return tableText(['must be refused', 'state', 'expected', 'observed'], rows, style);
}

/** What was not asked for is named alone; --verbose says why. */
function probesText(probes: readonly ProbeReport[], style: TextStyle): string {
  const left = style.verbose ? [] : probes.filter(({ status, decides }) => status === 'skipped' && !decides);
  const rows = probes.filter((probe) => !left.includes(probe)).map(probeCells);
  const table = tableText(['probe', 'state', 'seen from', 'detail'], rows, style);
  const names = left.map(({ id }) => id).join(', ');
  return `${table}${names === '' ? '' : `not looked at: ${names} (--verbose says why)\n`}`;
}

function probeCells({ id, status, detail, from, decides }: ProbeReport): string[] {
  return [id, probeState(status, decides), from === null ? '' : viewNames[from], cleanText(detail)];
}

const viewNames: Readonly<Record<NonNullable<ProbeReport['from']>, string>> = {
  machine: 'this machine',
  pod: 'this pod',
  cluster: 'the cluster',
};

/** A failure that does not decide breaks nothing that is known to be in use. */
function probeState(status: ProbeReport['status'], decides: boolean): string {
  if (status !== 'fail') return status;
  return decides ? 'failed' : 'failed (not counted)';
}

/** What `validate --clean` found and removed. */
export function cleanedText({ found, underWay, residue }: CleanReport): string {
  const alone = underWay === 0 ? '' : `, ${underWay} of runs under way left alone`;
  return `found ${found} canaries${alone}\n${residueText(residue)}`;
}

function residueText(residue: Residue | null): string {
  if (residue === null) return '';
  const unknown = Object.entries(residue.unknown).map(([store, why]) => `${store}: ${cleanText(why)}`);
  const left = Object.entries(residue.byStore).filter(([, count]) => count > 0);
  if (left.length === 0 && unknown.length === 0)
    return `removed the canaries in ${millisecondsText(residue.ms)}, 0 left in ${Object.keys(residue.byStore).join(', ')}\n`;
  const lines = [
    ...left.map(([store, count]) => `${count} left in ${store}`),
    ...(residue.byStore['api'] === undefined
      ? []
      : ['Langfuse was asked to delete them, and does it within minutes']),
    ...unknown.map((text) => `not known what is left in ${text}`),
    'lfctl validate --clean removes it later',
  ];
  return `${lines.join('\n')}\n`;
}
