import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { parseOptions, pathOf, type Tool, type ToolContext } from './tool.ts';

/** Small commands that every image has. */
export const basicTools: Readonly<Record<string, Tool>> = {
  env: async (_args, context) => {
    for (const [name, value] of Object.entries(context.env)) context.stdout(`${name}=${value}\n`);
    return 0;
  },
  printenv: async (args, context) => {
    if (args.length === 0) return basicTools['env']?.(args, context) ?? 0;
    const values = args.map((name) => context.env[name]);
    for (const value of values) if (value !== undefined) context.stdout(`${value}\n`);
    return values.includes(undefined) ? 1 : 0;
  },
  echo: async (args, context) => {
    const bare = args[0] === '-n';
    context.stdout((bare ? args.slice(1) : args).join(' ') + (bare ? '' : '\n'));
    return 0;
  },
  true: async () => 0,
  ':': async () => 0,
  false: async () => 1,
  sleep: async ([time = '0'], context) => {
    const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[time.at(-1) ?? ''] ?? 1000;
    const waitMs =
      time === 'infinity' ? 2 ** 31 - 1 : Math.min(Number.parseFloat(time) * unitMs, 2 ** 31 - 1);
    await sleepFor(waitMs, undefined, { signal: context.stopping }).catch(() => undefined);
    return context.stopping.aborted ? 143 : 0;
  },
  hostname: async (_args, context) => say(context, context.env['HOSTNAME'] ?? ''),
  pwd: async (_args, context) => say(context, '/'),
  date: async (_args, context) => say(context, new Date().toISOString()),
  id: async (_args, context) => say(context, 'uid=1001 gid=1001 groups=1001'),
  whoami: async (_args, context) => say(context, 'sandbox'),
  cat,
  ls,
  test,
  '[': async (args, context) => test(args.slice(0, -1), context),
  head: async (args, context) => slice(args, context, (lines, count) => lines.slice(0, count)),
  tail: async (args, context) => slice(args, context, (lines, count) => lines.slice(-count)),
  wc: async (args, context) => {
    const text = await input(
      args.filter((arg) => !arg.startsWith('-')),
      context,
    );
    return say(context, String(text.split('\n').length - 1));
  },
  grep,
};

async function say(context: ToolContext, line: string): Promise<number> {
  context.stdout(`${line}\n`);
  return 0;
}

async function input(files: readonly string[], context: ToolContext): Promise<string> {
  if (files.length === 0) return context.stdin();
  return (await Promise.all(files.map(async (file) => readFile(pathOf(context, file), 'utf8')))).join('');
}

async function cat(args: readonly string[], context: ToolContext): Promise<number> {
  if (args.length === 0) context.stdout(await context.stdin());
  let code = 0;
  for (const file of args)
    try {
      context.stdout(await readFile(pathOf(context, file), 'utf8'));
    } catch (error) {
      code = fileError(context, 'cat', file, error);
    }
  return code;
}

async function ls(args: readonly string[], context: ToolContext): Promise<number> {
  const paths = args.filter((arg) => !arg.startsWith('-'));
  let code = 0;
  for (const path of paths.length === 0 ? ['/'] : paths)
    try {
      const entry = await stat(pathOf(context, path));
      const names = entry.isDirectory() ? await readdir(pathOf(context, path)) : [path];
      for (const name of names.filter((each) => !each.startsWith('.')).toSorted())
        context.stdout(`${name}\n`);
    } catch (error) {
      code = fileError(context, 'ls', path, error);
    }
  return code;
}

function fileError(context: ToolContext, tool: string, path: string, error: unknown): number {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const texts: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EISDIR: 'Is a directory',
    EACCES: 'Permission denied',
  };
  context.stderr(`${tool}: ${tool === 'cat' ? "can't open " : ''}'${path}': ${texts[code] ?? code}\n`);
  return 1;
}

async function slice(
  args: readonly string[],
  context: ToolContext,
  cut: (lines: readonly string[], count: number) => readonly string[],
): Promise<number> {
  const options = parseOptions(
    args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1')),
    ['-n', '-c'],
  );
  const text = await input(options.rest, context);
  const lines = text.replace(/\n$/, '').split('\n');
  for (const line of cut(lines, Number(options.value('-n') ?? 10))) context.stdout(`${line}\n`);
  return 0;
}

async function grep(args: readonly string[], context: ToolContext): Promise<number> {
  const options = parseOptions(args, ['-e']);
  const [pattern = '', ...files] = options.has('-e')
    ? [options.value('-e') ?? '', ...options.rest]
    : options.rest;
  const source = options.has('-F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : pattern;
  const expression = new RegExp(source, options.has('-i') ? 'i' : '');
  const text = await input(files, context);
  const hits = text
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => expression.test(line) !== options.has('-v'));
  if (options.has('-c')) context.stdout(`${hits.length}\n`);
  else if (!options.has('-q')) for (const line of hits) context.stdout(`${line}\n`);
  return hits.length > 0 ? 0 : 1;
}

async function test(args: readonly string[], context: ToolContext): Promise<number> {
  if (args[0] === '!') return (await test(args.slice(1), context)) === 0 ? 1 : 0;
  return (await holds(args, context)) ? 0 : 1;
}

async function holds(
  [left = '', operator, right = '']: readonly string[],
  context: ToolContext,
): Promise<boolean> {
  if (operator === undefined) return left !== '';
  const entry = async () => stat(pathOf(context, operator)).catch(() => null);
  switch (left) {
    case '-n':
      return operator !== '';
    case '-z':
      return operator === '';
    case '-e':
    case '-r':
      return (await entry()) !== null;
    case '-f':
      return (await entry())?.isFile() ?? false;
    case '-d':
      return (await entry())?.isDirectory() ?? false;
    case '-s':
      return ((await entry())?.size ?? 0) > 0;
    default:
      return compares(left, operator, right);
  }
}

function compares(left: string, operator: string, right: string): boolean {
  const numbers: Readonly<Record<string, boolean>> = {
    '-eq': Number(left) === Number(right),
    '-ne': Number(left) !== Number(right),
    '-gt': Number(left) > Number(right),
    '-ge': Number(left) >= Number(right),
    '-lt': Number(left) < Number(right),
    '-le': Number(left) <= Number(right),
  };
  if (operator === '=' || operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  return numbers[operator] ?? false;
}
