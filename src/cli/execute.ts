/** Runs a parsed command: settings, services, deadline, result. */
import { access } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../adapters/child.ts';
import { loadConfig } from '../deployment/config/load.ts';
import { configPath } from '../deployment/config/place.ts';
import { resolveSettings } from '../deployment/config/settings.ts';
import type { Settings } from '../deployment/settings.ts';
import { LfctlError } from '../errors/error.ts';
import { worstExit } from '../errors/exit.ts';
import type { ExitName } from '../errors/exit.ts';
import { startDeadline } from './abort.ts';
import type { RunDeadline } from './abort.ts';
import { openAsker } from './asker.ts';
import type { Command, CommandResult, OptionValues, OutputFormat, RunContext, TextStyle } from './command.ts';
import { toLfctlError } from './failure.ts';
import { globalOptions } from './globals.ts';
import type { GlobalValues } from './globals.ts';
import type { Host } from './host.ts';
import { loggedKube } from './logged-kube.ts';
import { askedFormat, formatFor, renderResult } from './output.ts';
import type { Parsed } from './program.ts';
import type { Services } from './services.ts';
import { openFingerprinter, openStateFolder } from './state.ts';
import { styleOf } from './style.ts';
import { openTerminal } from './terminal.ts';
import type { OwnTerminal } from './terminal.ts';
import { checkArguments, resolveOptions } from './values.ts';
import { wirePorts } from './wire.ts';
import { writeText } from './write.ts';

type Run = Extract<Parsed, { kind: 'run' }>;

/** Deadline of one step where a command has none of its own, in milliseconds. */
const stepTimeoutMs = 30_000;

/** @throws LfctlError for everything that ends without a result */
export async function execute(run: Run, host: Host): Promise<ExitName> {
  const { command } = run;
  const globals = resolveOptions(globalOptions, [], run.globals, host.env) as unknown as GlobalValues;
  const options = resolveOptions(command.options, command.path, run.options, host.env);
  checkArguments(command.args ?? [], run.args);
  const asked = askedFormat(command, globals.output);
  const settings = await settingsOf(run, globals, host);
  const terminal = openTerminal(host, globals);
  const style = styleOf(host.stdout, host.env, { ...globals, interactive: terminal.interactive });
  const ownDeadline = command.deadline === 'own';
  const deadline = startDeadline(host, ownDeadline ? null : (globals.timeout ?? command.timeoutMs));
  const { signal } = deadline;
  const services = servicesOf(host, terminal, signal);
  const typed = options as OptionValues<Command['options']>;
  const context = { options: typed, args: run.args, settings, services, style, signal };
  try {
    const result = await underDeadline(command, context, deadline);
    const format = formatFor(asked, result, host.stdout.isTTY !== true);
    await show(result, { format, style, quiet: globals.quiet, host, terminal });
    refuseLate(result.exit, signal);
    return result.exit;
  } finally {
    deadline.dispose();
    terminal.clear();
  }
}

async function underDeadline(
  command: Command,
  context: RunContext<Command['options']>,
  { signal, overdue }: RunDeadline,
): Promise<CommandResult> {
  try {
    return await Promise.race([command.run(context), overdue]);
  } catch (thrown) {
    throw signal.aborted ? endedBy(signal.reason, thrown) : toLfctlError(thrown);
  }
}

/** A result that came after the deadline or a signal was shown; its exit code is said with its reason. */
function refuseLate(exit: ExitName, signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason = toLfctlError(signal.reason);
  if (exit !== reason.exit && worstExit(exit, reason.exit) === reason.exit) throw reason;
}

/** After a signal most failures are its consequence; steps left behind and faults of ours are not. */
function endedBy(reason: unknown, thrown: unknown): LfctlError {
  const cause = toLfctlError(reason);
  const own = thrown instanceof LfctlError ? thrown : cause;
  return worstExit(own.exit, cause.exit) === cause.exit ? cause : own;
}

interface Showing {
  readonly format: OutputFormat;
  readonly style: TextStyle;
  readonly quiet: boolean;
  readonly host: Host;
  readonly terminal: OwnTerminal;
}

async function show(result: CommandResult, { format, style, quiet, host, terminal }: Showing): Promise<void> {
  terminal.clear();
  if (quiet && result.exit === 'ok' && (format === 'text' || format === 'tsv')) return;
  const failed = await writeText(host.stdout, await renderResult(result, format, style, host.now()));
  if (failed !== null) throw new LfctlError('OUTPUT_WRITE', { message: `cannot write: ${failed.message}` });
}

/** Commands that look at no deployment do not read the file: `lfctl explain` works when it is broken. */
async function settingsOf(
  { command, globals: raw }: Run,
  globals: GlobalValues,
  host: Host,
): Promise<Settings> {
  const named = globals.config;
  const path = named ?? configPath(host.env, host.homeFolder);
  const reads = command.takes.length > 0 && command.readsConfig !== false;
  const config = reads ? await loadConfig(path, named !== undefined) : null;
  const flags = command.takes.length === 0 ? {} : flagsOf(raw);
  return await resolveSettings({
    flags,
    env: command.takes.length === 0 ? {} : host.env,
    config,
    configFile: path ?? '~/.config/lfctl/config.yaml',
    timeoutMs: globals.timeout ?? command.timeoutMs ?? stepTimeoutMs,
    clusterAtHand: await isClusterAtHand(host),
  });
}

function flagsOf(raw: Run['globals']): Record<string, string | undefined> {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    deployment: text('deployment'),
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    namespace: text('namespace'),
    release: text('release'),
  };
}

async function isClusterAtHand({ env, homeFolder }: Host): Promise<boolean> {
  if ((env['KUBECONFIG'] ?? '') !== '' || (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '') return true;
  if (homeFolder === null) return false;
  return await access(join(homeFolder, '.kube', 'config')).then(
    () => true,
    () => false,
  );
}

/** In a pod the host name is the pod's. */
function actorOf(env: Host['env']): string {
  const named = [env['USER'], env['LOGNAME'], env['USERNAME']].find(
    (name) => name !== undefined && name !== '',
  );
  return `${named ?? accountName() ?? 'unknown'}@${hostname()}`;
}

/** A random user id in a pod has no account. */
function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

function servicesOf(host: Host, terminal: OwnTerminal, signal: AbortSignal): Services {
  const stateFolder = openStateFolder(host);
  const ports = wirePorts({ debug: terminal.debug, env: host.env });
  return {
    ...ports,
    openKube: loggedKube(ports.openKube, terminal.debug),
    env: host.env,
    homeFolder: host.homeFolder,
    ...(terminal.interactive ? { ask: openAsker(host, signal) } : {}),
    now: host.now,
    startChild,
    actor: actorOf(host.env),
    terminal,
    stateFolder,
    fingerprinter: openFingerprinter(stateFolder),
  };
}
