import { LfctlError, unreachable } from '../errors/error.ts';
import type { ArgumentSpec, OptionSpec } from './command.ts';
import { parseDuration } from './duration.ts';
import { flagOf, variableOf } from './names.ts';
import { didYouMean } from '../errors/suggest.ts';

/** What the command line said of one flag, unparsed: absent, given (boolean) or its texts. */
export type RawValue = boolean | string | readonly string[] | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options of a command by its declaration: flag, else environment, else default.
 * All problems are reported in one error. @throws LfctlError USAGE
 */
export function resolveOptions(
  specs: Readonly<Record<string, OptionSpec>>,
  path: readonly string[],
  raw: Readonly<Record<string, RawValue>>,
  env: Environment,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const flag = raw[name];
    const variable = variableOf(path, name);
    const fromEnv = env[variable];
    if (flag !== undefined) values[name] = convert(spec, flag, flagOf(name));
    else if (fromEnv !== undefined && fromEnv !== '') values[name] = convert(spec, fromEnv, variable);
    else values[name] = defaultOf(spec);
  }
  return values;
}

function defaultOf(spec: OptionSpec): unknown {
  switch (spec.type) {
    case 'boolean':
      return false;
    case 'strings':
      return [];
    case 'duration':
      return spec.defaultMs;
    case 'string':
    case 'integer':
      return spec.default;
    default:
      return unreachable(spec);
  }
}

function convert(spec: OptionSpec, raw: Exclude<RawValue, undefined>, origin: string): unknown {
  if (spec.type === 'boolean') return typeof raw === 'boolean' ? raw : toBoolean(String(raw), origin);
  const texts = typeof raw === 'string' ? [raw] : typeof raw === 'boolean' ? [] : raw;
  const last = texts.at(-1) ?? '';
  switch (spec.type) {
    case 'string':
      return checkChoice(spec.choices, last, origin);
    case 'strings':
      return texts
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .map((text) => checkChoice(spec.choices, text, origin));
    case 'integer':
      return toInteger(spec, last, origin);
    case 'duration':
      return toDuration(spec, last, origin);
    default:
      return unreachable(spec);
  }
}

function toBoolean(text: string, origin: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  if (/^(?:0|false|no|off)$/i.test(text)) return false;
  throw usage(`${origin} is '${text}': true or false is needed`);
}

function toInteger(spec: Extract<OptionSpec, { type: 'integer' }>, text: string, origin: string): number {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number))
    throw usage(`${origin} is '${text}': a whole number is needed`);
  const { minimum, maximum } = spec;
  if (minimum !== undefined && number < minimum)
    throw usage(`${origin} is ${text}: at least ${String(minimum)} is needed`);
  if (maximum !== undefined && number > maximum)
    throw usage(`${origin} is ${text}: at most ${String(maximum)} is allowed`);
  return number;
}

function toDuration(spec: Extract<OptionSpec, { type: 'duration' }>, text: string, origin: string): number {
  const ms = parseDuration(text, spec.age === true ? Number.MAX_SAFE_INTEGER : undefined);
  if (ms === null) throw usage(`${origin} is '${text}': a duration such as 500ms, 30s, 2m or 1h is needed`);
  if (ms === 0) throw usage(`${origin} is '${text}': more than zero is needed`);
  return ms;
}

function checkChoice(choices: readonly string[] | undefined, text: string, origin: string): string {
  if (choices === undefined || choices.includes(text)) return text;
  throw usage(`${origin} is '${text}': one of ${choices.join(', ')} is needed`, didYouMean(text, choices));
}

/** Holds positional arguments to their declaration. @throws LfctlError USAGE */
export function checkArguments(specs: readonly ArgumentSpec[], given: readonly string[]): void {
  for (const [index, spec] of specs.entries()) {
    const values = spec.variadic ? given.slice(index) : given.slice(index, index + 1);
    for (const value of values) checkChoice(spec.choices, value, spec.name.toUpperCase());
  }
}

/** An error of wrong flags or arguments, with a hint as its first step. */
export function usage(message: string, hint: string | null = null): LfctlError {
  return new LfctlError('USAGE', { message, fixes: hint === null ? [] : [{ text: hint }] });
}
