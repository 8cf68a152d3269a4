import { readFile } from 'node:fs/promises';

/** Directives of redis.conf by lower-case name, for example `maxmemory-policy` → ['noeviction']. */
export type Directives = ReadonlyMap<string, readonly string[]>;

/**
 * Reads what a container is started with: `redis-server [file] --name value …`, or the same inside `sh -c`.
 * Bitnami's and Valkey's images take the password from the env instead.
 */
export async function readDirectives(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  hostPath: (containerPath: string) => string | null,
): Promise<Directives> {
  const found = new Map<string, readonly string[]>();
  const words = commandWords(args, env);
  const start = words.findIndex((word) => /(?:redis|valkey)-server$/.test(word)) + 1;
  const first = words[start];
  if (first !== undefined && !first.startsWith('--')) {
    const file = hostPath(first);
    if (file !== null) readFileInto(found, await readFile(file, 'utf8'));
  }
  readWordsInto(found, words.slice(start));
  const password = env['REDIS_PASSWORD'] ?? env['VALKEY_PASSWORD'];
  if (!found.has('requirepass') && password !== undefined && args.length === 0)
    found.set('requirepass', [password]);
  return found;
}

function commandWords(args: readonly string[], env: Readonly<Record<string, string>>): string[] {
  const script = args[0] !== undefined && /(?:^|\/)(?:ba)?sh$/.test(args[0]) ? args.at(-1) : undefined;
  if (script === undefined) return [...args];
  const lines = script.split(/\n|;|&&/).map((line) => line.trim());
  const line = lines.find((text) => /(?:redis|valkey)-server\b/.test(text)) ?? script;
  return splitWords(line, (name) => env[name] ?? '');
}

function readWordsInto(found: Map<string, readonly string[]>, words: readonly string[]): void {
  let name: string | null = null;
  let values: string[] = [];
  for (const word of [...words, '--']) {
    if (!word.startsWith('--')) {
      values.push(word);
      continue;
    }
    if (name !== null) found.set(name, values);
    name = word.slice(2).toLowerCase();
    values = [];
  }
}

function readFileInto(found: Map<string, readonly string[]>, text: string): void {
  for (const line of text.split('\n')) {
    const [name, ...values] = splitWords(line.trim(), (variable) => `$${variable}`);
    if (name !== undefined && !name.startsWith('#')) found.set(name.toLowerCase(), values);
  }
}

/** Words as a shell splits them: quotes, and variables outside single quotes. */
export function splitWords(line: string, variable: (name: string) => string): string[] {
  const words: string[] = [];
  const pattern = /(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]+))(\s*)/g;
  let word = '';
  for (const [, single, double, bare, gap] of line.matchAll(pattern)) {
    word += single ?? expand((double ?? bare ?? '').replace(/\\(["\\$])/g, '$1'), variable);
    if (gap === '') continue;
    words.push(word);
    word = '';
  }
  return word === '' ? words : [...words, word];
}

function expand(text: string, variable: (name: string) => string): string {
  return text.replace(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (_, braced, paren, plain) =>
    variable(String(braced ?? paren ?? plain)),
  );
}
