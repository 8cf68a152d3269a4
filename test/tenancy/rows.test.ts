import { describe, expect, it } from 'vitest';
import { newCuid } from '../../src/tenancy/cuid.ts';
import { insertRow } from '../../src/tenancy/rows.ts';

describe('rows', () => {
  it('are inserted with the columns that the table has, times as UTC in milliseconds', () => {
    const columns = new Set(['id', 'role', 'created_at']);
    const createdAt = new Date('2026-11-21T02:03:04.005Z');
    expect(
      insertRow('members', columns, { id: 'a', role: null, created_at: createdAt, later: true }),
    ).toEqual({
      sql: 'INSERT INTO "members" ("id", "role", "created_at") VALUES ($1, $2, $3)',
      parameters: ['a', null, '2026-11-21 02:03:04.005'],
      rows: 1,
    });
  });

  it('are not invented for a table that is not there', () => {
    expect(() => insertRow('members', new Set(), { id: 'a' })).toThrow('this Langfuse has no table members');
  });

  it('have ids of the form that Prisma gives, each another', () => {
    const now = new Date('2026-11-21T02:03:04.005Z');
    const ids = Array.from({ length: 1000 }, () => newCuid(now));
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^c[0-9a-z]{24}$/);
  });
});
