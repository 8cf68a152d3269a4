import { askRedis, RedisError, type Reply } from './redis-wire.ts';
import { addressOf, type ParsedOptions, parseOptions, type Tool, type ToolContext } from './tool.ts';

const takesValue = ['-h', '-p', '-a', '--pass', '--user', '-n', '-t'];

/** redis-cli with one command, or one per line of stdin; raw output as without a terminal. */
export const redisCli: Tool = async (args, context) => {
  const first = args.findIndex(
    (arg, index) => !arg.startsWith('-') && !takesValue.includes(args[index - 1] ?? ''),
  );
  const options = parseOptions(first < 0 ? args : args.slice(0, first), takesValue);
  const host = options.value('-h') ?? '127.0.0.1';
  const port = Number(options.value('-p') ?? 6379);
  const commands = first < 0 ? linesOf(await context.stdin()) : [args.slice(first)];
  const before = openingCommands(options, context);
  try {
    const address = await addressOf(context, host);
    const replies = await askRedis(address, port, [...before, ...commands], context.stopping);
    for (const [index, reply] of replies.entries()) {
      if (index >= before.length) context.stdout(`${raw(reply)}\n${reply instanceof RedisError ? '\n' : ''}`);
      else if (reply instanceof RedisError) context.stderr(`AUTH failed: ${reply.message}\n`);
    }
    return 0;
  } catch (error) {
    context.stderr(`Could not connect to Redis at ${host}:${port}: ${reason(error)}\n`);
    return 1;
  }
};

function linesOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

function openingCommands(options: ParsedOptions, { env }: ToolContext): readonly (readonly string[])[] {
  const password = options.value('-a', '--pass') ?? env['REDISCLI_AUTH'];
  const user = options.value('--user');
  const database = options.value('-n');
  return [
    ...(password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password]]),
    ...(database === undefined ? [] : [['SELECT', database]]),
  ];
}

function raw(reply: Reply): string {
  if (reply === null) return '';
  if (reply instanceof RedisError) return reply.message;
  return typeof reply === 'object' ? reply.map(raw).join('\n') : String(reply);
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'Connection refused';
  return code === 'ENOTFOUND' ? 'Name or service not known' : message;
}
