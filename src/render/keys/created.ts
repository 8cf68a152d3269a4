import type { PlannedKey } from '../../keys/create-plan.ts';
import { pairLines, placeText } from '../../keys/deliver.ts';
import { cleanText } from '../clean.ts';
import { proofText } from './proof.ts';

/** A line per key; the pair itself only where it was asked for. */
export const createdText = (keys: readonly PlannedKey[]): string =>
  keys
    .map(({ made, place, note, identity }) => {
      const key = made();
      const name = note === null ? '' : ` '${cleanText(note)}'`;
      if (key === null) return `${identity.publicKey}${name}: not made in this run\n`;
      const where =
        place.kind === 'result' ? pairLines(key) : `the pair went to ${cleanText(placeText(place))}\n`;
      return `${key.publicKey}${name}: ${proofText(key.proof, 'accepted')}\n${where}`;
    })
    .join('');

/** `NAME=value` lines; of several keys each after a comment with its note. */
export const createdEnv = (keys: readonly PlannedKey[]): string =>
  keys
    .flatMap(({ made, note }) => {
      const key = made();
      if (key === null) return [];
      const head = keys.length > 1 ? `# ${cleanText(note ?? '')}\n` : '';
      return [`${head}${pairLines(key)}`];
    })
    .join('');
