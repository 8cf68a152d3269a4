import type { Command } from './command.ts';

/** A command answers to its path, to the plural of its noun, and to its aliases. */
export function pathsOf(command: Command): string[][] {
  const [noun, ...verbs] = command.path;
  const aliases = (command.aliases ?? []).map((alias) => alias.split(' '));
  const plural = noun === undefined || verbs.length === 0 ? [] : [[pluralOf(noun), ...verbs]];
  return [[...command.path], ...plural, ...aliases];
}

const pluralOf = (noun: string): string => (/(?:s|x|ch)$/.test(noun) ? `${noun}es` : `${noun}s`);
