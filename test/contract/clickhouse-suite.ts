import { expect, it } from 'vitest';
import { clickHouseOpener } from '../../src/adapters/clickhouse.ts';
import { Secret } from '../../src/deployment/secret.ts';
import type { ClickHousePort, ClickHouseTarget } from '../../src/ports/clickhouse.ts';
import { accessOf, canary, errorOf, expectNoSecret } from '../adapters/support.ts';

const openClickHouse = clickHouseOpener();

async function using<Value>(
  target: ClickHouseTarget,
  run: (port: ClickHousePort) => Promise<Value>,
): Promise<Value> {
  const port = await openClickHouse(target, accessOf({ connectTimeoutMs: 5000, queryTimeoutMs: 10_000 }));
  try {
    return await run(port);
  } finally {
    await port.close();
  }
}

/** What every ClickHouse behind the port does. */
export function clickHouseSuite(target: () => ClickHouseTarget): void {
  it('gives rows for named parameters', async () => {
    const sql = 'SELECT {name:String} AS name, {count:UInt32} + 1 AS next';
    const rows = await using(target(), (port) => port.query(sql, { name: `it's`, count: 41 }));
    expect(rows).toEqual([{ name: `it's`, next: '42' }]);
  });

  it('keeps every digit of 64-bit integers', async () => {
    const rows = await using(target(), (port) => port.query('SELECT toUInt64(18446744073709551615) AS n'));
    expect(rows).toEqual([{ n: '18446744073709551615' }]);
  });

  it('answers many queries at once', async () => {
    const rows = await using(
      target(),
      async (port) => await Promise.all([1, 2, 3, 4].map((n) => port.query('SELECT {n:UInt8} AS n', { n }))),
    );
    expect(rows.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  });

  it('gives no rows as an empty list', async () => {
    expect(await using(target(), (port) => port.query('SELECT 1 AS n WHERE 0'))).toEqual([]);
  });

  it('names the code of a failed query', async () => {
    const error = await errorOf(using(target(), (port) => port.query('SELECT * FROM no_such_table')));
    expect(error.code).toBe('CLICKHOUSE_FAILED');
    expect(error.message).toContain('(code 60, UNKNOWN_TABLE)');
  });

  it('tells wrong credentials', async () => {
    const password = await errorOf(openClickHouse({ ...target(), password: new Secret(canary) }, accessOf()));
    expect(password.code).toBe('CLICKHOUSE_AUTH');
    expectNoSecret(password);
    const user = await errorOf(openClickHouse({ ...target(), user: 'nobody' }, accessOf()));
    expect(user.code).toBe('CLICKHOUSE_AUTH');
  });

  it('tells a missing database', async () => {
    const error = await errorOf(openClickHouse({ ...target(), database: 'no_such' }, accessOf()));
    expect(error.message).toContain('(code 81');
  });

  it('ends a query at its deadline', async () => {
    const port = await openClickHouse(target(), accessOf({ connectTimeoutMs: 5000, queryTimeoutMs: 300 }));
    try {
      const error = await errorOf(port.query('SELECT sleep(2)'));
      expect(error.code).toBe('CLICKHOUSE_TIMEOUT');
    } finally {
      await port.close();
    }
  });
}
