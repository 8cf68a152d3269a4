import { describe, expect, it } from 'vitest';
import type { Applied } from '../../src/plan/apply.ts';
import { applyPlan } from '../../src/plan/apply.ts';
import type { Journal } from '../../src/plan/journal.ts';
import { projectIdOf } from '../../src/projects/create.ts';
import type { CreateWish } from '../../src/projects/plan-create.ts';
import { planCreate } from '../../src/projects/plan-create.ts';
import { planRename } from '../../src/projects/rename.ts';
import type { Tenancy } from '../../src/tenancy/access.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import { fakeApi } from './fake-api.ts';
import { Killed, projectsWorld } from './world.ts';

const wish: CreateWish = {
  name: 'checkout',
  organization: 'acme',
  retentionDays: undefined,
  unverifiedVersion: false,
};
const noDatabase = { postgres: { state: 'skipped', why: 'not configured: no cluster' } } as const;

async function create(tenancy: Tenancy, journal: Journal, more: Partial<CreateWish> = {}): Promise<Applied> {
  const { plan, continues } = await planCreate(tenancy, journal, { ...wish, ...more });
  return await applyPlan(plan, contextOf(journal, continues === undefined ? {} : { continues }));
}

const idIn = ({ records }: Applied): string | null => [...records.values()].map(projectIdOf)[0] ?? null;

describe('project create', () => {
  it('writes the row that the app would write', async () => {
    const world = projectsWorld();
    const applied = await create(world.tenancy(), memoryJournal());
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok' });
    const row = world.postgres.get('projects')?.find(({ name }) => name === 'checkout');
    expect(row).toEqual({
      id: idIn(applied),
      name: 'checkout',
      org_id: 'o1',
      created_at: '2026-11-21 10:11:12.000',
      updated_at: '2026-11-21 10:11:12.000',
      deleted_at: null,
    });
    expect(idIn(applied)).toMatch(/^c[0-9a-z]{24}$/);
  });

  it('makes one project, wherever it is killed', async () => {
    const world = projectsWorld();
    const journal = memoryJournal();
    const late = { ...journal, append: journal.append };
    late.append = async (run, entry) => {
      if (entry.event === 'done') throw new Killed();
      await journal.append(run, entry);
    };
    await expect(create(world.tenancy(), late)).rejects.toThrow(Killed);
    await expect(create(world.tenancy(), late)).rejects.toThrow(Killed);
    expect(await create(world.tenancy(), journal)).toMatchObject({ exit: 'ok' });
    expect(world.postgres.get('projects')?.filter(({ name }) => name === 'checkout')).toHaveLength(1);
  });

  it('lets Langfuse make it where a key of the organisation opens the API', async () => {
    const world = projectsWorld();
    world.api = fakeApi();
    const before = world.postgres.get('projects');
    const applied = await create(world.tenancy(), memoryJournal(), { retentionDays: 30 });
    expect(idIn(applied)).toBe('id-checkout');
    expect(world.api.projects.get('id-checkout')).toEqual({ name: 'checkout', retention: 30 });
    expect(world.postgres.get('projects')).toEqual(before);
  });

  it('needs nothing but the API, and then takes no name of an organisation', async () => {
    const world = projectsWorld();
    world.api = fakeApi();
    const tenancy = world.tenancy(noDatabase);
    await expect(create(tenancy, memoryJournal())).rejects.toThrow(/do not name it, the key says which/);
    expect(await create(tenancy, memoryJournal(), { organization: undefined })).toMatchObject({ exit: 'ok' });
    await expect(create(tenancy, memoryJournal(), { organization: undefined })).rejects.toMatchObject({
      code: 'PROJECT_TAKEN',
    });
  });

  it.each([
    [[401, { error: 'Invalid credentials' }], 'LANGFUSE_AUTH', 'refuses the key pair'],
    [
      [403, { error: 'Invalid API key. Organization-scoped API key required' }],
      'LANGFUSE_AUTH',
      "a project's key",
    ],
    [
      [403, { error: 'This feature is not available on your current plan.' }],
      'NOT_CONFIGURED',
      'Enterprise licence',
    ],
    [[404, {}], 'NOT_CONFIGURED', 'no API for organisations'],
    [[500, { message: 'Internal server error' }], 'LANGFUSE_FAILED', 'answered 500 Internal server error'],
  ] as const)('says why there is no way: %j', async ([status, body], code, words) => {
    const world = projectsWorld();
    world.api = fakeApi();
    world.api.refusal = [status, body];
    const asked = { ...wish, organization: undefined };
    const failure = planCreate(world.tenancy(noDatabase), memoryJournal(), asked);
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    // With the database there is another way.
    expect(await create(world.tenancy(), memoryJournal())).toMatchObject({ exit: 'ok' });
  });

  it.each([
    [{ name: 'the kept one' }, 'PROJECT_TAKEN'],
    [{ name: 'x' }, 'PROJECT_NAME'],
    [{ organization: 'acne' }, 'ORGANIZATION_UNKNOWN'],
    [{ retentionDays: 30 }, 'RETENTION_LICENCE'],
    [{ retentionDays: 1 }, 'RETENTION'],
  ] as const)('refuses %j', async (more, code) => {
    const world = projectsWorld();
    const before = structuredClone(world.postgres);
    await expect(create(world.tenancy(), memoryJournal(), more)).rejects.toMatchObject({ code });
    expect(world.postgres).toEqual(before);
  });

  it('refuses a Langfuse newer than known ones, unless that is accepted', async () => {
    const newer = projectsWorld().tenancy({ version: '9.1.0' });
    await expect(create(newer, memoryJournal())).rejects.toMatchObject({ code: 'VERSION_UNVERIFIED' });
    expect(await create(newer, memoryJournal(), { unverifiedVersion: true })).toMatchObject({ exit: 'ok' });
  });
});

describe('project rename', () => {
  const rename = async (tenancy: Tenancy, project: string, name: string): Promise<Applied> => {
    const { plan } = await planRename(tenancy, { project, name, unverifiedVersion: false });
    return await applyPlan(plan, contextOf(memoryJournal()));
  };

  it('changes the name and the time of the change, in the very row', async () => {
    const world = projectsWorld();
    expect(await rename(world.tenancy(), 'kept', 'prod')).toMatchObject({ exit: 'ok' });
    expect(world.postgres.get('projects')?.find(({ id }) => id === 'kept')).toMatchObject({
      name: 'prod',
      updated_at: '2026-11-21 10:11:12.000',
    });
  });

  it('goes through the API where it may', async () => {
    const world = projectsWorld();
    world.api = fakeApi();
    world.api.projects.set('kept', { name: 'the kept one' });
    expect(await rename(world.tenancy(), 'kept', 'prod')).toMatchObject({ exit: 'ok' });
    expect(world.api.projects.get('kept')).toEqual({ name: 'prod' });
  });

  it('has nothing to do where the name is that already', async () => {
    expect((await rename(projectsWorld().tenancy(), 'kept', 'the kept one')).steps).toEqual([]);
  });

  it('refuses the name of another', async () => {
    await expect(rename(projectsWorld().tenancy(), 'kept', 'the doomed one')).rejects.toMatchObject({
      code: 'PROJECT_TAKEN',
    });
  });
});
