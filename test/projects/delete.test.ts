import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { Applied } from '../../src/plan/apply.ts';
import { applyPlan } from '../../src/plan/apply.ts';
import type { Journal } from '../../src/plan/journal.ts';
import { viewPlan } from '../../src/plan/plan.ts';
import type { DeleteWish } from '../../src/projects/delete/plan.ts';
import { planDelete } from '../../src/projects/delete/plan.ts';
import { residueOf } from '../../src/projects/delete/residue.ts';
import { contextOf, memoryJournal } from '../plan/world.ts';
import { fakeApi } from './fake-api.ts';
import type { ProjectsWorld } from './world.ts';
import { contents, Killed, projectsWorld, traces } from './world.ts';

const wish: DeleteWish = { project: 'doomed', leaves: true, unverifiedVersion: false };
const atOnce = async (): Promise<void> => await Promise.resolve();

/** One process: plans, and applies what it planned or goes on with. */
async function run(world: ProjectsWorld, journal: Journal, more: Partial<DeleteWish> = {}): Promise<Applied> {
  const { plan, continues } = await planDelete(world.tenancy(), journal, { ...wish, ...more }, atOnce);
  return await applyPlan(plan, contextOf(journal, continues === undefined ? {} : { continues }));
}

/** A journal whose lines are writes, too: a process can end between an act and its line. */
function countedJournal(world: ProjectsWorld): Journal {
  const journal = memoryJournal();
  return {
    ...journal,
    append: async (id, entry) => {
      world.onWrite(`journal ${entry.event}`);
      await journal.append(id, entry);
    },
  };
}

/** Counts writes; the one of this number is the last that this process would have done. */
function killAt(world: ProjectsWorld, point: number): { readonly writes: () => number } {
  let writes = 0;
  world.onWrite = () => {
    writes += 1;
    if (writes >= point) throw new Killed('kill -9');
  };
  return { writes: () => writes };
}

describe('project delete', () => {
  it('leaves nothing of the project in any store, and all of the other', async () => {
    const world = projectsWorld();
    const before = traces(world, 'kept');
    const applied = await run(world, memoryJournal());
    expect(applied).toMatchObject({ outcome: 'done', exit: 'ok', failure: null });
    expect(traces(world, 'doomed')).toEqual([]);
    expect(traces(world, 'kept')).toEqual(before);
    expect([...world.objects].filter((key) => key.includes('doomedness'))).toHaveLength(2);
    expect(world.postgres.get('audit_logs')).toHaveLength(2);
    const { removed, residue } = residueOf(applied);
    expect(removed).toMatchObject({
      'clickhouse/traces': 4,
      'objects/events': 2,
      'objects/otlp': 1,
      'queue/jobs': 1,
    });
    expect(Object.values(residue as object).every((count) => count === 0)).toBe(true);
  });

  it('ends the same wherever its process is killed, once it is run again', async () => {
    const whole = projectsWorld();
    const { writes } = killAt(whole, Number.POSITIVE_INFINITY);
    await run(whole, countedJournal(whole));
    expect(writes()).toBeGreaterThan(40);
    for (let point = 1; point <= writes(); point += 1) {
      const world = projectsWorld();
      const journal = countedJournal(world);
      killAt(world, point);
      await expect(run(world, journal), `killed at ${String(point)}`).rejects.toThrow(Killed);
      world.onWrite = () => undefined;
      // Killed at its first line, nothing is open; killed at its last, all is done and nobody finds the project.
      const gone = world.postgres.get('projects')?.every(({ id }) => id !== 'doomed') === true;
      const open = (await journal.runs()).length > 0;
      if (open || !gone)
        expect(await run(world, journal), `killed at ${String(point)}`).toMatchObject({ exit: 'ok' });
      expect(contents(world), `killed at ${String(point)}`).toEqual(contents(whole));
    }
  });

  it('is found again by the name that the project had', async () => {
    const world = projectsWorld();
    const journal = countedJournal(world);
    world.onWrite = () => {
      if (world.postgres.get('projects')?.length === 1) throw new Killed();
    };
    await expect(run(world, journal)).rejects.toThrow(Killed);
    world.onWrite = () => undefined;
    expect(await run(world, journal, { project: 'the doomed one' })).toMatchObject({ exit: 'ok' });
    expect(traces(world, 'doomed')).toEqual([]);
  });

  it('means a living project before one of the same name whose deletion stopped', async () => {
    const world = projectsWorld();
    const journal = countedJournal(world);
    killAt(world, 8);
    await expect(run(world, journal)).rejects.toThrow(Killed);
    world.onWrite = () => undefined;
    const living = { id: 'new', name: 'the doomed one', org_id: 'o1', deleted_at: null };
    world.postgres.set('projects', [...(world.postgres.get('projects') ?? []), living]);
    const asked = async (project: string): Promise<string> =>
      (await planDelete(world.tenancy(), journal, { ...wish, project }, atOnce)).plan.subject;
    expect(await asked('the doomed one')).toBe('project new');
    expect(await asked('doomed')).toBe('project doomed');
  });

  it('counts until nothing comes back, and says what always does', async () => {
    const world = projectsWorld();
    const late = { project_id: 'doomed', month: '202611' };
    let flushes = 2;
    const flush = (): void => {
      if (flushes > 0 && world.postgres.get('projects')?.length === 1) {
        flushes -= 1;
        world.clickhouse.get('traces')?.push(late);
      }
    };
    const flushing = async (): Promise<void> => await Promise.resolve(flush());
    const { plan } = await planDelete(world.tenancy(), memoryJournal(), wish, flushing);
    expect(await applyPlan(plan, contextOf(memoryJournal()))).toMatchObject({ exit: 'ok' });
    expect(flushes).toBe(0);
    expect(traces(world, 'doomed')).toEqual([]);

    const stubborn = projectsWorld();
    const { plan: endless } = await planDelete(stubborn.tenancy(), memoryJournal(), wish, async () => {
      stubborn.clickhouse.get('traces')?.push(late);
      await Promise.resolve();
    });
    const applied = await applyPlan(endless, contextOf(memoryJournal()));
    expect(applied).toMatchObject({ outcome: 'partial', exit: 'partial', failure: { code: 'PROJECT_LEFT' } });
    expect(applied.failure?.message).toContain('1 rows of traces in ClickHouse');
  });

  it('has a token that lives through traffic, and dies with a new name', async () => {
    const world = projectsWorld();
    const token = async (): Promise<string> =>
      viewPlan((await planDelete(world.tenancy(), memoryJournal(), wish, atOnce)).plan, 'memory').token;
    const first = await token();
    world.clickhouse.get('traces')?.push({ project_id: 'doomed', month: '202612' });
    expect(await token()).toBe(first);
    const { plan } = await planDelete(world.tenancy(), memoryJournal(), wish, atOnce);
    world.postgres.set('projects', [{ id: 'doomed', name: 'another', org_id: 'o1', deleted_at: null }]);
    expect(await token()).not.toBe(first);
    const before = contents(world);
    const applied = await applyPlan(plan, contextOf(memoryJournal()));
    expect(applied).toMatchObject({ outcome: 'undone', exit: 'refused', failure: { code: 'PLAN_STALE' } });
    expect(contents(world)).toEqual(before);
  });

  it('goes through the API where it may, and then empties what that leaves', async () => {
    const world = projectsWorld();
    world.api = fakeApi();
    world.api.projects.set('doomed', { name: 'the doomed one' });
    expect(await run(world, memoryJournal())).toMatchObject({ exit: 'ok' });
    expect(world.api.requests).toContain('DELETE /api/public/projects/doomed');
    expect(traces(world, 'doomed')).toEqual([]);
  });

  it('asks Langfuse alone where the database is not reached, and says what stays', async () => {
    const world = projectsWorld();
    world.api = fakeApi(['lonely']);
    const tenancy = world.tenancy({ postgres: { state: 'skipped', why: 'not configured: no cluster' } });
    const { plan } = await planDelete(tenancy, memoryJournal(), { ...wish, project: 'lonely' }, atOnce);
    expect(plan).toMatchObject({ lock: null, tier: 'large' });
    expect(plan.notes?.join(' ')).toContain('raw OTLP files and exported files stay');
    expect(await applyPlan(plan, contextOf(memoryJournal()))).toMatchObject({ exit: 'ok' });
    expect(world.api.projects.size).toBe(0);
  });
});

describe('project delete refuses, and changes nothing', () => {
  const down = { state: 'skipped', why: 'not configured: Redis' } as const;
  const error = new LfctlError('REDIS_REFUSED', { message: 'Redis refuses connections' });
  const silent = { state: 'unknown', why: error.message, error } as const;

  it.each([
    [
      'a project that web would make again',
      { LANGFUSE_INIT_PROJECT_ID: 'doomed' },
      {},
      {},
      'PROJECT_PROVISIONED',
    ],
    ['a store that is not offered', {}, { cache: down }, { leaves: false }, 'NOT_CONFIGURED'],
    ['while Redis does not answer', {}, { cache: silent }, {}, 'REDIS_REFUSED'],
    ['an unknown project', {}, {}, { project: 'nobody' }, 'PROJECT_UNKNOWN'],
    ['a newer Langfuse', {}, { version: '9.0.0' }, {}, 'VERSION_UNVERIFIED'],
  ] as const)('%s', async (_, variables, tenancy, more, code) => {
    const world = projectsWorld();
    world.variables = { ...variables };
    const before = contents(world);
    await expect(
      planDelete(world.tenancy(tenancy), memoryJournal(), { ...wish, ...more }, atOnce),
    ).rejects.toMatchObject({ code });
    expect(contents(world)).toEqual(before);
  });

  it('for a role that may only read', async () => {
    const world = projectsWorld();
    world.mayWrite = false;
    await expect(planDelete(world.tenancy(), memoryJournal(), wish, atOnce)).rejects.toMatchObject({
      code: 'POSTGRES_FORBIDDEN',
      message: expect.stringContaining('the role reader'),
    });
  });

  it('says what stays where a store is not offered and that is accepted', async () => {
    const world = projectsWorld();
    const { plan } = await planDelete(world.tenancy({ cache: down }), memoryJournal(), wish, atOnce);
    expect(plan.notes?.join('\n')).toContain('Redis stays: not configured: Redis');
  });
});
