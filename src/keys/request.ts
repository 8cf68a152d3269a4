import type { KeysRequest, WantedKey } from './create-plan.ts';
import { LfctlError } from '../errors/error.ts';
import { parsePair, requirePrefixes } from './pair.ts';
import { placesFor } from './places.ts';

/** What the command line asks for; the project is looked up later. */
export type AskedKeys = Omit<KeysRequest, 'project' | 'api'>;

interface CreateOptions {
  readonly note?: string | undefined;
  readonly team: readonly string[];
  readonly toSecret?: string | undefined;
  readonly toFile?: string | undefined;
  readonly publicKeyName: string;
  readonly secretKeyName: string;
  readonly reveal: boolean;
  readonly fromInput: boolean;
}

interface PairTerminal {
  readonly interactive: boolean;
  /** Shows what is nowhere else, whatever --quiet says. */
  readonly note: (text: string) => void;
  readonly readInput: () => Promise<string>;
}

/** Reads a given pair, and settles where each one goes. @throws LfctlError USAGE, KEY_NOWHERE, KEY_PAIR_INVALID */
export async function createRequest(options: CreateOptions, terminal: PairTerminal): Promise<AskedKeys> {
  const notes = notesOf(options);
  if (options.fromInput && notes.length > 1)
    throw new LfctlError('USAGE', { message: '--from-input gives one pair, and there are several teams' });
  const places = placesFor(
    {
      toSecret: options.toSecret,
      toFile: options.toFile,
      reveal: options.reveal,
      names: { publicKey: options.publicKeyName, secretKey: options.secretKeyName },
      terminal: terminal.interactive,
      given: options.fromInput,
    },
    options.team.length > 0 ? options.team : [options.note ?? ''],
  );
  const pair = options.fromInput ? parsePair(await terminal.readInput(), 'standard input') : null;
  if (pair !== null) requirePrefixes(pair);
  const keys = notes.flatMap((note, index): WantedKey[] => {
    const place = places[index];
    return place === undefined ? [] : [{ note, place }];
  });
  return { keys, pair, show: (text) => terminal.note(text) };
}

/** A key per team under its name, after the note where there is one. @throws LfctlError USAGE */
function notesOf({ note, team }: CreateOptions): (string | null)[] {
  if (team.length === 0) return [note ?? null];
  if (new Set(team).size < team.length)
    throw new LfctlError('USAGE', { message: 'a team is named twice with --team' });
  return team.map((name) => (note === undefined ? name : `${note} ${name}`));
}
