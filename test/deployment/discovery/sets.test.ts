import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/deployment/discovery/discover.ts';
import { toView } from '../../../src/deployment/to-view.ts';
import { LfctlError } from '../../../src/errors/error.ts';
import { fakeKube } from '../fake-kube.ts';
import { canary, settings } from '../installations.ts';
import type { ObjectSet } from './sets/_set.ts';
import { allSets } from './sets/_all.ts';
import { summarise, summariseError } from './summary.ts';

const folder = new URL('sets/expected/', import.meta.url);
/** `WRITE_EXPECTED=1` writes what is said now; the change is then read in the diff. */
const write = process.env['WRITE_EXPECTED'] === '1';

const sets = allSets;
const fileOf = (name: string): URL => new URL(`${name}.txt`, folder);
const expected = (name: string): string =>
  existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8') : 'nothing is expected yet\n';
const headline = (name: string): string =>
  expected(name)
    .split('\n', 1)[0]
    ?.replace(/^\w+ +/, '') ?? '';

async function said({ cluster, given }: ObjectSet): Promise<string> {
  try {
    const deployment = await discover(fakeKube(cluster), settings(given));
    const view = toView(deployment, 'fake');
    expect(JSON.stringify(view)).not.toContain(canary);
    return summarise(view);
  } catch (error) {
    if (error instanceof LfctlError) return summariseError(error);
    throw error;
  }
}

describe(`${sets.length} object sets`, () => {
  it.each(sets.map((set) => [set.name, headline(set.name), set] as const))(
    '%s → %s',
    async (name, _, set) => {
      const text = await said(set);
      expect(text).not.toContain(canary);
      if (write) writeFileSync(fileOf(name), text);
      expect(text, 'read what differs; where it is meant, write it anew with WRITE_EXPECTED=1').toBe(
        expected(name),
      );
    },
  );

  it('are at least forty, each under its own name, and no expectation is left without one', () => {
    const names = sets.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(readdirSync(folder).toSorted()).toEqual(
      [...new Set(names)].map((name) => `${name}.txt`).toSorted(),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
