import { cleanText } from '../clean.ts';
import type { RotatedKey, Stage } from '../../keys/rotate/result.ts';

/** A line per key: what it is now, and by what the overlap ended. */
export function rotatedText(keys: readonly RotatedKey[]): string {
  return keys.map((key) => [headline(key), ...detail(key), ''].join('\n')).join('');
}

function headline({ publicKey, newPublicKey, project, stage }: RotatedKey): string {
  return `${cleanText(project)}: ${publicKey} -> ${newPublicKey}: ${words[stage]}`;
}

const words: Readonly<Record<Stage, string>> = {
  planned: 'not begun, or taken back',
  created: 'the new key is made, and nobody has it yet',
  distributed: 'the new pair is handed out, both keys work',
  adopted: 'the consumers run with the new key, both keys work',
  draining: 'the old key is idle, both keys work',
  revoked: 'the old key is revoked',
  undone: 'as it was: the old key works, the new one is gone',
};

function detail({ evidence }: RotatedKey): string[] {
  if (evidence === null) return [];
  const seconds = Math.round(evidence.idleMs / 1000);
  if (evidence.isNewUsed === null)
    return [`  waited ${String(seconds)} s; whether the old key was still used could not be seen`];
  const use = evidence.isNewUsed ? 'the new key was seen in use' : 'nobody used the new key meanwhile';
  return [`  the old key had been idle for ${String(seconds)} s; ${use}`];
}
