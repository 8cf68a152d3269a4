import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks/index.gen.ts';
import { layoutGenerations } from '../../src/sandbox/layouts/index.ts';
import { faults } from '../../src/sandbox/faults/index.gen.ts';
import type { Drill, LayoutGenerations, PlannedFault } from './drill-plan.ts';
import { allDrills, ciDrills, coverage, deploymentsOf, selectDrills } from './drill-plan.ts';
import { mergeDrills } from './drill-record.ts';

const possible: LayoutGenerations = (layout) => (layout.startsWith('chart') ? [3, 4] : [2, 3, 4]);
const known: readonly PlannedFault[] = [
  { name: 'web-down', generations: [2, 3, 4], layouts: ['runbook', 'chart-1', 'chart-2', 'plain'] },
  { name: 'redis-down', generations: [3, 4], layouts: ['runbook', 'chart-1', 'chart-2', 'plain'] },
  { name: 'helm-pending', generations: [2, 3, 4], layouts: ['runbook', 'chart-1', 'chart-2'] },
];
const drills = allDrills(known, possible);
const told = ({ fault, generation, layout }: Drill): string => `${fault} ${generation} ${layout}`;

describe('all drills', () => {
  it('are the faults where they make sense, on deployments that can be', () => {
    expect(deploymentsOf(possible)).toHaveLength(10);
    expect(drills.filter(({ fault }) => fault === 'web-down')).toHaveLength(10);
    expect(drills.filter(({ fault }) => fault === 'redis-down')).toHaveLength(8);
    expect(drills.filter(({ fault }) => fault === 'helm-pending').map(told)).toEqual([
      'helm-pending 2 runbook',
      'helm-pending 3 runbook',
      'helm-pending 3 chart-1',
      'helm-pending 3 chart-2',
      'helm-pending 4 runbook',
      'helm-pending 4 chart-1',
      'helm-pending 4 chart-2',
    ]);
  });

  it('have a fault for each check', () => {
    const verdicts = new Set<string>(faults.map((fault) => fault.firstVerdict));
    expect(checks.map((check) => check.id).filter((id) => !verdicts.has(id))).toEqual([]);
  });

  it('have a file for each deployment, so that one that fails can run again alone', async () => {
    const files = await readdir('test/drills');
    const needed = deploymentsOf(layoutGenerations).map(
      ({ generation, layout }) => `langfuse-${generation}-${layout}.test.ts`,
    );
    expect(needed.filter((name) => !files.includes(name))).toEqual([]);
  });

  it('of CI have every fault and every deployment', () => {
    const all = allDrills(faults, layoutGenerations);
    const chosen = ciDrills(all);
    expect(new Set(chosen.map(({ fault }) => fault)).size).toBe(faults.length);
    expect(coverage(all, chosen).deployments.covered).toBe(deploymentsOf(layoutGenerations).length);
  });

  it('leave no fault of the list without a deployment', () => {
    const planned = new Set(allDrills(faults, layoutGenerations).map(({ fault }) => fault));
    expect(faults.map(({ name }) => name).filter((name) => !planned.has(name))).toEqual([]);
  });
});

describe('the selection', () => {
  it('has every deployment and every fault before anything twice', () => {
    const chosen = selectDrills(drills, 10, '1');
    expect(coverage(drills, chosen).deployments).toEqual({ pairs: 10, covered: 10 });
    expect(new Set(chosen.map(({ fault }) => fault)).size).toBe(known.length);
  });

  it('covers all pairs where it may take enough drills, and takes no drill twice', () => {
    const all = coverage(drills, selectDrills(drills, drills.length, '1'));
    for (const { pairs, covered } of Object.values(all)) expect(covered).toBe(pairs);
    const some = selectDrills(drills, 14, '1');
    expect(coverage(drills, some).faultsByGeneration).toEqual({ pairs: 8, covered: 8 });
    expect(coverage(drills, some).faultsByLayout).toEqual({ pairs: 11, covered: 11 });
    expect(new Set(some.map(told)).size).toBe(14);
    expect(selectDrills(drills, 1000, '1')).toHaveLength(drills.length);
  });

  it('is the same each time, and another one with another seed', () => {
    const names = (seed: string): string[] => selectDrills(drills, 12, seed).map(told);
    expect(names('1')).toEqual(names('1'));
    expect(names('1')).not.toEqual(names('2'));
  });
});

describe('the record', () => {
  it('takes new results, keeps others in the order of the drills, and drops what is no drill any more', () => {
    const before = { 'redis-down': { '3 plain': 'redis/reachable' }, gone: { '3 plain': 'kube/pods' } };
    const seen = [
      { fault: 'redis-down', generation: 3, layout: 'runbook', verdict: null },
      { fault: 'web-down', generation: 2, layout: 'plain', verdict: 'kube/replicas' },
    ] as const;
    const record = mergeDrills(before, seen, drills);
    expect(record).toEqual({
      'web-down': { '2 plain': 'kube/replicas' },
      'redis-down': { '3 runbook': null, '3 plain': 'redis/reachable' },
    });
  });
});
