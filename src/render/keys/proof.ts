import type { Proof } from '../../keys/prove.ts';
import { countText } from '../amounts.ts';

/** `refused by 3 web pods`, or why that was not seen. */
export function proofText(proof: Proof, what: 'accepted' | 'refused'): string {
  switch (proof.state) {
    case 'proven': {
      const by = proof.by === 'pair' ? '' : ', asked by its public key alone';
      return `${what} by ${countText(proof.pods, 'web pod')}${by}`;
    }
    case 'skipped':
      return `not tried: ${proof.why}`;
  }
}
