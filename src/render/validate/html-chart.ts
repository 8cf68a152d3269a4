import type { DuringReport, Stretch } from '../../validate/during/report.ts';
import { millisecondsText } from '../amounts.ts';
import { escapeXml } from '../xml.ts';

const width = 800;
const height = 260;
/** Room for the scale, the times and the marks. */
const edge = { left: 70, right: 10, top: 10, bottom: 50 };

/** The times of each stretch as two lines, told apart by their dashes as well as by colour; losses are marked below. */
export function chartSvg({ series, ms }: DuringReport): string {
  const { stretches, stretchMs } = series;
  const highest = Math.max(0, ...stretches.flatMap(({ httpMs, arrivalMs }) => [httpMs ?? 0, arrivalMs ?? 0]));
  if (highest === 0) return '';
  const place = placeOf(stretches, stretchMs, highest);
  const title = `Time to be accepted and to arrive, 95th percentile of each ${millisecondsText(stretchMs)}`;
  return `<figure>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title">${escapeXml(title)}</title>
<desc id="chart-text">${escapeXml(description(stretches, highest))}</desc>
${scaleSvg(highest, ms)}
<path class="http" d="${path(stretches, ({ httpMs }) => httpMs, place)}"/>
<path class="arrival" d="${path(stretches, ({ arrivalMs }) => arrivalMs, place)}"/>
${stretches.map((stretch) => markSvg(stretch, place)).join('')}
</svg>
<figcaption>${escapeXml(title)}: accepted (solid), arrived (dashed). A filled mark below is a loss, an empty one a canary that was not accepted.</figcaption>
</figure>
`;
}

type Place = (stretch: Stretch, value: number) => readonly [x: number, y: number];

function placeOf(stretches: readonly Stretch[], stretchMs: number, highest: number): Place {
  const wholeMs = stretches.length * stretchMs;
  return ({ atMs }, value) => [
    round(edge.left + ((atMs + stretchMs / 2) / wholeMs) * (width - edge.left - edge.right)),
    round(height - edge.bottom - (value / highest) * (height - edge.top - edge.bottom)),
  ];
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A line is broken where nothing was measured. */
function path(
  stretches: readonly Stretch[],
  valueOf: (stretch: Stretch) => number | null,
  place: Place,
): string {
  let isDown = false;
  const steps = stretches.flatMap((stretch) => {
    const value = valueOf(stretch);
    if (value === null) {
      isDown = false;
      return [];
    }
    const [x, y] = place(stretch, value);
    // A lone point is drawn as a short line.
    const step = isDown ? `L${x} ${y}` : `M${x} ${y}h1`;
    isDown = true;
    return [step];
  });
  return steps.join('');
}

function scaleSvg(highest: number, ms: number): string {
  const floor = height - edge.bottom;
  const middle = (edge.top + floor) / 2;
  const lines = [
    [edge.top, highest],
    [middle, highest / 2],
    [floor, 0],
  ] as const;
  return [
    ...lines.map(
      ([y, value]) =>
        `<line class="axis" x1="${edge.left}" x2="${width - edge.right}" y1="${y}" y2="${y}"/>` +
        `<text x="${edge.left - 6}" y="${y + 4}" text-anchor="end">${escapeXml(millisecondsText(value))}</text>`,
    ),
    `<text x="${edge.left}" y="${height - 6}">0 s</text>`,
    `<text x="${width - edge.right}" y="${height - 6}" text-anchor="end">${escapeXml(millisecondsText(ms))}</text>`,
  ].join('\n');
}

function markSvg(stretch: Stretch, place: Place): string {
  const { lost, sent, accepted } = stretch;
  if (lost === 0 && accepted === sent) return '';
  const [x] = place(stretch, 0);
  const said = lost > 0 ? `${lost} lost` : `${sent - accepted} not accepted`;
  return `<circle class="${lost > 0 ? 'lost' : 'refused'}" cx="${x}" cy="${height - 32}" r="4"><title>${said}</title></circle>`;
}

function description(stretches: readonly Stretch[], highest: number): string {
  const lost = stretches.reduce((sum, stretch) => sum + stretch.lost, 0);
  const refused = stretches.reduce((sum, { sent, accepted }) => sum + sent - accepted, 0);
  return `The highest is ${millisecondsText(highest)}. ${lost} canaries are lost, ${refused} were not accepted.`;
}
