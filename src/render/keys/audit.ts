import type { TextStyle } from '../../cli/command.ts';
import type { KeyAudit, KeyFinding } from '../../keys/audit.ts';
import { countText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { tableText } from '../table.ts';

/** A line per finding, and what was not looked at. */
export function auditText({ keys, findings, skipped, unknown }: KeyAudit, style: TextStyle): string {
  const head = ['finding', 'project', 'note', 'public key', 'what was seen', 'next'];
  const table =
    findings.length === 0
      ? `${countText(keys, 'API key')}, nothing found\n`
      : tableText(head, findings.map(rowOf), style);
  const lines = [
    ...skipped.map((what) => `not looked at: ${cleanText(what)}\n`),
    ...unknown.map((what) => `unknown: ${cleanText(what)}\n`),
  ];
  return `${table}${lines.length === 0 ? '' : '\n'}${lines.join('')}`;
}

const rowOf = ({ id, projectName, note, publicKey, detail, fix }: KeyFinding): string[] =>
  [id, projectName ?? '', note ?? '', publicKey, detail, fix].map(cleanText);

/** For TSV: finding, project, note, public key, what was seen. */
export const auditRows = ({ findings }: KeyAudit): string[][] =>
  findings.map(({ id, projectName, note, publicKey, detail }) => [
    id,
    projectName ?? '',
    note ?? '',
    publicKey,
    detail,
  ]);
