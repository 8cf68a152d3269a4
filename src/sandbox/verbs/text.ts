import type { ChangeResult } from './change.ts';
import type { LoadReport } from './load.ts';
import type { SandboxStatus } from './status.ts';
import type { UpResult } from './up.ts';

/** Columns of equal width, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line a part, then what is broken on purpose. */
export function statusText(status: SandboxStatus): string {
  const down = status.parts.filter((part) => part.status !== 'up');
  const head = `sandbox ${status.name}: Langfuse ${status.langfuse}, layout ${status.layout}`;
  const verdict = down.length === 0 ? 'all parts are up' : `not up: ${down.map(({ id }) => id).join(', ')}`;
  const rows = status.parts.map((part) => [
    `  ${part.status}`,
    part.id,
    `${part.ready}/${part.wanted}`,
    part.detail,
  ]);
  const faults = status.faults.map(({ name, at }) => `  ${name} (since ${at})`);
  const broken = faults.length === 0 ? [] : ['broken on purpose:', ...faults];
  return [`${head}; ${verdict}`, columns(rows), ...broken].join('\n');
}

/** What `up` says at the end: how to go on. */
export function upText({ status, ms, started, repaired }: UpResult): string {
  const name = status.name === 'default' ? '' : ` --name ${status.name}`;
  const down = status.parts.filter((part) => part.status !== 'up');
  const faults = status.faults.map((fault) => fault.name).join(', ');
  return [
    `sandbox ${status.name} ${upWords(ms, started, repaired)}`,
    ...down.map(({ id, detail }) => `  not up: ${id} ${detail}`),
    ...(faults === '' ? [] : [`  broken on purpose: ${faults}`]),
    `  eval "$(lfctl sandbox env${name})"   then: lfctl status, lfctl doctor, kubectl get pods -A`,
    `  lfctl sandbox down${name}            removes it and its data`,
  ].join('\n');
}

function upWords(ms: number, started: boolean, repaired: readonly string[]): string {
  if (repaired.length === 0) return 'was up already';
  const after = `after ${(ms / 1000).toFixed(1)} s`;
  return started ? `is up ${after}` : `is up again ${after}: ${repaired.join(', ')}`;
}

/** One line a fault. */
export function changeText(result: ChangeResult): string {
  if (result.faults.length === 0) return 'nothing was broken';
  const words = { broken: 'broken', mended: 'mended', unchanged: 'nothing to do' };
  const rows = result.faults.map(({ name, outcome, firstVerdict, ms }) => [
    name,
    words[outcome],
    outcome === 'broken' ? `doctor should put ${firstVerdict} first` : outcome === 'mended' ? `${ms} ms` : '',
  ]);
  return columns(rows);
}

/** Sent, accepted, refused, and which answers came. */
export function loadText(report: LoadReport): string {
  const { sent, accepted, refused, unanswered, longestMs } = report;
  const answers = Object.entries(report.answers).map(([answer, count]) => `  ${count} × ${answer}`);
  const head = `sent ${sent}, accepted ${accepted}, refused ${refused}, unanswered ${unanswered}, slowest answer ${longestMs} ms`;
  return [head, ...answers].join('\n');
}
