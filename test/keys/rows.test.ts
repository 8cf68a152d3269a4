/** A row that lfctl writes, beside the one that the app's own path writes into the same table. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/deployment/secret.ts';
import { keyValues } from '../../src/keys/create.ts';
import { hashSecret } from '../../src/keys/pair.ts';
import { createKey } from '../../src/sandbox/programs/langfuse-web/key-store.ts';
import { releaseOf } from '../../src/sandbox/programs/langfuse/release.ts';
import { settingsFrom } from '../../src/sandbox/programs/langfuse/settings.ts';
import { insertRow } from '../../src/tenancy/rows.ts';
import { now } from './world.ts';

const pair = { publicKey: 'pk-lf-1', secretKey: 'sk-lf-00000000-0000-4000-8000-000000000000' };

type Row = Readonly<Record<string, unknown>>;

interface Schema {
  readonly tables: Readonly<
    Record<string, { readonly columns: readonly { readonly name: string; readonly default?: string }[] }>
  >;
}

/** Columns of the real release's table, each with the default that a missing value gets. */
async function columnsOf(version: string): Promise<ReadonlyMap<string, string | undefined>> {
  const text = await readFile(`test/fixtures/captures/schema/postgres-${version}.json`, 'utf8');
  const { columns = [] } = (JSON.parse(text) as Schema).tables['api_keys'] ?? {};
  return new Map(columns.map((column) => [column.name, column.default]));
}

/** What an INSERT writes, by column. */
function written(sql: string, values: readonly unknown[]): Row {
  const [, names = ''] = /\(([^)]*)\)\s+VALUES/i.exec(sql) ?? [];
  return Object.fromEntries(
    names.split(',').map((name, index) => [name.trim().replaceAll('"', ''), values[index]]),
  );
}

async function byApp(version: string): Promise<Row> {
  let row: Row = {};
  const query = async (sql: string, values: readonly unknown[] = []): Promise<never[]> => {
    row = written(sql, values);
    return await Promise.resolve([{ ...row, created_at: now }] as never[]);
  };
  const silent = (): void => undefined;
  await createKey(
    {
      postgres: { query, close: async () => undefined },
      redis: undefined,
      log: { info: silent, warn: silent, error: silent, plain: silent },
      settings: settingsFrom({ SALT: 'mysalt' }),
      release: releaseOf(version),
    },
    { scope: 'PROJECT', entityId: 'p1', note: 'team', pair },
  );
  return row;
}

async function byLfctl(columns: ReadonlySet<string>): Promise<Row> {
  const hashes = await hashSecret(new Secret(pair.secretKey), new Secret('mysalt'));
  const identity = { id: 'ckey', publicKey: pair.publicKey };
  const key = { project: { id: 'p1', name: 'production' }, note: 'team' };
  const { sql, parameters } = insertRow(
    'api_keys',
    columns,
    keyValues({ now: () => now }, key, identity, hashes),
  );
  return written(sql, parameters);
}

/** Of their own: the id, the salt of bcrypt, and the moment, which the app leaves to the column's default. */
const comparable = ({ id: _id, hashed_secret_key: hashed, created_at: _at, ...row }: Row): Row => ({
  ...row,
  hashed: String(hashed).slice(0, '$2a$11$'.length),
});

describe('a row of api_keys', () => {
  it.each(['2.95.12', '3.199.0', '4.16.0'])('of %s is the same by lfctl as by the app', async (version) => {
    const columns = await columnsOf(version);
    const [app, own] = await Promise.all([byApp(version), byLfctl(new Set(columns.keys()))]);
    expect(comparable(own)).toEqual(comparable(app));
    expect(Object.keys(own).filter((column) => !columns.has(column))).toEqual([]);
    expect(columns.get('created_at')).toBe('CURRENT_TIMESTAMP');
    expect(own['created_at']).toBe('2026-11-21T10:11:12.000');
  });
});
