// Turns what a command prints in colour into a picture of a terminal.
//   CLICOLOR_FORCE=1 lfctl doctor | node scripts/terminal-svg.mjs 'lfctl doctor' > docs/images/doctor.svg
import { text } from 'node:stream/consumers';

const colours = {
  31: '#e5534b',
  32: '#57ab5a',
  33: '#c69026',
  34: '#539bf5',
  35: '#b083f0',
  36: '#39c5cf',
  90: '#768390',
};
const sgr = new RegExp(`${String.fromCodePoint(27)}\\[([\\d;]*)m`);
const [charWidth, lineHeight, margin] = [8.4, 19, 20];

const escape = (part) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Applies one SGR code to the style. https://en.wikipedia.org/wiki/ANSI_escape_code#SGR */
function apply(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return code in colours ? { ...style, colour: colours[code] } : style;
}

function span(part, { bold, dim, colour }) {
  const marks = [
    colour === undefined ? '' : ` fill="${colour}"`,
    bold === true ? ' font-weight="bold"' : '',
    dim === true ? ' fill-opacity="0.6"' : '',
  ].join('');
  return marks === '' ? escape(part) : `<tspan${marks}>${escape(part)}</tspan>`;
}

let style = {};
function line(raw, index) {
  const parts = raw.split(sgr);
  const spans = parts.map((part, at) => {
    if (at % 2 === 0) return part === '' ? '' : span(part, style);
    for (const code of part.split(';')) style = apply(style, Number(code));
    return '';
  });
  return `<text x="${margin}" y="${margin + (index + 1) * lineHeight}" xml:space="preserve">${spans.join('')}</text>`;
}

const output = (await text(process.stdin)).trimEnd();
const lines = [`\u001b[32m$\u001b[39m ${process.argv[2] ?? ''}`, '', ...output.split('\n')];
const columns = Math.max(
  ...lines.map(
    (one) =>
      one
        .split(sgr)
        .filter((_, at) => at % 2 === 0)
        .join('').length,
  ),
);
const width = Math.ceil(columns * charWidth + margin * 2);
const height = (lines.length + 1) * lineHeight + margin * 2;
process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#22272e"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#adbac7">
${lines.map(line).join('\n')}
</g>
</svg>
`);
