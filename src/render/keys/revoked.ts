import type { Revocation } from '../../keys/revoke.ts';
import { countText, millisecondsText } from '../amounts.ts';
import { cleanText } from '../clean.ts';
import { proofText } from './proof.ts';

/** What each revocation came to, in a line. */
export const revokedText = (revoked: readonly Revocation[]): string =>
  revoked
    .map(({ publicKey, cleared, proof, ms }) => {
      const cache =
        cleared.state === 'cleared'
          ? `${countText(cleared.entries, 'cache entry', 'cache entries')} removed`
          : cleanText(cleared.why);
      return `${cleanText(publicKey)}: row gone, ${cache}, ${cleanText(proofText(proof, 'refused'))}, ${millisecondsText(ms)}\n`;
    })
    .join('');
