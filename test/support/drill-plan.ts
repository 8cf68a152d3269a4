/** Which fault is drilled on which generation and layout: all of them, and the few of them that CI has time for. */
import { createHash } from 'node:crypto';
import type { Generation } from '../../src/deployment/model.ts';
import type { Fault, LayoutName } from '../../src/sandbox/fault.ts';

/** What of a fault a plan goes by. */
export type PlannedFault = Pick<Fault, 'name' | 'generations' | 'layouts'>;

/** One fault on one deployment. */
export interface Drill {
  readonly fault: string;
  readonly generation: Generation;
  readonly layout: LayoutName;
}

/** How a deployment is called in the record of the drills, for example `3 chart-1`. */
export const deploymentName = ({ generation, layout }: Omit<Drill, 'fault'>): string =>
  `${generation} ${layout}`;

/** Generations that a layout can run. */
export type LayoutGenerations = (layout: LayoutName) => readonly Generation[];

/** A drill for each fault on each deployment where it makes sense, by generation, layout and the faults' order. */
export function allDrills(faults: readonly PlannedFault[], possible: LayoutGenerations): Drill[] {
  return deploymentsOf(possible).flatMap(({ generation, layout }) =>
    faults
      .filter((fault) => fault.generations.includes(generation) && fault.layouts.includes(layout))
      .map(({ name }) => ({ fault: name, generation, layout })),
  );
}

/** Each generation in each layout that can run it. */
export function deploymentsOf(possible: LayoutGenerations): Omit<Drill, 'fault'>[] {
  const layouts: readonly LayoutName[] = ['runbook', 'chart-1', 'chart-2', 'plain'];
  const generations: readonly Generation[] = [2, 3, 4];
  return generations.flatMap((generation) =>
    layouts
      .filter((layout) => possible(layout).includes(generation))
      .map((layout) => ({ generation, layout })),
  );
}

/** The pairs that a drill covers: deployment, fault and generation, fault and layout. */
function pairsOf({ fault, generation, layout }: Drill): string[] {
  return [deploymentName({ generation, layout }), `${fault} ${generation}`, `${fault} ${layout}`];
}

/**
 * At most `count` drills: first every deployment and every fault once, then whatever covers most pairs not covered
 * yet. Equals are taken in the order of a hash, so another seed drills other ones of the rest.
 */
export function selectDrills(drills: readonly Drill[], count: number, seed: string): Drill[] {
  const shuffled = drills.toSorted((left, right) => (hash(seed, left) < hash(seed, right) ? -1 : 1));
  const chosen = new Set<Drill>();
  const covered = new Set<string>();
  while (chosen.size < Math.min(count, drills.length)) {
    const rest = shuffled.filter((drill) => !chosen.has(drill));
    const best = rest.reduce((left, right) => (gain(right, covered) > gain(left, covered) ? right : left));
    chosen.add(best);
    for (const covers of [best.fault, ...pairsOf(best)]) covered.add(covers);
  }
  return drills.filter((drill) => chosen.has(drill));
}

/** Every fault once, and what leaves room for the rest of CI: about seven minutes on two cores, each sandbox included. */
const ciCount = 48;
/** Another one drills other combinations in CI. */
const ciSeed = '1';

/** The drills of CI; `npm run drills` does all of them. */
export const ciDrills = (drills: readonly Drill[]): Drill[] => selectDrills(drills, ciCount, ciSeed);

const hash = (seed: string, { fault, generation, layout }: Drill): string =>
  createHash('sha256').update(`${seed} ${fault} ${generation} ${layout}`).digest('hex');

/** A deployment that nothing ran on weighs more than a fault that was not drilled, and that more than all pairs. */
function gain(drill: Drill, covered: ReadonlySet<string>): number {
  const [deployment = '', ...others] = pairsOf(drill);
  const weighed = [
    covered.has(deployment) ? 0 : 100,
    covered.has(drill.fault) ? 0 : 10,
    ...others.map((pair) => (covered.has(pair) ? 0 : 1)),
  ];
  return weighed.reduce((left, right) => left + right, 0);
}

/** How many of the pairs that exist are covered. */
export interface PairCoverage {
  readonly pairs: number;
  readonly covered: number;
}

/** Coverage by what is paired. */
export function coverage(
  drills: readonly Drill[],
  chosen: readonly Drill[],
): Readonly<Record<'deployments' | 'faultsByGeneration' | 'faultsByLayout', PairCoverage>> {
  const count = (index: number): PairCoverage => {
    const pairs = (of: readonly Drill[]): number => new Set(of.map((drill) => pairsOf(drill)[index])).size;
    return { pairs: pairs(drills), covered: pairs(chosen) };
  };
  return { deployments: count(0), faultsByGeneration: count(1), faultsByLayout: count(2) };
}
