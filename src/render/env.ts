import type { TextStyle } from '../cli/command.ts';
import type { EnvReport, EnvRow } from '../deployment/env-report.ts';
import { cleanText } from './clean.ts';
import { paint } from './paint.ts';
import { tableText, wrapPainted } from './table.ts';

/** What runs and where its data is, the variables as a table per component, then what could not be read. */
export function envText(report: EnvReport, style: TextStyle): string {
  return [headText(report, style), tablesText(report, style)].join('\n');
}

function headText({ version, mode, storage, judgedAs }: EnvReport, style: TextStyle): string {
  const name = `${version ?? 'of an unknown version'}${mode === null ? '' : ` (${mode})`}`;
  const later =
    judgedAs === null ? [] : [`later than ${judgedAs}, the newest that lfctl knows: judged as ${judgedAs}`];
  const lines = [`Langfuse ${[name, ...(storage === null ? [] : [storage])].join(': ')}`, ...later];
  return lines
    .flatMap((line) => wrapPainted(cleanText(line), style.columns).map((one) => `${one}\n`))
    .join('');
}

function tablesText(report: EnvReport, style: TextStyle): string {
  const ink = paint(style.color);
  const workloads = [...new Set(report.variables.map((row) => row.workload))];
  const parts = workloads.map((workload) => {
    const rows = report.variables.filter((row) => row.workload === workload);
    const head = `${ink.bold(`${rows[0]?.component ?? ''} ${workload}`)}\n`;
    return `${head}${tableText(['name', 'value', 'read', 'source'], rows.map(cells), style)}`;
  });
  const hidden = report.unreadable.map((text) => `not readable: ${cleanText(text)}\n`).join('');
  if (parts.length === 0) return `no variable to show\n${hidden}`;
  return [...parts, hidden].filter((part) => part !== '').join('\n');
}

function cells(row: EnvRow): string[] {
  const value = row.value ?? (row.fingerprint === null ? '(empty)' : `#${row.fingerprint}`);
  const differing = row.differs === true ? ' (differs)' : '';
  return [row.name, `${cleanText(value)}${differing}`, readText(row), cleanText(row.source)];
}

function readText(row: EnvRow): string {
  const instead = row.use === undefined || row.use.length === 0 ? (row.why ?? '') : row.use.join(', ');
  const reason = instead === '' ? '' : `: ${instead}`;
  switch (row.read) {
    case true:
      return 'yes';
    case 'unknown':
      return `?${reason}`;
    case false:
      return `no${reason}`;
  }
}

/** name, component, value or fingerprint, read, source, what to use instead. */
export function envRows(report: EnvReport): string[][] {
  return report.variables.map((row) => [
    row.name,
    row.component,
    row.value ?? row.fingerprint ?? '',
    String(row.read),
    row.source,
    (row.use ?? []).join(','),
  ]);
}
