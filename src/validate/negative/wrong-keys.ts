import { randomUUID } from 'node:crypto';
import { Secret } from '../../deployment/secret.ts';
import type { KeyPair } from '../keys.ts';
import type { Case, NegativeContext } from './case.ts';
import { askWith, judged } from './case.ts';

type Pair = Pick<KeyPair, 'publicKey' | 'secretKey'>;

/** A pair, or none, that Langfuse must not let in. */
function refused(name: string, pairOf: (context: NegativeContext) => Pair | null): Case {
  return {
    name,
    expected: '401',
    run: async (context) => {
      const answer = await askWith(context.open, pairOf(context));
      return judged(answer, answer.status === 401);
    },
  };
}

const unknownPublic = (): string => `pk-lf-${randomUUID()}`;

export const wrongKeyCases: readonly Case[] = [
  refused('wrong secret key', ({ pair: { publicKey }, stranger }) => ({ publicKey, secretKey: stranger })),
  refused('unknown key pair', ({ stranger }) => ({ publicKey: unknownPublic(), secretKey: stranger })),
  // With a secret key that is made up: Langfuse writes the user name that it does not know to web's log.
  refused('keys swapped', ({ pair: { publicKey }, stranger }) => ({
    publicKey: stranger.reveal(),
    secretKey: new Secret(publicKey),
  })),
  refused('no authorization header', () => null),
  {
    // Langfuse finds the pair by the secret's hash alone (web/src/features/public-api/server/apiAuth.ts).
    name: 'unknown public key, right secret key',
    expected: '200 (it is not compared) or 401',
    run: async ({ open, pair: { secretKey } }) => {
      const answer = await askWith(open, { publicKey: unknownPublic(), secretKey });
      return judged(answer, answer.status === 200 || answer.status === 401);
    },
  },
];
