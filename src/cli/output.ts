import { unreachable } from '../errors/error.ts';
import type { Command, CommandResult, OutputFormat, TextStyle } from './command.ts';
import { lfctlVersion } from './package.ts';
import { didYouMean } from '../errors/suggest.ts';
import { usage } from './values.ts';

/** Formats that the command can give. */
export const formatsOf = (command: Command): readonly OutputFormat[] => [
  'text',
  'json',
  'yaml',
  ...(command.formats ?? []).filter((format) => !['text', 'json', 'yaml'].includes(format)),
];

/** The format that was asked for, if one was; known before the command runs. @throws LfctlError USAGE */
export function askedFormat(command: Command, asked: string | undefined): OutputFormat | null {
  if (asked === undefined || asked === '') return null;
  const offered = formatsOf(command);
  const format = offered.find((name) => name === asked);
  if (format !== undefined) return format;
  const given = offered.join(', ');
  throw usage(`-o ${asked} is not offered here: ${given}`, didYouMean(asked, offered));
}

/** As asked; else TSV for a list that is piped, else text. */
export const formatFor = (asked: OutputFormat | null, result: CommandResult, piped: boolean): OutputFormat =>
  asked ?? (piped && result.rows !== undefined ? 'tsv' : 'text');

/** The whole of stdout for a result, ending in a line break. */
export async function renderResult(
  result: CommandResult,
  format: OutputFormat,
  style: TextStyle,
  now: Date,
): Promise<string> {
  return withLineEnd(await textOf(result, format, style, now));
}

async function textOf(
  result: CommandResult,
  format: OutputFormat,
  style: TextStyle,
  now: Date,
): Promise<string> {
  switch (format) {
    case 'json':
      return await toJson(result, now);
    case 'yaml':
      return await toYamlText(result, now);
    case 'tsv': {
      const { toTsv } = await import('../render/tsv.ts');
      return result.rows === undefined ? await plainText(result, style, now) : toTsv(result.rows());
    }
    case 'text':
      return await plainText(result, style, now);
    case 'junit':
    case 'markdown':
    case 'html':
    case 'prometheus':
    case 'env':
      // A command whose flags leave a format without a meaning says it in plain text, not in nothing.
      return result.formats?.[format]?.() ?? (await plainText(result, style, now));
    default:
      return unreachable(format);
  }
}

const plainText = async (result: CommandResult, style: TextStyle, now: Date): Promise<string> =>
  result.text === undefined ? await toYamlText(result, now) : result.text(style);

/** A schema document is one already; everything else comes in the envelope. */
async function documentOf(result: CommandResult, now: Date): Promise<unknown> {
  const { envelope } = await import('../render/envelope.ts');
  return result.bare === true ? result.data : envelope(result, lfctlVersion, now);
}

const toJson = async (result: CommandResult, now: Date): Promise<string> =>
  JSON.stringify(await documentOf(result, now), null, 2);

async function toYamlText(result: CommandResult, now: Date): Promise<string> {
  const { toYaml } = await import('../render/yaml.ts');
  return toYaml(await documentOf(result, now));
}

const withLineEnd = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
