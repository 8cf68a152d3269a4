/** One command line from argv to exit code. */
import { commands as allCommands } from '../commands/index.gen.ts';
import { LfctlError } from '../errors/error.ts';
import type { ExitName } from '../errors/exit.ts';
import { exitCodes } from '../errors/exit.ts';
import type { Command } from './command.ts';
import { renderError, toLfctlError } from './failure.ts';
import { globalOptions } from './globals.ts';
import { helpText } from './help.ts';
import type { Host } from './host.ts';
import { lfctlVersion } from './package.ts';
import { styleOf } from './style.ts';
import { resolveOptions } from './values.ts';
import { writeText } from './write.ts';

/** Declarations differ in their options' types; the program treats them alike. */
const registered = allCommands as unknown as readonly Command[];

/** Runs one command line. Resolves with the exit code when all output is written; never rejects. */
export async function runCli(
  argv: readonly string[],
  host: Host,
  commands: readonly Command[] = registered,
): Promise<number> {
  // A closed reader is seen by write's own callback; without a listener the event would end the process.
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => undefined);
  try {
    return exitCodes[await answer(argv, host, commands)];
  } catch (thrown) {
    const error = toLfctlError(thrown);
    await writeText(host.stderr, await renderError(error, earlyLook(argv, host)));
    return exitCodes[error.exit];
  }
}

async function answer(argv: readonly string[], host: Host, commands: readonly Command[]): Promise<ExitName> {
  if (argv[0] === '__complete') return await complete(argv.slice(1), host, commands);
  const simple = argv.length === 1 ? argv[0] : argv.length === 0 ? '--help' : undefined;
  // Commander is not loaded for the two lines that are typed most often.
  if (simple === '--version' || simple === '-V') return await print(host, `${lfctlVersion}\n`);
  if (simple === '--help' || simple === '-h' || simple === 'help') return await help([], host, commands);
  const { parseArgv } = await import('./program.ts');
  const parsed = parseArgv(argv, commands);
  if (parsed.kind === 'help') return await help(parsed.path, host, commands);
  if (parsed.kind === 'version') return await answer(versionCommandLine(argv), host, commands);
  const { execute } = await import('./execute.ts');
  return await execute(parsed, host);
}

/** `--version` beside other flags (`-o json --version`) is the command of that name with them. */
function versionCommandLine(argv: readonly string[]): string[] {
  return ['version', ...argv.filter((word) => word !== '--version' && word !== '-V')];
}

async function help(path: readonly string[], host: Host, commands: readonly Command[]): Promise<ExitName> {
  const style = styleOf(host.stdout, host.env, { noColor: true, verbose: false, interactive: false });
  return await print(host, helpText(path, commands, style.columns));
}

async function complete(
  words: readonly string[],
  host: Host,
  commands: readonly Command[],
): Promise<ExitName> {
  const { completions } = await import('./complete.ts');
  return await print(host, await completions(words, host, commands));
}

async function print(host: Host, text: string): Promise<ExitName> {
  const failed = await writeText(host.stdout, text);
  if (failed !== null) throw new LfctlError('OUTPUT_WRITE', { message: `cannot write: ${failed.message}` });
  return 'ok';
}

/** How an error is to look when argv itself may be what is wrong: read as far as it can be. */
function earlyLook(argv: readonly string[], host: Host): Parameters<typeof renderError>[1] {
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const noColor = flags.includes('--no-color');
  const style = styleOf(host.stderr, host.env, { noColor, verbose: false, interactive: false });
  return {
    format: askedFormat(flags) ?? host.env['LFCTL_OUTPUT'] ?? 'text',
    color: style.color,
    debug: flags.includes('--debug') || wantsDebug(host),
  };
}

function askedFormat(flags: readonly string[]): string | undefined {
  for (const [index, flag] of flags.entries()) {
    const inline = /^(?:--output=|-o=?)(.+)$/.exec(flag)?.[1];
    if (inline !== undefined) return inline;
    if (flag === '-o' || flag === '--output') return flags[index + 1];
  }
  return undefined;
}

/** An LFCTL_DEBUG that is no boolean is told where settings are resolved; here it only means no stack. */
function wantsDebug(host: Host): boolean {
  try {
    return resolveOptions({ debug: globalOptions.debug }, [], {}, host.env)['debug'] === true;
  } catch {
    return false;
  }
}
