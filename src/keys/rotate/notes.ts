import type { Waits } from './input.ts';
import type { Surveyed } from './prepare.ts';

/** What belongs to a plan and is no step of it, in lines for people. */
export function notesOf(
  keys: readonly Surveyed[],
  skipped: readonly { readonly publicKey: string; readonly why: string }[],
  waits: Waits,
): string[] {
  const unknown = new Set(keys.flatMap(({ survey }) => survey.unknown));
  return [
    ...keys.flatMap(notesOfKey),
    ...skipped.map(({ publicKey, why }) => `left out: ${publicKey}: ${why}`),
    ...[...unknown].map((what) => `not looked at: ${what}`),
    ...(waits.keepOld || waits.isSeen || keys.length === 0
      ? []
      : ['that nobody uses the old key any more is not seen: the overlap ends by time']),
  ];
}

function notesOfKey({ rotation, survey }: Surveyed): string[] {
  const handOvers = survey.handOvers.map(
    ({ place, why, instead }) => `to be handed over: ${place} (${why}): change it ${instead}`,
  );
  return [
    ...survey.left.map((text) => `not restarted: ${text}`),
    ...handOvers,
    ...keptNote(rotation.publicKey, handOvers),
  ];
}

const keptNote = (publicKey: string, handOvers: readonly string[]): string[] =>
  handOvers.length === 0 ? [] : [`afterwards: lfctl key revoke ${publicKey}`];
