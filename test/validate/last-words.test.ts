import { expect, it } from 'vitest';
import { cleanOrTell } from '../../src/validate/clean/last-words.ts';
import type { Residue } from '../../src/validate/report.ts';

async function told(clean: () => Promise<Residue>): Promise<string[]> {
  const lines: string[] = [];
  await cleanOrTell(clean, (text) => lines.push(text));
  return lines;
}
const residue = (total: number, unknown: Residue['unknown'] = {}): (() => Promise<Residue>) => {
  return () => Promise.resolve({ total, byStore: { clickhouse: total }, unknown, ms: 1 });
};

it('says nothing when nothing is left', async () => {
  expect(await told(residue(0))).toEqual([]);
});

it('says what is left, what is not known, and what removes it', async () => {
  expect(await told(residue(3, { objects: 'refused' }))).toEqual([
    '3 things of the canaries are left: lfctl validate --clean removes it',
    'not known what the canaries left in objects: lfctl validate --clean removes it',
  ]);
});

it('says that the clean-up itself broke', async () => {
  expect(await told(() => Promise.reject(new Error('gone')))).toEqual([
    'the canaries could not be removed: lfctl validate --clean removes it',
  ]);
});
