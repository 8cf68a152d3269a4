import { describe, expect, it } from 'vitest';
import { fastHash } from '../../../src/sandbox/programs/langfuse/api-key.ts';
import { createKey } from '../../../src/sandbox/programs/langfuse-web/key-store.ts';
import { releaseOf } from '../../../src/sandbox/programs/langfuse/release.ts';
import { settingsFrom } from '../../../src/sandbox/programs/langfuse/settings.ts';

/** The columns and values of the one INSERT that making a key comes to. */
async function written(tag: string): Promise<Record<string, unknown>> {
  let row: Record<string, unknown> = {};
  const query = async (sql: string, values: readonly unknown[] = []): Promise<never[]> => {
    const [, columns = ''] = /^INSERT INTO api_keys \(([^)]+)\)/.exec(sql) ?? [];
    row = Object.fromEntries(columns.split(', ').map((column, index) => [column, values[index]]));
    return [{ ...row, created_at: new Date(0) }] as never[];
  };
  const silent = () => undefined;
  await createKey(
    {
      postgres: { query, close: async () => undefined },
      redis: undefined,
      log: { info: silent, warn: silent, error: silent, plain: silent },
      settings: settingsFrom({ SALT: 'mysalt' }),
      release: releaseOf(tag),
    },
    {
      scope: 'PROJECT',
      entityId: 'p1',
      note: 'team',
      pair: { publicKey: 'pk-lf-1', secretKey: 'sk-lf-00000000-0000-4000-8000-000000000000' },
      createdByUserId: 'u1',
    },
  );
  return row;
}

const everywhere = {
  id: expect.stringMatching(/^c[a-z0-9]{24}$/),
  note: 'team',
  public_key: 'pk-lf-1',
  hashed_secret_key: expect.stringMatching(/^\$2a\$11\$/),
  fast_hashed_secret_key: '02cf8583b11b2a6d2043873d73cea216a777732b948b5df8ff3b631886f2ed78',
  display_secret_key: 'sk-lf-...0000',
  project_id: 'p1',
};

describe('a new key', () => {
  it('has the columns of its generation', async () => {
    expect(fastHash('sk-lf-00000000-0000-4000-8000-000000000000', 'mysalt')).toBe(
      everywhere.fast_hashed_secret_key,
    );
    expect(await written('2.95.12')).toEqual(everywhere);
    const scoped = { ...everywhere, scope: 'PROJECT', is_in_app_agent_key: false };
    expect(await written('3.199.0')).toEqual(scoped);
    expect(await written('4.16.0')).toEqual({ ...scoped, created_by_user_id: 'u1' });
  });
});
