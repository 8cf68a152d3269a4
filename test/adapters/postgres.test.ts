import type { Socket } from 'node:net';
import { types } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/postgres.ts';
import { timestampsAsUtc } from '../../src/adapters/postgres/types.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { PostgresTarget } from '../../src/ports/postgres.ts';
import { accessOf, canary, errorOf, expectNoSecret, tcpServer } from './support.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A message of the protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function refusal(state: string, text: string): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${state}`, `M${text}`].map((one) => `${one}\0`).join('');
  return message('E', Buffer.from(`${fields}\0`));
}

async function server(onConnection: (socket: Socket) => void): Promise<PostgresTarget> {
  const started = await tcpServer(onConnection);
  open.push(started);
  return {
    host: started.host,
    port: started.port,
    user: 'lf',
    password: new Secret(canary),
    database: 'langfuse',
    tls: 'disable',
    schema: 'public',
  };
}

describe('Postgres that refuses the login', () => {
  it.each([
    ['28P01', 'POSTGRES_AUTH', 'DATABASE_PASSWORD'],
    ['28000', 'POSTGRES_AUTH', 'pg_hba.conf'],
    ['3D000', 'POSTGRES_DATABASE', 'DATABASE_NAME'],
    ['42501', 'POSTGRES_FORBIDDEN', ''],
    ['53300', 'POSTGRES_CONNECTIONS', 'max_connections'],
    ['57P03', 'POSTGRES_FAILED', ''],
    ['57P01', 'POSTGRES_CLOSED', ''],
    ['XX000', 'POSTGRES_FAILED', ''],
  ])('with %s is %s', async (state, code, fix) => {
    const target = await server((socket) => {
      socket.once('data', () => socket.end(refusal(state, `said of ${canary}`)));
    });
    const error = await errorOf(openPostgres(target, accessOf()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`said of [redacted] (${state})`);
    expect(error.fixes.map((one) => one.text).join(' ')).toContain(fix);
    expectNoSecret(error);
  });
});

describe('Postgres that falls silent after the login', () => {
  it('is hung up on at the deadline, and is closed from then on', async () => {
    let hungUp = false;
    const target = await server((socket) => {
      socket.on('close', () => {
        hungUp = true;
      });
      const welcome = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
      socket.once('data', () => socket.write(Buffer.concat(welcome)));
    });
    const port = await openPostgres(target, accessOf({ queryTimeoutMs: 50 }));
    const asked = [errorOf(port.query('select 1')), errorOf(port.query('select 2'))];
    const [first, second] = await Promise.all(asked);
    expect([first?.code, second?.code]).toEqual(['POSTGRES_TIMEOUT', 'POSTGRES_CLOSED']);
    await expect.poll(() => hungUp).toBe(true);
    await port.close();
  });
});

describe('what is no Postgres', () => {
  it.each([
    ['greets first', (socket: Socket) => void socket.write('220 mail.example.com ESMTP\r\n')],
    [
      'answers in another way',
      (socket: Socket) => void socket.once('data', () => socket.write('{"error":"x"}')),
    ],
  ])('and %s', async (_what, talk) => {
    const error = await errorOf(openPostgres(await server(talk), accessOf()));
    expect(error.code).toBe('POSTGRES_ANSWER');
    expectNoSecret(error);
  });

  it('but speaks its first byte and then nothing', async () => {
    const target = await server((socket) => void socket.once('data', () => socket.write('R\0\0')));
    const error = await errorOf(openPostgres(target, accessOf({ connectTimeoutMs: 150 })));
    expect(error.code).toBe('POSTGRES_TIMEOUT');
  });

  it('but ends in half a message', async () => {
    const target = await server((socket) => void socket.once('data', () => socket.end('R\0\0')));
    expect((await errorOf(openPostgres(target, accessOf()))).code).toBe('POSTGRES_CLOSED');
  });
});

describe('TLS with Postgres', () => {
  it('is told from an answer of another kind', async () => {
    const target = await server((socket) => void socket.once('data', () => socket.write('S')));
    const error = await errorOf(
      openPostgres({ ...target, tls: 'require' }, accessOf({ connectTimeoutMs: 300 })),
    );
    expect(error.code).toBe('POSTGRES_TIMEOUT');
    const garbage = await server((socket) => {
      socket.once('data', () => {
        socket.write('S');
        socket.once('data', () => socket.end('this is no TLS at all, not even nearly'));
      });
    });
    expect((await errorOf(openPostgres({ ...garbage, tls: 'verify-full' }, accessOf()))).code).toBe(
      'POSTGRES_TLS',
    );
  });
});

describe('timestamps without a zone', () => {
  const parse = timestampsAsUtc.getTypeParser(types.builtins.TIMESTAMP, 'text') as (text: string) => unknown;

  it('are UTC', () => {
    expect(parse('2026-03-29 02:30:00.123')).toEqual(new Date('2026-03-29T02:30:00.123Z'));
  });
});
