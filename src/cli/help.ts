/** Help of lfctl, of a noun and of a command, from the declarations alone. */
import { exitCodes, exitMeanings } from '../errors/exit.ts';
import type { Command, OptionSpec } from './command.ts';
import { formatDuration } from './duration.ts';
import { deploymentGlobals, globalOptions } from './globals.ts';
import type { GlobalName } from './globals.ts';
import { flagOf, lineOf, variableOf } from './names.ts';
import { formatsOf } from './output.ts';
import { lfctlVersion } from './package.ts';
import { columnsText, wrapText } from './layout.ts';

const heading = 'lfctl: operations for self-hosted Langfuse on Kubernetes';

/** Help for the command at a path, for the noun, or for lfctl itself. */
export function helpText(path: readonly string[], commands: readonly Command[], columns: number): string {
  const shown = commands.filter((command) => command.hidden !== true);
  const command = commands.find((one) => one.path.join(' ') === path.join(' '));
  if (command !== undefined) return commandHelp(command, columns);
  const below = shown.filter((one) => path.every((word, index) => one.path[index] === word));
  return listHelp(path, below, columns);
}

function listHelp(path: readonly string[], commands: readonly Command[], columns: number): string {
  const line = ['lfctl', ...path].join(' ');
  const rows = [...commands]
    .sort((left, right) => placeOf(left) - placeOf(right))
    .map((command) => [command.path.join(' '), command.summary] as const);
  return [
    path.length === 0 ? wrapText(`${heading} (${lfctlVersion})`, columns, '') : null,
    `Usage: ${line} ${path.length === 0 ? 'COMMAND' : 'VERB'} [flags]\n`,
    `Commands:\n${columnsText(rows, columns)}`,
    path.length === 0 ? `Flags of every command:\n${columnsText(globalRows(allGlobals), columns)}` : null,
    wrapText(
      `${line} ${path.length === 0 ? 'COMMAND' : 'VERB'} --help says more, with examples.`,
      columns,
      '',
    ),
  ]
    .filter((part) => part !== null)
    .join('\n');
}

/** The everyday words come first; the rest keeps the order of names. */
const everyday = ['doctor', 'status', 'env', 'explain'];

function placeOf({ path }: Command): number {
  const at = everyday.indexOf(path.join(' '));
  return at < 0 ? everyday.length : at;
}

const allGlobals = Object.keys(globalOptions) as GlobalName[];

function commandHelp(command: Command, columns: number): string {
  const args = (command.args ?? []).map((arg) => [arg.name.toUpperCase(), arg.summary] as const);
  const own = Object.entries(command.options).map(([name, spec]) => optionRow(command.path, name, spec));
  const globals = allGlobals.filter((name) => command.takes.length > 0 || !deploymentGlobals.includes(name));
  return [
    wrapText(command.summary, columns, ''),
    `Usage: ${usageLine(command)}\n`,
    wrapText(command.when, columns, ''),
    command.examples.length === 0 ? null : `Examples:\n${examplesText(command, columns)}`,
    args.length === 0 ? null : `Arguments:\n${columnsText(args, columns)}`,
    own.length === 0 ? null : `Flags:\n${columnsText(own, columns)}`,
    `Flags of every command:\n${columnsText(globalRows(globals, command), columns)}`,
    `Exit codes:\n${columnsText(exitRows(command), columns)}`,
  ]
    .filter((part) => part !== null)
    .join('\n');
}

/** `lfctl sandbox break FAULT... [flags]`. */
export function usageLine(command: Command): string {
  const args = (command.args ?? []).map(({ name, required, variadic }) => {
    const text = `${name.toUpperCase()}${variadic ? '...' : ''}`;
    return required ? text : `[${text}]`;
  });
  return [lineOf(command), ...args, '[flags]'].join(' ');
}

const examplesText = (command: Command, columns: number): string =>
  command.examples.map(({ line, text }) => `${wrapText(text, columns, '  # ')}    ${line}\n`).join('');

/** Left and right column of a flag. */
function optionRow(path: readonly string[], name: string, spec: OptionSpec): readonly [string, string] {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  const value = spec.type === 'boolean' ? '' : ` ${spec.placeholder}`;
  return [`${short}${flagOf(name)}${value}`, `${optionText(spec)} [${variableOf(path, name)}]`];
}

/** The summary with choices and default. */
export function optionText(spec: OptionSpec): string {
  const choices = 'choices' in spec && spec.choices !== undefined ? ` (${spec.choices.join(', ')})` : '';
  const initial = defaultText(spec);
  return `${spec.summary}${choices}${initial === null ? '' : ` (default ${initial})`}`;
}

function defaultText(spec: OptionSpec): string | null {
  if (spec.type === 'duration') return spec.defaultMs === undefined ? null : formatDuration(spec.defaultMs);
  if (spec.type === 'string' || spec.type === 'integer')
    return spec.default === undefined ? null : String(spec.default);
  return null;
}

const globalRows = (names: readonly GlobalName[], command?: Command): (readonly [string, string])[] =>
  names.map((name) => {
    const [left, right] = optionRow([], name, globalSpec(name, command));
    return [left, right];
  });

/** --output and --timeout say what they mean for this command. */
function globalSpec(name: GlobalName, command?: Command): OptionSpec {
  const spec: OptionSpec = globalOptions[name];
  if (command === undefined) return spec;
  if (name === 'output') return { ...spec, summary: formatsOf(command).join(', ') };
  if (spec.type === 'duration' && command.timeoutMs !== null)
    return { ...spec, defaultMs: command.timeoutMs };
  return spec;
}

const exitRows = (command: Command): (readonly [string, string])[] =>
  exitsOf(command).map((name) => [String(exitCodes[name]), `${name}: ${exitMeanings[name]}`]);

/** Exits of a command: its own, and those that any command line can give. */
export const exitsOf = (command: Command): readonly (keyof typeof exitCodes)[] => {
  const all = new Set([...command.exits, 'ok', 'usage', 'bug', 'interrupted', 'terminated'] as const);
  return (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).filter((name) => all.has(name));
};
