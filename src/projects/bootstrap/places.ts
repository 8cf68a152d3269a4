import { LfctlError } from '../../errors/error.ts';
import type { PlannedKey } from '../../keys/create-plan.ts';
import type { Place } from '../../keys/deliver.ts';
import { placeText } from '../../keys/deliver.ts';
import type { PlaceOptions } from '../../keys/places.ts';
import { placesFor, slug } from '../../keys/places.ts';

/** Whose key it is. */
interface Owner {
  readonly project: string;
  readonly team: string;
  /** The team's own place, which goes before the command line's. */
  readonly toSecret: string | undefined;
}

/** Where one pair goes: `{project}` and `{team}` in a pattern are filled in. @throws LfctlError USAGE, KEY_NOWHERE */
export function placeOf(options: PlaceOptions, { project, team, toSecret }: Owner): Place {
  const filled = (text: string | undefined): string | undefined =>
    text?.replaceAll('{project}', () => slug(project));
  const own = toSecret === undefined ? options : { ...options, toSecret, toFile: undefined, reveal: false };
  const [place] = placesFor({ ...own, toSecret: filled(own.toSecret), toFile: filled(own.toFile) }, [team]);
  if (place === undefined) throw new LfctlError('BUG', { message: 'a pair has no place' });
  return place;
}

/** Two pairs in one place: the second would be refused half-way. @throws LfctlError USAGE */
export function refuseShared(keys: readonly Pick<PlannedKey, 'place' | 'note'>[]): void {
  const seen = new Map<string, string | null>();
  for (const { place, note } of keys) {
    if (place.kind !== 'secret' && place.kind !== 'file') continue;
    const text = placeText(place);
    if (seen.has(text))
      throw new LfctlError('USAGE', {
        message: `the pairs of '${seen.get(text) ?? ''}' and '${note ?? ''}' would both go to ${text}: write {project} and {team} into its name`,
      });
    seen.set(text, note);
  }
}
