import { readFile } from 'node:fs/promises';

/** Directives of redis.conf by lower-case name, for example `maxmemory-policy` → ['noeviction']. */
export type Directives = ReadonlyMap<string, readonly string[]>;

/** Path on this machine of a path in the container; null where nothing is mounted. */
type HostPath = (containerPath: string) => string | null;

/** Where Valkey's own chart mounts a password per ACL user (valkey/templates of valkey-io/valkey-helm). */
const aclPasswordFile = '/valkey-users-secret/default';

/**
 * Reads what a container is started with: `redis-server [file] --name value …`, the same inside `sh -c`, or in a
 * script that `sh -c` names. Bitnami's image takes the password from the env where it is started without arguments;
 * Valkey's chart makes an ACL file of the mounted password of the user `default`, which is what requirepass sets.
 */
export async function readDirectives(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  hostPath: HostPath,
): Promise<Directives> {
  const found = new Map<string, readonly string[]>();
  const words = await commandWords(args, env, hostPath);
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
  const aclPassword = await readMounted(aclPasswordFile, hostPath);
  if (!found.has('requirepass') && aclPassword !== null) found.set('requirepass', [aclPassword]);
  return found;
}

async function commandWords(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  hostPath: HostPath,
): Promise<string[]> {
  const given = args[0] !== undefined && /(?:^|\/)(?:ba)?sh$/.test(args[0]) ? args.at(-1) : undefined;
  if (given === undefined) return [...args];
  const script = (await readMounted(given, hostPath)) ?? given;
  const lines = script.split(/\n|;|&&/).map((line) => line.trim());
  const line = lines.find((text) => /(?:redis|valkey)-server\b/.test(text)) ?? script;
  return splitWords(line, (name) => env[name] ?? '');
}

/** Text of a mounted file; null when nothing is mounted there. */
async function readMounted(path: string, hostPath: HostPath): Promise<string | null> {
  const file = path.startsWith('/') ? hostPath(path) : null;
  return file === null ? null : readFile(file, 'utf8').catch(() => null);
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
