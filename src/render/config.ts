import type { TextStyle } from '../cli/command.ts';
import type { SettingRow } from '../deployment/config/rows.ts';
import { keyValueText, tableText } from './table.ts';

/** `data` of kind ConfigView. */
export interface ConfigView {
  readonly file: string;
  readonly deployment: string | null;
  readonly settings: readonly SettingRow[];
}

/** The settings as `name  value`, with sources as a table of all. */
export function configViewText(view: ConfigView, sources: boolean, style: TextStyle): string {
  const head = keyValueText(
    [
      ['file', view.file],
      ['deployment', view.deployment ?? '(none of the file)'],
    ],
    style,
  );
  if (sources)
    return `${head}\n${tableText(['setting', 'value', 'source', 'origin'], configViewRows(view, true), style)}`;
  const set = view.settings.filter((row) => row.value !== null);
  return `${head}\n${keyValueText(
    set.map((row) => [row.name, String(row.value)] as const),
    style,
  )}`;
}

/** Rows for TSV and for the table. */
export const configViewRows = (view: ConfigView, sources: boolean): string[][] =>
  view.settings
    .filter((row) => sources || row.value !== null)
    .map((row) =>
      sources
        ? [row.name, row.value === null ? '-' : String(row.value), row.source, row.origin]
        : [row.name, String(row.value)],
    );
