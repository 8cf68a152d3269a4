import type { TextStyle } from '../../cli/command.ts';
import type { KeyVerification, OpenedKey } from '../../keys/verify.ts';
import { cleanText } from '../clean.ts';
import { keyValueText } from '../table.ts';

/** What the pair opens, and how each web pod takes it. */
export function verifiedText(pair: KeyVerification, style: TextStyle): string {
  const lines = keyValueText(
    [
      ['public key', `${cleanText(pair.publicKey)} (${cleanText(pair.origin)})`],
      ['opens', pair.opens === null ? opensNothing[pair.belongs] : openedText(pair.opens)],
      ['fits', belongsText[pair.belongs]],
      ...pair.pods.map(({ pod, taken, said }) => [cleanText(pod), `${taken} (${cleanText(said)})`] as const),
    ],
    style,
  );
  const notes = pair.notes.map((note) => `${cleanText(note)}\n`).join('');
  return `${lines}${notes}${pair.unknown.map((what) => `unknown: ${cleanText(what)}\n`).join('')}`;
}

const belongsText: Readonly<Record<KeyVerification['belongs'], string>> = {
  yes: 'the public key and the secret are one pair',
  'of-another': 'the secret is that of another public key',
  'no-key': 'no API key has this secret',
  unknown: 'unknown',
};

const opensNothing: Readonly<Record<KeyVerification['belongs'], string>> = {
  ...belongsText,
  'no-key': 'nothing',
};

function openedText({ scope, projectName, projectId, organizationName, note }: OpenedKey): string {
  const what =
    scope === 'organization'
      ? `organization ${organizationName ?? ''}`
      : `project ${projectName ?? ''} (${projectId ?? ''}) of ${organizationName ?? ''}`;
  return cleanText(note === null ? what : `${what}, as '${note}'`);
}
