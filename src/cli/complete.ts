/** `lfctl __complete WORDS…`: what could stand where the cursor is. Fast, silent, and never an error. */
import { pathsOf } from './paths.ts';
import type { ArgumentSpec, Command, OptionSpec } from './command.ts';
import { globalOptions } from './globals.ts';
import type { Host } from './host.ts';
import { liveWords } from './live-words.ts';
import { flagOf } from './names.ts';
import { formatsOf } from './output.ts';

/** One offer, with a few words about it. */
export type Offer = readonly [word: string, about: string];

/** Offers one a line, `word TAB about`. The last word is the one that is being typed; it may be empty. */
export async function completions(
  words: readonly string[],
  host: Host,
  commands: readonly Command[],
): Promise<string> {
  try {
    const offers = await offersFor(joinEquals(words), host, commands);
    const typed = joinEquals(words).at(-1) ?? '';
    const shown = offers.filter(([word]) => word.startsWith(valueTyped(typed)));
    return shown.map(([word, about]) => `${word}\t${about.replaceAll(/\s+/g, ' ')}\n`).join('');
  } catch {
    return '';
  }
}

/** Bash breaks `--output=js` into three words. */
function joinEquals(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (word === '=' && joined.length > 0) joined.push(`${joined.pop() ?? ''}=`);
    else if (before === '=' && joined.length > 0) joined.push(`${joined.pop() ?? ''}${word}`);
    else joined.push(word);
  }
  return joined;
}

/** What is typed of the value itself. */
const valueTyped = (word: string): string =>
  word.startsWith('--') && word.includes('=') ? word.slice(word.indexOf('=') + 1) : word;

async function offersFor(
  words: readonly string[],
  host: Host,
  commands: readonly Command[],
): Promise<Offer[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { command, path, rest } = commandOf(before, commands);
  const specs: Readonly<Record<string, OptionSpec>> = { ...globalOptions, ...command?.options };
  const asked =
    typed.startsWith('--') && typed.includes('=') ? typed.slice(0, typed.indexOf('=')) : before.at(-1);
  const option = asked === undefined ? undefined : optionOf(asked, specs);
  if (option !== undefined && option.spec.type !== 'boolean' && !before.includes('--'))
    return await valuesOf(option, command, words, host);
  if (typed.startsWith('-') && !before.includes('--')) return flagOffers(specs);
  if (command === undefined) return verbOffers(path, commands);
  return await argumentOffers(command, rest, words, host);
}

interface Place {
  readonly command: Command | undefined;
  /** Words that were taken as nouns and verbs. */
  readonly path: readonly string[];
  /** Positional arguments before the cursor. */
  readonly rest: readonly string[];
}

function commandOf(before: readonly string[], commands: readonly Command[]): Place {
  const plain = withoutFlags(before);
  const found = commands
    .flatMap((command) => pathsOf(command).map((path) => ({ command, path })))
    .filter(({ path }) => path.every((word, index) => plain[index] === word))
    .sort((left, right) => right.path.length - left.path.length)[0];
  if (found === undefined) return { command: undefined, path: plain, rest: [] };
  return { command: found.command, path: found.path, rest: plain.slice(found.path.length) };
}

/** Without flags and their values; a flag of a command that is not known yet is taken for a switch. */
function withoutFlags(words: readonly string[]): string[] {
  const plain: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) plain.push(word);
    else if (!word.includes('=') && (optionOf(word, globalOptions)?.spec.type ?? 'boolean') !== 'boolean')
      index += 1;
  }
  return plain;
}

interface Option {
  readonly name: string;
  readonly spec: OptionSpec;
}

function optionOf(flag: string, specs: Readonly<Record<string, OptionSpec>>): Option | undefined {
  const found = Object.entries(specs).find(
    ([name, spec]) => flag === flagOf(name) || (spec.short !== undefined && flag === `-${spec.short}`),
  );
  return found === undefined ? undefined : { name: found[0], spec: found[1] };
}

const flagOffers = (specs: Readonly<Record<string, OptionSpec>>): Offer[] => [
  ...Object.entries(specs).map(([name, spec]): Offer => [flagOf(name), spec.summary]),
  ['--help', 'help of the command'],
];

function verbOffers(path: readonly string[], commands: readonly Command[]): Offer[] {
  const next = new Map<string, string>();
  for (const command of commands.filter((one) => one.hidden !== true)) {
    const below = pathsOf(command).find((own) => path.every((word, index) => own[index] === word));
    const word = path.length === 0 ? command.path[0] : below?.[path.length];
    if (word === undefined || (path.length > 0 && below === undefined)) continue;
    const isNoun = (below?.length ?? command.path.length) > path.length + 1;
    next.set(word, isNoun ? `commands of ${word}` : command.summary);
  }
  return [...next];
}

async function valuesOf(
  { name, spec }: Option,
  command: Command | undefined,
  words: readonly string[],
  host: Host,
): Promise<Offer[]> {
  if (name === 'output')
    return (command === undefined ? ['text', 'json', 'yaml'] : formatsOf(command)).map((format) => [
      format,
      '',
    ]);
  if ('choices' in spec && spec.choices !== undefined) return spec.choices.map((choice) => [choice, '']);
  const offers = await liveWords(spec.completes, words, host);
  return spec.type === 'strings' ? afterComma(offers, valueTyped(words.at(-1) ?? '')) : offers;
}

/** Lists may be typed with commas: what comes after the last one is completed, without what is there already. */
function afterComma(offers: readonly Offer[], typed: string): Offer[] {
  const given = typed.split(',').slice(0, -1);
  const before = given.map((word) => `${word},`).join('');
  return offers.filter(([word]) => !given.includes(word)).map(([word, about]) => [`${before}${word}`, about]);
}

async function argumentOffers(
  command: Command,
  given: readonly string[],
  words: readonly string[],
  host: Host,
): Promise<Offer[]> {
  const spec = argumentAt(command.args ?? [], given.length);
  if (spec === undefined) return [];
  if (spec.choices !== undefined) return spec.choices.map((choice) => [choice, '']);
  const offers = await liveWords(spec.completes, words, host);
  return spec.variadic ? offers.filter(([word]) => !given.includes(word)) : offers;
}

function argumentAt(specs: readonly ArgumentSpec[], index: number): ArgumentSpec | undefined {
  const last = specs.at(-1);
  return specs[index] ?? (last?.variadic === true ? last : undefined);
}
