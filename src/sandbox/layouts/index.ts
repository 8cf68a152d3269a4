import type { Generation } from '../../deployment/model.ts';
import { LfctlError } from '../../errors/error.ts';
import type { LayoutName, LayoutOwner, SandboxNames } from '../fault.ts';
import { chart1Layout, chart1Names } from './chart-1.ts';
import { chart2Layout, chart2Names } from './chart-2.ts';
import type { Layout, LayoutInput } from './layout.ts';
import { ownedBy } from './owners.ts';
import { plainLayout, plainNames } from './plain.ts';
import { runbookLayout, runbookNames } from './runbook.ts';

/** The Langfuse release that a generation stands for in the sandbox. */
export const sandboxVersions: Readonly<Record<Generation, string>> = {
  2: '2.95.12',
  3: '3.199.0',
  4: '4.16.0',
};

interface LayoutEntry {
  /** What it can run: the charts since 1.0 need a worker and ClickHouse. */
  readonly generations: readonly Generation[];
  readonly names: (generation: Generation) => SandboxNames;
  readonly build: (input: LayoutInput) => Promise<Layout>;
}

const layouts: Readonly<Record<LayoutName, LayoutEntry>> = {
  runbook: { generations: [2, 3, 4], names: runbookNames, build: runbookLayout },
  'chart-1': { generations: [3, 4], names: () => chart1Names, build: chart1Layout },
  'chart-2': { generations: [3, 4], names: () => chart2Names, build: chart2Layout },
  plain: { generations: [2, 3, 4], names: plainNames, build: plainLayout },
};

/** The generations of Langfuse that a layout can run. */
export function layoutGenerations(name: LayoutName): readonly Generation[] {
  return layouts[name].generations;
}

/** Refuses a layout that does not go with a generation. @throws LfctlError USAGE with what goes */
export function requireLayout(name: LayoutName, generation: Generation): void {
  const able = layoutGenerations(name);
  if (able.includes(generation)) return;
  const others = Object.entries(layouts)
    .filter(([, entry]) => entry.generations.includes(generation))
    .map(([other]) => other);
  throw new LfctlError('USAGE', {
    message: `layout ${name} has Langfuse ${able.join(' and ')}, not ${generation}; Langfuse ${generation} has layouts ${others.join(', ')}`,
  });
}

/** A layout's names, without its manifests; a release of Helm is there only where nobody else is the owner. */
export function layoutNames(
  name: LayoutName,
  generation: Generation,
  owner: LayoutOwner | null,
): SandboxNames {
  const names = layouts[name].names(generation);
  return owner === null ? names : { ...names, release: null };
}

/** Builds a layout by its name, as its owner would have it. @throws LfctlError USAGE when it does not go with the generation */
export async function buildLayout(name: LayoutName, input: LayoutInput): Promise<Layout> {
  requireLayout(name, input.generation);
  const layout = await layouts[name].build(input);
  return input.owner === null ? layout : ownedBy(input.owner, layout, input);
}
