import type { TextStyle } from '../../cli/command.ts';
import type { ExportedKey, KeyExport } from '../../keys/export.ts';
import { cleanText } from '../clean.ts';
import { escapeMarkdown } from '../markdown.ts';
import { tableText } from '../table.ts';

const head = ['organization', 'project', 'note', 'public key', 'secret', 'created', 'used by'];

const cells = (key: ExportedKey): string[] => [
  key.organization ?? '',
  key.project ?? '',
  key.note ?? '',
  key.publicKey,
  key.secretKey ?? key.displaySecret,
  key.createdAt.slice(0, 10),
  (key.consumers ?? []).join(', '),
];

/** The record as a table. */
export const exportText = ({ keys, unknown }: KeyExport, style: TextStyle): string =>
  keys.length === 0
    ? 'no API keys\n'
    : `${tableText(
        head,
        keys.map((key) => cells(key).map(cleanText)),
        style,
      )}${unknown.map((what) => `unknown: ${cleanText(what)}\n`).join('')}`;

/** The record for a wiki or a repository. */
export function exportMarkdown({ keys }: KeyExport): string {
  const line = (columns: readonly string[]): string => `| ${columns.join(' | ')} |\n`;
  const rows = keys.map((key) => line(cells(key).map((cell) => escapeMarkdown(cleanText(cell)))));
  return `${line(head)}${line(head.map(() => '---'))}${rows.join('')}`;
}

/** For TSV, with the project's id. */
export const exportRows = ({ keys }: KeyExport): string[][] =>
  keys.map((key) => [...cells(key), key.projectId ?? '']);
