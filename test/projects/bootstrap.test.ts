import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/plan/journal.ts';
import { viewPlan } from '../../src/plan/plan.ts';
import type { Blueprint } from '../../src/projects/bootstrap/blueprint.ts';
import type { BootstrapPlan } from '../../src/projects/bootstrap/plan.ts';
import { planBootstrap } from '../../src/projects/bootstrap/plan.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { memoryJournal } from '../plan/world.ts';
import { projectsWorld } from './world.ts';

const names = { publicKey: 'PK', secretKey: 'SK' };
const places = { toSecret: undefined, toFile: undefined, reveal: true, names, terminal: false, given: false };
const blueprint: Blueprint = {
  organization: 'acme',
  projects: [{ name: 'the kept one' }, { name: 'dev' }],
  teams: [{ name: 'search' }, { name: 'ads' }],
};

const planned = async (
  tenancy: Tenancy,
  journal = memoryJournal(),
  more: Partial<Blueprint> = {},
): Promise<BootstrapPlan> =>
  await planBootstrap(tenancy, journal, {
    blueprint: { ...blueprint, ...more },
    places,
    unverifiedVersion: false,
    show: () => undefined,
  });

const stepsOf = ({ plan }: BootstrapPlan): string[] => plan.steps.map(({ id }) => id);

describe('project bootstrap', () => {
  it('makes what is missing: projects first, then a key for each team that has none', async () => {
    const world = projectsWorld();
    world.postgres.set('api_keys', [{ project_id: 'kept', id: 'k1', note: 'search' }]);
    expect(stepsOf(await planned(world.tenancy()))).toEqual([
      'create-project:acme/dev',
      'create-key:acme/the kept one:ads',
      'create-key:acme/dev:search',
      'create-key:acme/dev:ads',
    ]);
  });

  it('has nothing to do where all is there, also without a place for a secret', async () => {
    const world = projectsWorld();
    world.postgres.set('api_keys', [{ project_id: 'kept', id: 'k1', note: 'search' }]);
    const { plan } = await planBootstrap(world.tenancy(), memoryJournal(), {
      blueprint: { ...blueprint, projects: [{ name: 'the kept one' }], teams: [{ name: 'search' }] },
      places: { ...places, reveal: false },
      unverifiedVersion: false,
      show: () => undefined,
    });
    expect(plan.steps).toEqual([]);
  });

  it('has a token that does not change from run to run', async () => {
    const tenancy = projectsWorld().tenancy();
    const tokens = [await planned(tenancy), await planned(tenancy)].map(
      ({ plan }) => viewPlan(plan, 'memory').token,
    );
    expect(new Set(tokens).size).toBe(1);
  });

  it('makes a key again that a killed run left without handing its secret out', async () => {
    const world = projectsWorld();
    const journal = memoryJournal();
    const at = '2026-11-21T10:00:00.000Z';
    const lines = (entries: readonly object[]): JournalEntry[] =>
      entries.map((entry) => ({ ...entry, at }) as unknown as JournalEntry);
    const step = { id: 'create-key:acme/the kept one:search', text: '', undo: null };
    const other = { id: 'create-key:acme/the kept one:ads', text: '', undo: null };
    const begin = {
      event: 'begin',
      operation: 'project bootstrap',
      subject: 'organisation o1',
      input: {},
      who: 'mia',
    };
    journal.lines.set(
      'r1',
      lines([
        { ...begin, steps: [step, other], token: 't', lfctl: '0' },
        { event: 'start', step: other.id, intent: { id: 'k2', publicKey: 'pk-2' } },
        { event: 'done', step: other.id, record: { id: 'k2', publicKey: 'pk-2' }, ms: 1 },
        { event: 'start', step: step.id, intent: { id: 'k1', publicKey: 'pk-1' } },
      ]),
    );
    world.postgres.set('api_keys', [
      { project_id: 'kept', id: 'k1', note: 'search' },
      { project_id: 'kept', id: 'k2', note: 'ads' },
    ]);
    const resumed = await planned(world.tenancy(), journal, { projects: [{ name: 'the kept one' }] });
    expect(resumed.continues?.id).toBe('r1');
    expect(resumed.keys.map(({ identity }) => identity)).toEqual([{ id: 'k1', publicKey: 'pk-1' }]);
  });

  it('refuses what it could not do, before anything is made', async () => {
    const world = projectsWorld();
    const refused = async (more: Partial<Blueprint>): Promise<unknown> =>
      await planned(world.tenancy(), memoryJournal(), more).catch((error: unknown) => error);
    expect(await refused({ organization: 'other' })).toMatchObject({ code: 'ORGANIZATION_UNKNOWN' });
    expect(await refused({ projects: [{ name: 'x' }] })).toMatchObject({ code: 'PROJECT_NAME' });
    expect(await refused({ projects: [{ name: 'dev', retentionDays: 30 }] })).toMatchObject({
      code: 'RETENTION_LICENCE',
    });
    world.postgres.get('projects')?.push({ id: 'x', name: 'the kept one', org_id: 'o1', deleted_at: null });
    expect(await refused({})).toMatchObject({ code: 'PROJECT_AMBIGUOUS' });
  });
});
