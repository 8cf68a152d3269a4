import type { TextStyle } from '../../cli/command.ts';
import type { KeyListing, KeyView } from '../../keys/list.ts';
import { cleanText } from '../clean.ts';
import { tableText } from '../table.ts';

const columns = ['project', 'note', 'public key', 'secret', 'age', 'last used', 'expires', 'used by'];

/** A line per key, and what an absent last use means. */
export function keysText({ keys, lastUsedReach, unknown }: KeyListing, style: TextStyle): string {
  if (keys.length === 0) return 'no API keys\n';
  const table = tableText(columns, keys.map(lineOf), style);
  const expires = keys.some(({ expiresAt }) => expiresAt !== null)
    ? 'expires: Langfuse shows this date and goes on accepting the key after it\n'
    : '';
  const notes = unknown.map((what) => `unknown: ${cleanText(what)}\n`).join('');
  return `${table}\nlast used: ${cleanText(lastUsedReach)}\n${expires}${notes}`;
}

function lineOf(key: KeyView): string[] {
  const { note, publicKey, displaySecret, ageDays, lastUsedAt, lastUsedSource, expiresAt } = key;
  return [
    cleanText(placeOf(key)),
    cleanText([note ?? '', markOf(key)].filter((part) => part !== '').join(' ')),
    publicKey,
    displaySecret,
    `${String(ageDays)} d`,
    lastUsedAt === null ? 'unknown' : `${lastUsedAt.slice(0, 19)}Z (${lastUsedSource ?? ''})`,
    expiresAt === null ? '-' : `${expiresAt.slice(0, 10)} (not enforced)`,
    key.consumers === null ? 'unknown' : key.consumers.map(cleanText).join(', '),
  ];
}

const placeOf = ({ projectName, organizationName, scope }: KeyView): string =>
  scope === 'organization' ? `organization ${organizationName ?? ''}` : (projectName ?? '');

function markOf({ origin }: KeyView): string {
  switch (origin) {
    case 'init':
      return '(made by LANGFUSE_INIT_*)';
    case 'in-app-agent':
      return '(in-app agent)';
    case 'user':
    case 'api':
    case 'unknown':
      return '';
  }
}

/** For TSV: project's id, project, note, public key, secret's display form, created, last used, source, origin, users. */
export function keyRows({ keys }: KeyListing): string[][] {
  return keys.map((key) => [
    key.projectId ?? '',
    placeOf(key),
    key.note ?? '',
    key.publicKey,
    key.displaySecret,
    key.createdAt,
    key.lastUsedAt ?? '',
    key.lastUsedSource ?? '',
    key.origin,
    (key.consumers ?? []).join(','),
  ]);
}
