import type { OptionSpec, OptionValues } from './command.ts';

/** Flags that every command takes. The name `output` is the flag --output and the variable LFCTL_OUTPUT. */
export const globalOptions = {
  deployment: {
    type: 'string',
    short: 'd',
    placeholder: 'NAME',
    summary: 'deployment of the configuration file',
    completes: 'deployment',
  },
  config: { type: 'string', placeholder: 'FILE', summary: 'configuration file', completes: 'file' },
  kubeconfig: { type: 'string', placeholder: 'FILE', summary: 'as kubectl has it', completes: 'file' },
  context: {
    type: 'string',
    placeholder: 'NAME',
    summary: 'kubeconfig context',
    completes: 'context',
  },
  namespace: {
    type: 'string',
    short: 'n',
    placeholder: 'NAME',
    summary: 'namespace of Langfuse',
    completes: 'namespace',
  },
  release: { type: 'string', placeholder: 'NAME', summary: 'Helm release of Langfuse' },
  output: {
    type: 'string',
    short: 'o',
    placeholder: 'FORMAT',
    summary: 'text, json, yaml, and what the command offers',
  },
  timeout: { type: 'duration', placeholder: 'DURATION', summary: 'end after this time, such as 30s or 2m' },
  quiet: { type: 'boolean', short: 'q', summary: 'nothing on success, no progress: for cron' },
  verbose: { type: 'boolean', short: 'v', summary: 'more detail' },
  debug: { type: 'boolean', summary: 'requests and stacks on stderr' },
  noColor: { type: 'boolean', summary: 'no colour; NO_COLOR and TERM=dumb do the same' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Values of the global flags, typed by their declaration. */
export type GlobalValues = OptionValues<typeof globalOptions>;
/** Name of a global flag, in camel case. */
export type GlobalName = keyof typeof globalOptions;

/** Globals that choose a cluster or deployment: shown in the help of commands that look at one. */
export const deploymentGlobals: readonly GlobalName[] = [
  'deployment',
  'config',
  'kubeconfig',
  'context',
  'namespace',
  'release',
];

/** `--name` of every `lfctl sandbox` verb. */
export const sandboxNameOption = {
  type: 'string',
  placeholder: 'NAME',
  summary: 'which sandbox',
  default: 'default',
  completes: 'sandbox',
} as const satisfies OptionSpec;

/** Flags of every command that changes something. */
export const writerOptions = {
  dryRun: { type: 'boolean', summary: 'show the plan and its token; change nothing' },
  yes: { type: 'boolean', short: 'y', summary: 'confirm a plan that can be undone' },
  confirm: {
    type: 'string',
    placeholder: 'TOKEN',
    summary: 'confirm the very plan that --dry-run showed with this token',
  },
  unverifiedVersion: {
    type: 'boolean',
    summary: 'go on with a Langfuse newer than those that lfctl was verified with',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Values of the writers' flags. */
export type WriterValues = OptionValues<typeof writerOptions>;

/** `--project`, for commands that mean one. */
export const projectOption = {
  type: 'string',
  short: 'p',
  placeholder: 'PROJECT',
  summary: 'id or name of the project; a name that several have is refused',
} as const satisfies OptionSpec;
