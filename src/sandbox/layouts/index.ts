import type { Generation } from '../../deployment/model.ts';
import { LfctlError } from '../../errors/error.ts';
import type { LayoutName } from '../fault.ts';
import type { Layout, LayoutInput } from './layout.ts';
import { runbookLayout } from './runbook.ts';

/** The Langfuse release that a generation stands for in the sandbox. */
export const sandboxVersions: Readonly<Record<Generation, string>> = {
  2: '2.95.12',
  3: '3.199.0',
  4: '4.16.0',
};

/** Generations that a layout can run: the official chart serves 3 from its line 1 on. */
export const layoutGenerations: Readonly<Record<LayoutName, readonly Generation[]>> = {
  runbook: [2, 3, 4],
  'chart-1': [3, 4],
  'chart-2': [3, 4],
  plain: [2, 3, 4],
};

/** Builds a layout by its name. @throws LfctlError USAGE when this lfctl does not have it */
export function buildLayout(name: LayoutName, input: LayoutInput): Promise<Layout> {
  if (name === 'runbook') return runbookLayout(input);
  throw new LfctlError('USAGE', { message: `the sandbox has no layout ${name} yet; it has: runbook` });
}
