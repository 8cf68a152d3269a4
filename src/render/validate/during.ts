import type { TextStyle } from '../../cli/command.ts';
import type { CommandEnd, DuringReport } from '../../validate/during/report.ts';
import { countText, millisecondsText } from '../amounts.ts';
import type { Bar } from '../chart.ts';
import { chartText } from '../chart.ts';
import { cleanText } from '../clean.ts';
import { keyValueText, tableText } from '../table.ts';

/** One sentence about all canaries. */
export function duringSentence(during: DuringReport): string {
  const { sent, accepted, notAccepted, lost, unknown, command } = during;
  const meanwhile = command === null ? '' : ` while ${command.program} ran`;
  if (notAccepted > 0 || lost > 0) {
    const parts = [
      ...(notAccepted > 0 ? [`did not accept ${notAccepted} of ${sent} canaries`] : []),
      ...(lost > 0 ? [`lost ${lost} of the ${accepted} that it accepted`] : []),
    ];
    return `${parts.join(' and ')}${meanwhile}`;
  }
  if (unknown > 0)
    return `accepted ${accepted} canaries${meanwhile}, and of ${unknown} it is not known whether they arrived`;
  return `lost none of ${countText(sent, 'canary', 'canaries')}${meanwhile}`;
}

/** Names and values of the counts, as every format shows them. */
export function duringFacts(during: DuringReport): (readonly [name: string, value: string])[] {
  const { sent, ms, ratePerSecond, late, refusedRequests, command } = during;
  const rate = Number.isInteger(ratePerSecond) ? String(ratePerSecond) : ratePerSecond.toFixed(2);
  const tardy = late === 0 ? '' : `, ${late} of them late`;
  return [
    ['sent', `${sent} in ${millisecondsText(ms)} at ${rate}/s${tardy}`],
    ['accepted', String(during.accepted)],
    ['not accepted', withRetries(during.notAccepted, refusedRequests)],
    ['arrived', String(during.arrived)],
    ['lost', `${during.lost} (waited for ${millisecondsText(during.drainMs)} after the last one)`],
    ...(during.unknown === 0
      ? []
      : [['not known', `${during.unknown}: ${cleanText(during.unknownReason ?? '')}`] as const]),
    ['duplicated', String(during.duplicated)],
    ['longest gap', `${millisecondsText(during.longestGapMs)} without one being accepted`],
    ...(command === null ? [] : [['command', commandText(command)] as const]),
  ];
}

const withRetries = (count: number, requests: number): string =>
  requests === 0
    ? String(count)
    : `${count} (${countText(requests, 'request')} refused, tried again as SDKs do)`;

function commandText({ program, exitCode, ended, ms }: CommandEnd): string {
  const how = exitCode === null ? (ended ?? 'ended') : `exit ${exitCode}`;
  return `${cleanText(program)}: ${how} after ${millisecondsText(ms)}`;
}

/** Counts, times of each hop, why requests were refused, and how long arrivals took over time. */
export function duringText(during: DuringReport, style: TextStyle): string {
  const times = during.hops.map(({ hop, count, p50Ms, p95Ms, p99Ms, maxMs }) => [
    hop,
    String(count),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(millisecondsText),
  ]);
  const refusals = during.refusals.map(({ detail, count }) => [String(count), cleanText(detail)]);
  return [
    keyValueText(duringFacts(during), style),
    tableText(['hop', 'canaries', 'p50', 'p95', 'p99', 'longest'], times, style),
    tableText(['requests', 'refused by'], refusals, style),
    arrivalChart(during, style),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function arrivalChart({ series, ms }: DuringReport, style: TextStyle): string {
  const { stretches, stretchMs } = series;
  const chart = chartText({
    ...style,
    bars: stretches.map(({ arrivalMs, ...counts }) => ({ value: arrivalMs, mark: markOf(counts) })),
    text: millisecondsText,
    from: '0 s',
    to: millisecondsText(ms),
  });
  if (chart === '') return '';
  const marks = stretches.map(markOf);
  const legend = [
    ...(marks.includes('x') ? ['x lost'] : []),
    ...(marks.includes('!') ? ['! not accepted'] : []),
  ];
  const title = `time to arrive, 95th percentile of each ${millisecondsText(stretchMs)}`;
  return `${[title, ...legend].join(', ')}\n${chart}`;
}

const markOf = ({
  lost,
  sent,
  accepted,
}: Pick<DuringReport['series']['stretches'][number], 'lost' | 'sent' | 'accepted'>): NonNullable<
  Bar['mark']
> => (lost > 0 ? 'x' : accepted < sent ? '!' : ' ');
