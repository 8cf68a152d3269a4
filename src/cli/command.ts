import type { Settings } from '../deployment/settings.ts';
import type { ExitName } from '../errors/exit.ts';
import type { Services } from './services.ts';

/** Every format of --output; each command offers some of them. */
export type OutputFormat =
  | 'text'
  | 'json'
  | 'yaml'
  | 'tsv'
  | 'junit'
  | 'markdown'
  | 'html'
  | 'prometheus'
  | 'env';

/** One flag or argument. From it come the type, the flag, the environment name, the help, the docs row and completion. */
export type OptionSpec =
  | (OptionBase & { readonly type: 'boolean' })
  | (OptionBase & {
      readonly type: 'string';
      readonly placeholder: string;
      readonly choices?: readonly string[];
      readonly default?: string;
    })
  | (OptionBase & {
      readonly type: 'strings';
      readonly placeholder: string;
      readonly choices?: readonly string[];
    })
  | (OptionBase & {
      readonly type: 'integer';
      readonly placeholder: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly default?: number;
    })
  /** Text such as 500ms, 30s, 2m, 1h; milliseconds in the program. `age`: no timer waits for it, so it may be long. */
  | (OptionBase & {
      readonly type: 'duration';
      readonly placeholder: string;
      readonly defaultMs?: number;
      readonly age?: true;
    });

interface OptionBase {
  readonly short?: string;
  readonly summary: string;
  /** What completion offers, live where the word says so. */
  readonly completes?:
    | 'deployment'
    | 'check'
    | 'fault'
    | 'sandbox'
    | 'context'
    | 'namespace'
    | 'file'
    | 'schema'
    | 'explain';
}

/** A positional argument. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic: boolean;
  readonly choices?: readonly string[];
  readonly completes?: OptionBase['completes'];
}

type Value<Spec extends OptionSpec> = Spec extends { type: 'boolean' }
  ? boolean
  : Spec extends { type: 'strings' }
    ? readonly string[]
    : Spec extends { type: 'integer' }
      ? Spec extends { default: number }
        ? number
        : number | undefined
      : Spec extends { type: 'duration' }
        ? Spec extends { defaultMs: number }
          ? number
          : number | undefined
        : Spec extends { default: string }
          ? Text<Spec>
          : Text<Spec> | undefined;

/** One of its choices, where it declares them. */
type Text<Spec> = Spec extends { choices: readonly (infer Choice extends string)[] } ? Choice : string;

/** The parsed options of a command, typed by its declaration. */
export type OptionValues<Options extends Readonly<Record<string, OptionSpec>>> = {
  readonly [Name in keyof Options]: Value<Options[Name]>;
};

/** What a run hands to the renderer. Commands return it and never print. */
export interface CommandResult {
  /** JSON kind, for example `DoctorReport`; its schema is `lfctl schema KIND`. */
  readonly kind: string;
  readonly data: unknown;
  readonly exit: ExitName;
  /** True when `data` is the whole JSON document, without the envelope: a JSON Schema is one itself. */
  readonly bare?: boolean;
  /** The deployment it is about, for the JSON envelope. */
  readonly deployment?: EnvelopeDeployment | null;
  /** Text for people. Absent when the formats below are all there is. */
  readonly text?: (style: TextStyle) => string;
  /** Rows for TSV, without header; list commands have them. */
  readonly rows?: () => readonly (readonly string[])[];
  /** Other formats this command offers. */
  readonly formats?: Partial<Record<Exclude<OutputFormat, 'text' | 'json' | 'yaml' | 'tsv'>, () => string>>;
}

/** `deployment` of the JSON envelope. */
export interface EnvelopeDeployment {
  readonly name: string | null;
  readonly context: string | null;
  readonly namespace: string | null;
  readonly release: string | null;
  readonly langfuse: { readonly version: string | null; readonly mode: string | null } | null;
}

/** How text may look. */
export interface TextStyle {
  readonly color: boolean;
  /** Columns of the terminal; 80 when piped. */
  readonly columns: number;
  readonly verbose: boolean;
  readonly interactive: boolean;
  /** True where only ASCII can be shown: glyphs become letters. */
  readonly ascii?: boolean;
}

/** What a command's `run` gets. */
export interface RunContext<Options extends Readonly<Record<string, OptionSpec>>> {
  readonly options: OptionValues<Options>;
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly services: Services;
  readonly style: TextStyle;
  /** Ends on --timeout, SIGINT or SIGTERM; the reason is the LfctlError to exit with. */
  readonly signal: AbortSignal;
}

/** One command, declared once. `run` imports what it needs when it is called, so that start-up stays small. */
export interface Command<
  Options extends Readonly<Record<string, OptionSpec>> = Readonly<Record<string, OptionSpec>>,
> {
  /** `['sandbox', 'up']`. */
  readonly path: readonly string[];
  /** Other whole lines after `lfctl`, such as `backup` for `backup create`. Plural nouns come by themselves. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** When to use it: one or two sentences. */
  readonly when: string;
  readonly examples: readonly { readonly line: string; readonly text: string }[];
  readonly args?: readonly ArgumentSpec[];
  readonly options: Options;
  /** Formats beside text, json and yaml. */
  readonly formats?: readonly OutputFormat[];
  readonly exits: readonly ExitName[];
  /** Default of --timeout, in milliseconds; null for no deadline. */
  readonly timeoutMs: number | null;
  /** `own`: the command keeps --timeout itself, for each look of several; `run` by default. */
  readonly deadline?: 'run' | 'own';
  /** Global groups it takes: `cluster` flags, `keys`. */
  readonly takes: readonly ('cluster' | 'deployment')[];
  /** False for a command that takes these flags and must not need a valid configuration file: it writes it. */
  readonly readsConfig?: false;
  readonly hidden?: boolean;
  readonly run: (context: RunContext<Options>) => Promise<CommandResult>;
}

/** Gives a command its types. */
export function defineCommand<const Options extends Readonly<Record<string, OptionSpec>>>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
