import { describe, expect, it } from 'vitest';
import { LfctlError } from '../../src/errors/error.ts';
import type { ClickHousePort } from '../../src/ports/clickhouse.ts';
import { pickAmong } from '../../src/projects/find.ts';
import { listProjects, ofOrganization } from '../../src/projects/list.ts';
import type { Project } from '../../src/projects/project.ts';
import { projectRows, projectsText } from '../../src/render/projects/list.ts';
import { fakeApi } from './fake-api.ts';
import { projectsWorld } from './world.ts';

const style = { color: false, columns: 100, verbose: false, interactive: false };
const refused = new LfctlError('CLICKHOUSE_REFUSED', { message: 'ClickHouse refuses connections' });

/** Counts by table, as the one query of each asks for them. */
const counting = (traffic: Readonly<Record<string, readonly object[]>>): ClickHousePort => ({
  query: async <Row>(sql: string) => {
    const named = Object.keys(traffic).map((name) => ({ name }));
    const table = Object.keys(traffic).find((name) => sql.includes(`FROM ${name}\n`));
    return await Promise.resolve((table === undefined ? named : traffic[table]) as Row[]);
  },
  change: () => Promise.reject(new Error('only read')),
  close: () => Promise.resolve(),
});

describe('project list', () => {
  it('has the traffic of the tables that take it, the greater count of two', async () => {
    const world = projectsWorld();
    const port = counting({
      events_core: [{ project: 'kept', traces: '7' }],
      traces: [
        { project: 'kept', traces: '5' },
        { project: 'doomed', traces: '2' },
      ],
    });
    const listing = await listProjects(world.tenancy({ clickhouse: { state: 'open', port } }));
    expect(listing).toMatchObject({ unknown: {}, incomplete: false });
    expect(listing.projects.map(({ id, tracesLastDay, keys }) => [id, tracesLastDay, keys])).toEqual([
      ['doomed', 2, 2],
      ['kept', 7, 2],
    ]);
    const [head = ''] = projectsText(listing, style).split('\n');
    expect(head).toBe('acme');
    expect(projectRows(listing)[1]).toEqual([
      'acme',
      'the kept one',
      'kept',
      '7',
      '2',
      '',
      '2026-11-21T10:11:12.000Z',
      '',
    ]);
  });

  it('says what it does not know, and ends incomplete where a store does not answer', async () => {
    const down = { state: 'unknown', why: refused.message, error: refused } as const;
    const listing = await listProjects(projectsWorld().tenancy({ clickhouse: down }));
    expect(listing).toMatchObject({ incomplete: true, unknown: { tracesLastDay: refused.message } });
    expect(listing.projects[0]?.tracesLastDay).toBeNull();
    expect(projectsText(listing, style)).toContain('traces/day is not known: ClickHouse refuses connections');
    const none = { state: 'skipped', why: 'not configured: no cluster' } as const;
    expect(await listProjects(projectsWorld().tenancy({ clickhouse: none }))).toMatchObject({
      incomplete: false,
    });
  });

  it('asks the API where the database is not reached', async () => {
    const world = projectsWorld();
    world.api = fakeApi(['dev', 'prod']);
    const none = { state: 'skipped', why: 'not configured: no cluster' } as const;
    const listing = await listProjects(world.tenancy({ postgres: none, clickhouse: none }));
    expect(listing.projects.map(({ name, keys, organization }) => [name, keys, organization])).toEqual([
      ['dev', 1, null],
      ['prod', 1, null],
    ]);
    expect(Object.keys(listing.unknown)).toEqual(['organization', 'retentionDays', 'tracesLastDay']);
  });

  it('takes those of one organisation', async () => {
    const tenancy = projectsWorld().tenancy();
    const listing = await listProjects(tenancy);
    expect((await ofOrganization(tenancy, listing, 'acme')).projects).toHaveLength(2);
    await expect(ofOrganization(tenancy, listing, 'other')).rejects.toMatchObject({
      code: 'ORGANIZATION_UNKNOWN',
    });
  });
});

describe('a project that is being deleted', () => {
  const project = (id: string, deletionPendingSince: string | null): Project => ({
    id,
    name: 'dev',
    organization: { id: 'o1', name: 'acme' },
    createdAt: '2026-11-21T10:11:12.000Z',
    retentionDays: 30,
    deletionPendingSince,
    keys: 0,
    tracesLastDay: 0,
  });
  const both = [project('old', '2026-11-21T11:00:00.000Z'), project('new', null)];

  it('is found by its id alone', () => {
    expect(pickAmong(both, 'dev').id).toBe('new');
    expect(pickAmong(both, 'old').id).toBe('old');
  });

  it('is shown as that', () => {
    const text = projectsText({ projects: both, unknown: {}, incomplete: false }, style);
    expect(text).toMatch(/dev \(being deleted\) +old +0 +0 +30 d/);
  });
});
