import { readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { runTool } from './run.ts';
import { parseScript, type Redirect, type Script } from './shell-syntax.ts';
import type { Word, WordPart } from './shell-words.ts';
import { pathOf, type Tool, type ToolContext } from './tool.ts';

interface ShellState {
  readonly variables: Map<string, string>;
  lastCode: number;
  /** `set -e`, also as `sh -ec`. */
  stopsOnError: boolean;
}

/** `exit` inside a script. */
class ShellExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super('exit');
    this.code = code;
  }
}

/** `sh -c SCRIPT` and `sh FILE`: quotes, variables, lists, pipes, redirections, if, while, until, for. */
export const shellTool: Tool = async (args, context) => {
  const flags = args.filter((arg) => /^-[a-z]+$/.test(arg)).join('');
  const script = flags.includes('c') ? args.find((arg) => !arg.startsWith('-')) : undefined;
  const text = script ?? fileScript(args, context) ?? (await context.stdin());
  const state: ShellState = {
    variables: new Map(Object.entries(context.env)),
    lastCode: 0,
    stopsOnError: flags.includes('e'),
  };
  try {
    return await run(parseScript(text), context, state);
  } catch (error) {
    if (error instanceof ShellExit) return error.code;
    context.stderr(`sh: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
};

function fileScript(args: readonly string[], context: ToolContext): string | undefined {
  const file = args.find((arg) => !arg.startsWith('-'));
  return file === undefined ? undefined : readFileSync(pathOf(context, file), 'utf8');
}

async function run(script: Script, context: ToolContext, state: ShellState, tested = false): Promise<number> {
  if (context.stopping.aborted) throw new ShellExit(143);
  switch (script.kind) {
    case 'command':
      state.lastCode = await runCommand(script.words, script.redirects, context, state);
      if (state.lastCode !== 0 && state.stopsOnError && !tested) throw new ShellExit(state.lastCode);
      return state.lastCode;
    case 'pipe':
      return runPipe(script.parts, context, state);
    case 'not':
      return (state.lastCode = (await run(script.script, context, state, true)) === 0 ? 1 : 0);
    case 'and':
    case 'or': {
      const code = await run(script.left, context, state, true);
      return (code === 0) === (script.kind === 'and') ? run(script.right, context, state, tested) : code;
    }
    case 'list':
      for (const item of script.items) state.lastCode = await run(item, context, state, tested);
      return state.lastCode;
    case 'loop':
      while (((await run(script.condition, context, state, true)) === 0) !== script.until)
        await run(script.body, context, state);
      return 0;
    case 'for':
      for (const value of (
        await Promise.all(script.words.map((word) => expand(word, context, state)))
      ).flat()) {
        state.variables.set(script.name, value);
        await run(script.body, context, state);
      }
      return state.lastCode;
    case 'if': {
      const holds = (await run(script.condition, context, state, true)) === 0;
      const branch = holds ? script.whenTrue : script.otherwise;
      return branch === null ? 0 : run(branch, context, state, tested);
    }
  }
}

async function runPipe(parts: readonly Script[], context: ToolContext, state: ShellState): Promise<number> {
  let input: string | null = null;
  for (const part of parts) {
    let output = '';
    const piped: string | null = input;
    const last = part === parts.at(-1);
    state.lastCode = await run(
      part,
      {
        ...context,
        ...(piped === null ? {} : { stdin: async () => piped }),
        ...(last ? {} : { stdout: (text: string) => void (output += text) }),
      },
      state,
      true,
    );
    input = output;
  }
  return state.lastCode;
}

async function runCommand(
  words: readonly Word[],
  redirects: readonly Redirect[],
  context: ToolContext,
  state: ShellState,
): Promise<number> {
  const fields = (await Promise.all(words.map((word) => expand(word, context, state)))).flat();
  const assigned: [string, string][] = [];
  while (/^[A-Za-z_]\w*=/.test(fields[0] ?? '')) {
    const [name = '', ...value] = (fields.shift() ?? '').split('=');
    assigned.push([name, value.join('=')]);
  }
  if (fields.length === 0) for (const [name, value] of assigned) state.variables.set(name, value);
  const env = Object.fromEntries([...state.variables, ...assigned]);
  const streams = await redirected(redirects, { ...context, env }, state);
  const code = await (shellBuiltin(fields, state) ?? runTool(fields, streams.context));
  await streams.finish();
  return code;
}

function shellBuiltin(fields: readonly string[], state: ShellState): Promise<number> | null {
  const [name, ...args] = fields;
  switch (name) {
    case undefined:
    case 'cd':
    case 'trap':
    case 'wait':
      return Promise.resolve(0);
    case 'exit':
      throw new ShellExit(Number(args[0] ?? state.lastCode));
    case 'set':
      if (args.some((arg) => /^-\w*e/.test(arg))) state.stopsOnError = true;
      return Promise.resolve(0);
    case 'export':
      for (const arg of args) {
        const [key = '', ...value] = arg.split('=');
        if (arg.includes('=')) state.variables.set(key, value.join('='));
      }
      return Promise.resolve(0);
    default:
      return null;
  }
}

async function expand(word: Word, context: ToolContext, state: ShellState): Promise<readonly string[]> {
  let text = '';
  let present = false;
  const fields: string[] = [];
  for (const part of word) {
    const value = await expandPart(part, context, state);
    present ||= part.quoted || value !== '';
    if (part.quoted || part.kind === 'text') {
      text += value;
      continue;
    }
    const [first = '', ...others] = value.split(/\s+/);
    text += first;
    for (const other of others) {
      if (text !== '') fields.push(text);
      text = other;
    }
  }
  return text !== '' || (present && fields.length === 0) ? [...fields, text] : fields;
}

async function expandPart(part: WordPart, context: ToolContext, state: ShellState): Promise<string> {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'variable') {
    if (part.name === '?') return String(state.lastCode);
    const value = state.variables.get(part.name) ?? '';
    return value === '' ? (part.otherwise ?? '') : value;
  }
  let output = '';
  const inner = { ...context, stdout: (text: string) => void (output += text) };
  state.lastCode = await run(parseScript(part.script), inner, state, true);
  return output.replace(/\n+$/, '');
}

/** The context with its streams led to files; finish writes them. */
async function redirected(
  redirects: readonly Redirect[],
  context: ToolContext,
  state: ShellState,
): Promise<{ context: ToolContext; finish: () => Promise<void> }> {
  let next = context;
  const writes: (() => Promise<void>)[] = [];
  for (const { operator, target } of redirects) {
    const path = (await expand(target, context, state))[0] ?? '';
    if (operator === '2>&1') next = { ...next, stderr: next.stdout };
    else if (operator === '<') {
      const text = await readFile(pathOf(context, path), 'utf8');
      next = { ...next, stdin: async () => text };
    } else {
      let written = '';
      const sink = (text: string): void => void (written += text);
      next = operator.startsWith('2') ? { ...next, stderr: sink } : { ...next, stdout: sink };
      const write = operator.endsWith('>>') ? appendFile : writeFile;
      if (path !== '/dev/null') writes.push(async () => write(pathOf(context, path), written));
    }
  }
  return {
    context: next,
    finish: async () => {
      for (const write of writes) await write();
    },
  };
}
