import { connect } from 'node:net';
import { addressOf, parseOptions, type Tool } from './tool.ts';

const takesValue = ['-U', '--username', '-d', '--dbname', '-h', '--host', '-p', '--port', '-t', '--timeout'];

/** pg_isready: 0 accepts, 1 rejects (starting up), 2 no answer. */
export const pgIsReady: Tool = async (args, context) => {
  const options = parseOptions(args, takesValue);
  const host = options.value('-h', '--host') ?? 'localhost';
  const port = Number(options.value('-p', '--port') ?? 5432);
  const user = options.value('-U', '--username') ?? context.env['POSTGRES_USER'] ?? 'postgres';
  const address = await addressOf(context, host).catch(() => null);
  const code = address === null ? 2 : await ask(address, port, user);
  const where = `${options.has('-h', '--host') ? host : '/var/run/postgresql'}:${port}`;
  const words = ['accepting connections', 'rejecting connections', 'no response'][code] ?? '';
  if (!options.has('-q', '--quiet')) context.stdout(`${where} - ${words}\n`);
  return code;
};

const timeoutMs = 3000;

/** Sends a start-up message; any answer but 57P03 (the database system is starting up) means it accepts. */
async function ask(address: string, port: number, user: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const finish = (code: number): void => {
      resolve(code);
      socket.destroy();
    };
    socket
      .setTimeout(timeoutMs, () => finish(2))
      .on('error', () => finish(2))
      .on('close', () => resolve(2));
    socket.on('connect', () => socket.write(startup(user)));
    socket.on('data', (answer) => finish(answer.includes('57P03') ? 1 : 0));
  });
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage 3.0 */
function startup(user: string): Buffer {
  const body = Buffer.from(`\0\u0003\0\0user\0${user}\0database\0${user}\0\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}
