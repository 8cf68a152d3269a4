import { hostPath } from '../programs/installed.ts';

/** How `node` is started for real, with the cluster's names. */
interface LaunchNode {
  readonly path: string;
  readonly entry: string;
  readonly controlFile: string;
}

/** What a command in a container works with. Streams are text. */
export interface ToolContext {
  readonly env: Readonly<Record<string, string>>;
  readonly address: string;
  readonly folder: string;
  readonly mounts: Readonly<Record<string, string>>;
  readonly resolve: (hostname: string) => Promise<string>;
  readonly stdin: () => Promise<string>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stopping: AbortSignal;
  /** Null where no process may be started: probes and sidecars. */
  readonly launchNode: LaunchNode | null;
}

/** A built-in stand-in of a command; resolves with its exit code. */
export type Tool = (args: readonly string[], context: ToolContext) => Promise<number>;

const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]', '0.0.0.0']);

/** Where a host name leads from this container; its loopback is the pod's own address. */
export async function addressOf(context: ToolContext, host: string): Promise<string> {
  return loopback.has(host) ? context.address : context.resolve(host);
}

/** Path on this machine of a path in the container. */
export function pathOf(context: ToolContext, path: string): string {
  return hostPath(context, path.startsWith('/') ? path : `/${path}`);
}

/** Options of a command line: values of those that take one, the rest in order. */
export interface ParsedOptions {
  readonly value: (...names: readonly string[]) => string | undefined;
  readonly values: (...names: readonly string[]) => readonly string[];
  readonly has: (...names: readonly string[]) => boolean;
  readonly rest: readonly string[];
}

/** @param takesValue options that are followed by a value; short ones may be glued to it (`-qO-`) */
export function parseOptions(args: readonly string[], takesValue: readonly string[]): ParsedOptions {
  const found: { name: string; value: string }[] = [];
  const rest: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-') || arg === '-') rest.push(arg);
    else if (arg === '--') {
      rest.push(...args.slice(index + 1));
      break;
    } else if (arg.startsWith('--') || takesValue.includes(arg)) {
      const [name, glued] = splitOnce(arg, '=');
      const takes = takesValue.includes(name) && glued === undefined;
      found.push({ name, value: glued ?? (takes ? (args[(index += 1)] ?? '') : '') });
    } else index = parseCluster(arg, index, args, takesValue, found);
  }
  const values = (...names: readonly string[]): readonly string[] =>
    found.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  return {
    value: (...names) => values(...names).at(-1),
    values,
    has: (...names) => values(...names).length > 0,
    rest,
  };
}

function parseCluster(
  arg: string,
  index: number,
  args: readonly string[],
  takesValue: readonly string[],
  found: { name: string; value: string }[],
): number {
  for (let at = 1; at < arg.length; at += 1) {
    const name = `-${arg[at]}`;
    if (!takesValue.includes(name)) {
      found.push({ name, value: '' });
      continue;
    }
    const glued = arg.slice(at + 1);
    found.push({ name, value: glued === '' ? (args[index + 1] ?? '') : glued });
    return glued === '' ? index + 1 : index;
  }
  return index;
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
