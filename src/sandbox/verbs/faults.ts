import { LfctlError } from '../../errors/error.ts';
import type { Fault } from '../fault.ts';
import { faults as generated } from '../faults/index.gen.ts';
import type { SandboxRecord } from '../state.ts';

/** All faults this lfctl knows, in the order of their areas and names. */
const allFaults: readonly Fault[] = generated;

/** What `sandbox faults` shows of one. */
export interface FaultRow {
  readonly name: string;
  readonly area: string;
  readonly summary: string;
  readonly firstVerdict: string;
  readonly expects: Fault['expects'];
  readonly generations: Fault['generations'];
  readonly layouts: Fault['layouts'];
}

/** The list without the code. */
export function faultRows(faults: readonly Fault[] = allFaults): FaultRow[] {
  return faults.map(({ name, area, summary, firstVerdict, expects, generations, layouts }) => ({
    name,
    area,
    summary,
    firstVerdict,
    expects,
    generations,
    layouts,
  }));
}

/** The faults of these names, all or none. @throws LfctlError SANDBOX_FAULT */
export function findFaults(
  names: readonly string[],
  record: Pick<SandboxRecord, 'generation' | 'layout'>,
  faults: readonly Fault[] = allFaults,
): Fault[] {
  return names.map((name) => {
    const fault = faults.find((each) => each.name === name);
    if (fault === undefined)
      throw new LfctlError('SANDBOX_FAULT', { message: `there is no fault "${name}"${like(name, faults)}` });
    if (!fault.generations.includes(record.generation) || !fault.layouts.includes(record.layout))
      throw new LfctlError('SANDBOX_FAULT', {
        message: `"${name}" makes no sense on Langfuse ${record.generation} in the ${record.layout} layout`,
      });
    return fault;
  });
}

function like(name: string, faults: readonly Fault[]): string {
  const words = name.split('-');
  const close = faults.filter((fault) => fault.name.split('-').some((word) => words.includes(word)));
  return close.length === 0 ? '' : `; near it: ${close.map((fault) => fault.name).join(', ')}`;
}
