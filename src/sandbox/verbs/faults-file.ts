import type { FaultContext } from '../fault.ts';
import { readStateJson, writeStateJson } from '../state-file.ts';
import type { BrokenFault, SandboxFolder } from '../state.ts';

/** Faults that are broken now, by name. */
export type BrokenFaults = Readonly<Record<string, BrokenFault>>;

/** What is broken in this sandbox. */
export async function readBroken(folder: SandboxFolder): Promise<BrokenFaults> {
  return (await readStateJson<BrokenFaults>(folder.faults)) ?? {};
}

/** Records it. @throws LfctlError SANDBOX_DISK */
export function writeBroken(folder: SandboxFolder, broken: BrokenFaults): Promise<void> {
  return writeStateJson(folder.faults, broken);
}

/** The memory a fault keeps between break and mend. */
export function faultMemory(kept: Readonly<Record<string, unknown>>): {
  readonly memory: FaultContext['memory'];
  readonly values: () => Readonly<Record<string, unknown>>;
} {
  const values = new Map(Object.entries(kept));
  return {
    memory: {
      get: (key) => values.get(key),
      set: (key, value) => void values.set(key, value),
    },
    values: () => Object.fromEntries(values),
  };
}
