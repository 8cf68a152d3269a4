import { expect, it } from 'vitest';
import { directDialer } from '../../src/adapters/dialer.ts';
import { openPostgres } from '../../src/adapters/postgres.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { PostgresPort, PostgresTarget } from '../../src/ports/postgres.ts';
import { accessOf, canary, errorOf, expectNoSecret } from '../adapters/support.ts';
import { tunnelDialer } from '../adapters/tunnel-dialer.ts';

async function using<Value>(
  target: PostgresTarget,
  run: (port: PostgresPort) => Promise<Value>,
): Promise<Value> {
  const port = await openPostgres(target, accessOf());
  try {
    return await run(port);
  } finally {
    await port.close();
  }
}

/** What every Postgres behind the port does. */
export function postgresSuite(target: () => PostgresTarget): void {
  it('gives rows for parameters', async () => {
    const rows = await using(target(), (port) =>
      port.query<{ sum: number }>('select $1::int + 1 as sum', [41]),
    );
    expect(rows).toEqual([{ sum: 42 }]);
  });

  it('answers in UTC whatever zone the server has', async () => {
    const sql = `select '2026-11-21 01:02:03.5'::timestamp as "at", current_setting('TimeZone') as zone`;
    const [row] = await using(target(), (port) => port.query<{ at: Date; zone: string }>(sql));
    expect(row?.at.toISOString()).toBe('2026-11-21T01:02:03.500Z');
    expect(row?.zone).toBe('UTC');
  });

  it('answers queries that are asked at the same time in order', async () => {
    const numbers = await using(
      target(),
      async (port) =>
        await Promise.all([1, 2, 3].map((one) => port.query<{ n: number }>('select $1::int as n', [one]))),
    );
    expect(numbers.flat().map((row) => row.n)).toEqual([1, 2, 3]);
  });

  it('gives a lock to one holder at a time, and says who has it', async () => {
    await using(target(), async (port) => {
      const first = await port.lock('keys', 'lfctl key rotate by mia@laptop');
      if (!first.held) throw new Error('nobody else holds it');
      expect(await port.lock('keys', 'lfctl key rotate by noah@ci')).toEqual({
        held: false,
        holder: 'lfctl key rotate by mia@laptop',
        since: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      });
      const other = await port.lock('projects', 'somebody');
      expect(other.held).toBe(true);
      if (other.held) await other.release();
      expect(first.lost.aborted).toBe(false);
      await first.release();
      const again = await port.lock('keys', 'somebody');
      expect(again.held).toBe(true);
      if (again.held) await again.release();
    });
  });

  it('takes a change back that touches other rows than it must', async () => {
    await using(target(), async (port) => {
      await port.change([
        { sql: 'create table if not exists lfctl_rows (id int primary key)', parameters: [] },
        { sql: 'delete from lfctl_rows', parameters: [] },
        { sql: 'insert into lfctl_rows values ($1), ($2)', parameters: [1, 2], rows: 2 },
      ]);
      const drop = (id: number) => ({
        sql: 'delete from lfctl_rows where id = $1',
        parameters: [id],
        rows: 1,
      });
      const error = await errorOf(port.change([drop(1), drop(3)]));
      expect(error.code).toBe('POSTGRES_CHANGED');
      expect(await port.query('select id from lfctl_rows order by id')).toEqual([{ id: 1 }, { id: 2 }]);
      await port.change([{ sql: 'drop table lfctl_rows', parameters: [] }]);
    });
  });

  it('does not write', async () => {
    const error = await errorOf(using(target(), (port) => port.query('create table intruder (id int)')));
    expect(error.code).toBe('POSTGRES_FORBIDDEN');
  });

  it('goes on after a failed query, whose state is named', async () => {
    await using(target(), async (port) => {
      const error = await errorOf(port.query('select * from no_such_table where x = $1', [canary]));
      expect(error.code).toBe('POSTGRES_FAILED');
      expect(error.message).toContain('(42P01)');
      expectNoSecret(error);
      expect(await port.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  it('looks into the schema of the target', async () => {
    const rows = await using({ ...target(), schema: 'pg_catalog' }, (port) =>
      port.query<{ path: string }>(`select current_setting('search_path') as path`),
    );
    expect(rows).toEqual([{ path: 'pg_catalog' }]);
  });

  it('tells a wrong password from a wrong database', async () => {
    const password = await errorOf(openPostgres({ ...target(), password: new Secret(canary) }, accessOf()));
    expect(password.code).toBe('POSTGRES_AUTH');
    expect(password.message).toContain('28P01');
    expectNoSecret(password);
    const database = await errorOf(openPostgres({ ...target(), database: 'no_such' }, accessOf()));
    expect(database.code).toBe('POSTGRES_DATABASE');
  });

  it('ends a query at its deadline and can be asked again', async () => {
    const port = await openPostgres(target(), accessOf({ queryTimeoutMs: 200 }));
    try {
      const error = await errorOf(port.query('select pg_sleep(20)'));
      expect(error.code).toBe('POSTGRES_TIMEOUT');
      expect(await port.query('select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await port.close();
    }
  });

  it('says that the server has no TLS when it is demanded, and does without when it is preferred', async () => {
    const error = await errorOf(openPostgres({ ...target(), tls: 'require' }, accessOf()));
    expect(error.code).toBe('POSTGRES_TLS');
    const rows = await using({ ...target(), tls: 'prefer' }, (port) => port.query('select 1 as one'));
    expect(rows).toEqual([{ one: 1 }]);
  });
}

const usesTls = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

/** What a Postgres with TLS and a private authority does. */
export function postgresTlsSuite(target: () => PostgresTarget): void {
  it.each([
    ['a socket', directDialer()],
    ['a tunnel', tunnelDialer()],
  ])(
    'encrypts through %s when it is preferred or required, and not when it is disabled',
    async (_what, dialer) => {
      for (const tls of ['disable', 'prefer', 'require'] as const) {
        const port = await openPostgres({ ...target(), tls }, accessOf({ dialer }));
        expect(await port.query(usesTls)).toEqual([{ ssl: tls !== 'disable' }]);
        await port.close();
      }
    },
  );

  it.each(['verify-ca', 'verify-full'] as const)('is not trusted with %s', async (tls) => {
    const error = await errorOf(openPostgres({ ...target(), tls }, accessOf()));
    expect(error.code).toBe('POSTGRES_TLS');
  });

  it('tells a wrong password within TLS', async () => {
    const wrong: PostgresTarget = { ...target(), tls: 'require', password: new Secret(canary) };
    const error = await errorOf(openPostgres(wrong, accessOf()));
    expect(error.code).toBe('POSTGRES_AUTH');
    expectNoSecret(error);
  });
}
