/** Declarations → commander program. Commander splits argv; types, defaults and variables are ours (values.ts). */
import { Command as Program, CommanderError, Option } from 'commander';
import type { ArgumentSpec, Command, OptionSpec } from './command.ts';
import { globalOptions } from './globals.ts';
import { flagOf } from './names.ts';
import { pathsOf } from './paths.ts';
import { didYouMean } from '../errors/suggest.ts';
import { usage } from './values.ts';
import type { RawValue } from './values.ts';

/** What argv says. */
export type Parsed =
  | { readonly kind: 'help'; readonly path: readonly string[] }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly globals: Readonly<Record<string, RawValue>>;
      readonly options: Readonly<Record<string, RawValue>>;
      readonly args: readonly string[];
    };

/** Thrown out of commander to end parsing with something other than a command. */
class Answered extends Error {
  readonly parsed: Parsed;

  constructor(parsed: Parsed) {
    super(parsed.kind);
    this.parsed = parsed;
  }
}

/** @throws LfctlError USAGE, with what was probably meant */
export function parseArgv(argv: readonly string[], commands: readonly Command[]): Parsed {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv];
  try {
    programOf(commands).parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof Answered) return error.parsed;
    if (error instanceof CommanderError) throw toUsage(error);
    throw error;
  }
  return { kind: 'help', path: [] };
}

function programOf(commands: readonly Command[]): Program {
  const root = new Program('lfctl');
  root.option('-V, --version');
  addOptions(root, globalOptions);
  asNoun(root, []);
  for (const command of commands) for (const path of pathsOf(command)) addCommand(root, command, path);
  return root;
}

function addCommand(root: Program, command: Command, path: readonly string[]): void {
  let program = root;
  for (const [index, word] of path.entries()) {
    const known = program.commands.find((child) => child.name() === word);
    program =
      known ?? asNoun(program.command(word, { hidden: isHidden(command, path) }), path.slice(0, index + 1));
  }
  for (const spec of command.args ?? []) program.argument(argumentText(spec), spec.summary);
  addOptions(program, command.options);
  program.allowExcessArguments(false).allowUnknownOption(false);
  program.helpInformation = answerHelp(command.path);
  program.action(() => {
    throw new Answered({
      kind: 'run',
      command,
      globals: root.opts<Record<string, RawValue>>(),
      options: program.opts<Record<string, RawValue>>(),
      args: program.args,
    });
  });
}

/** Aliases and plurals are not suggested: the one name that the docs have is. */
const isHidden = (command: Command, path: readonly string[]): boolean =>
  command.hidden === true || path[0] !== command.path[0];

const answerHelp = (path: readonly string[]) => (): string => {
  throw new Answered({ kind: 'help', path });
};

/** A noun alone is not a command: it names its verbs. */
function asNoun(program: Program, path: readonly string[]): Program {
  program.exitOverride().helpCommand(false).helpOption('-h, --help');
  program.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  program.allowExcessArguments(true).allowUnknownOption(true);
  program.helpInformation = answerHelp(path);
  program.action(() => {
    throw nounAlone(program, path);
  });
  return program;
}

function nounAlone(program: Program, path: readonly string[]): Error {
  const verbs = program
    .createHelp()
    .visibleCommands(program)
    .map((child) => child.name());
  const wrong = program.args[0];
  if (wrong?.startsWith('-') === true) return unknownFlag(program, wrong);
  const name = [...path, wrong].join(' ');
  if (wrong !== undefined)
    return usage(`unknown command '${name}'`, didYouMean(wrong, verbs) ?? 'lfctl --help lists the commands');
  if (path.length > 0)
    return usage(
      `lfctl ${path.join(' ')} needs a verb: ${verbs.join(', ')}`,
      `lfctl ${path.join(' ')} --help says what each does`,
    );
  const version = program.opts()['version'] === true;
  return new Answered(version ? { kind: 'version' } : { kind: 'help', path: [] });
}

function unknownFlag(program: Program, flag: string): Error {
  const name = flag.split('=')[0] ?? flag;
  const known = program.options.map((option) => option.long ?? '');
  return usage(`unknown option '${name}'`, didYouMean(name, known) ?? 'lfctl --help lists the flags');
}

const argumentText = ({ name, required, variadic }: ArgumentSpec): string => {
  const inner = variadic ? `${name}...` : name;
  return required ? `<${inner}>` : `[${inner}]`;
};

function addOptions(program: Program, specs: Readonly<Record<string, OptionSpec>>): void {
  for (const [name, spec] of Object.entries(specs)) {
    const option = new Option(optionText(name, spec));
    option.attributeName = (): string => name;
    // Commander reads --no-color as a switch on `color`; here it is a flag like any other.
    option.negate = false;
    if (spec.type === 'strings')
      option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
    program.addOption(option);
  }
}

const optionText = (name: string, spec: OptionSpec): string =>
  [
    spec.short === undefined ? '' : `-${spec.short}, `,
    flagOf(name),
    spec.type === 'boolean' ? '' : ` <${spec.placeholder}>`,
  ].join('');

/** Commander's message in lfctl's form: one sentence, and its suggestion as the next step. */
function toUsage(error: CommanderError): Error {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest.find((line) => line.startsWith('(Did you mean'));
  return usage(first, hint?.replace(/^\(D(.*)\)$/, 'd$1') ?? 'add --help to see its flags and arguments');
}
