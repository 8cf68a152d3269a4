import type { Tool, ToolContext } from './tool.ts';

type LoadTool = () => Promise<Tool>;

const basic =
  (name: string): LoadTool =>
  async () => {
    const { basicTools } = await import('./basic.ts');
    return basicTools[name] ?? (async () => 127);
  };

const shell: LoadTool = async () => (await import('./shell.ts')).shellTool;
const redisCli: LoadTool = async () => (await import('./redis-cli.ts')).redisCli;

const basicNames =
  'env printenv cat ls echo true false : sleep hostname pwd date id whoami test [ head tail grep wc'.split(
    ' ',
  );

const tools: Readonly<Record<string, LoadTool>> = {
  ...Object.fromEntries(basicNames.map((name) => [name, basic(name)])),
  sh: shell,
  bash: shell,
  ash: shell,
  psql: async () => (await import('./psql.ts')).psql,
  pg_isready: async () => (await import('./pg-isready.ts')).pgIsReady,
  'redis-cli': redisCli,
  'valkey-cli': redisCli,
  'clickhouse-client': async () => (await import('./clickhouse-client.ts')).clickhouseClient,
  wget: async () => (await import('./wget.ts')).wget,
  curl: async () => (await import('./curl.ts')).curl,
  httpd: async () => (await import('./httpd.ts')).httpd,
  node: async () => (await import('./node.ts')).nodeTool,
};

/** True when the sandbox has the command. */
export function hasTool(command: string): boolean {
  return Object.hasOwn(tools, baseName(command));
}

/** Runs a command with the built-in tools: 127 for one that is not there, as a shell has it. */
export async function runTool(command: readonly string[], context: ToolContext): Promise<number> {
  const [name = '', ...args] = command;
  const known = baseName(name);
  if (known === 'clickhouse' && args[0] === 'client')
    return runTool(['clickhouse-client', ...args.slice(1)], context);
  const load = Object.hasOwn(tools, known) ? tools[known] : undefined;
  if (load === undefined) {
    context.stderr(`exec: "${name}": executable file not found in $PATH\n`);
    return 127;
  }
  return (await load())(args, context);
}

function baseName(command: string): string {
  return /^\/(usr\/)?(local\/)?s?bin\/([^/]+)$/.exec(command)?.[3] ?? command;
}
