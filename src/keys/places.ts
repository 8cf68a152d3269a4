import { LfctlError } from '../errors/error.ts';
import type { PairNames, Place, SecretPlace } from './deliver.ts';

/** What a command line says about where pairs go. */
export interface PlaceOptions {
  /** `NAMESPACE/NAME`; `{team}` stands for the team. */
  readonly toSecret: string | undefined;
  readonly toFile: string | undefined;
  readonly reveal: boolean;
  readonly names: PairNames;
  /** A person sits at the terminal, and it is not silenced. */
  readonly terminal: boolean;
  /** The pair was given: its owner has it. */
  readonly given: boolean;
}

/** A place for each pair. `teams`: one name per pair. @throws LfctlError USAGE, KEY_NOWHERE */
export function placesFor(options: PlaceOptions, teams: readonly string[]): Place[] {
  const { toSecret, toFile, reveal } = options;
  const asked = [toSecret !== undefined, toFile !== undefined, reveal].filter(Boolean).length;
  if (asked > 1) throw usage('one of --to-secret, --to-file and --reveal says where the secret goes');
  const pattern = toSecret ?? toFile;
  if (teams.length > 1 && pattern?.includes('{team}') === false)
    throw usage(`several pairs do not fit into ${pattern}: write {team} where the team's name is to stand`);
  return teams.map((team) => placeFor(options, team));
}

const usage = (message: string): LfctlError => new LfctlError('USAGE', { message });

function placeFor({ toSecret, toFile, reveal, names, terminal, given }: PlaceOptions, team: string): Place {
  const filled = (text: string): string => text.replaceAll('{team}', () => slug(team));
  if (toSecret !== undefined) return secretPlace(filled(toSecret), names);
  if (toFile !== undefined) return { kind: 'file', path: filled(toFile), names };
  if (reveal) return { kind: 'result' };
  if (given) return { kind: 'nowhere' };
  if (terminal) return { kind: 'terminal' };
  throw new LfctlError('KEY_NOWHERE', {
    message: 'nobody sits at a terminal to see the new secret; nothing was made',
  });
}

/** A name that objects and files may have. */
export const slug = (team: string): string =>
  team
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

const label = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';

export function secretPlace(text: string, names: PairNames): SecretPlace {
  const [, namespace, name] = new RegExp(`^(${label})/(${label})$`).exec(text) ?? [];
  if (namespace === undefined || name === undefined)
    throw usage(`--to-secret ${text}: it is NAMESPACE/NAME of a Secret`);
  return { kind: 'secret', namespace, name, names };
}
