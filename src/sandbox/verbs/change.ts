import { LfctlError } from '../../errors/error.ts';
import type { Fault, FaultContext } from '../fault.ts';
import { faultContext } from '../fault-context.ts';
import type { KubeClient } from '../kube-client.ts';
import { alone } from '../lock.ts';
import { until } from '../until.ts';
import { isAllWell, steady } from '../wellness.ts';
import type { SandboxFolder, SandboxRecord } from '../state.ts';
import { sandboxFolder } from '../state.ts';
import type { VerbContext } from './context.ts';
import { findFaults } from './faults.ts';
import { faultMemory, readBroken, writeBroken } from './faults-file.ts';
import { openSandbox } from './open.ts';
import { requireRecord } from './status.ts';
import { isSupervised } from './supervisor-process.ts';

/** What `sandbox break` and `sandbox mend` did. */
export interface ChangeResult {
  readonly name: string;
  /** What was done to each fault asked for, in order. */
  readonly faults: readonly {
    readonly name: string;
    readonly outcome: 'broken' | 'mended' | 'unchanged';
    readonly firstVerdict: string;
    readonly ms: number;
  }[];
}

/** Breaks what is not broken yet; resolves when each change has arrived. @throws LfctlError SANDBOX_FAULT, SANDBOX_NOT_RUNNING, SANDBOX_START */
export function breakFaults(
  context: VerbContext,
  name: string,
  names: readonly string[],
  known?: readonly Fault[],
): Promise<ChangeResult> {
  return change(context, name, 'break', async (world) => {
    const done: ChangeResult['faults'][number][] = [];
    for (const fault of findFaults(names, world.record, known)) done.push(await breakOne(world, fault));
    return done;
  });
}

/** Mends faults, the last broken one first; no names means all. @throws as {@link breakFaults} */
export function mendFaults(
  context: VerbContext,
  name: string,
  names: readonly string[] | 'all',
  known?: readonly Fault[],
): Promise<ChangeResult> {
  return change(context, name, 'mend', async (world) => {
    const broken = await readBroken(world.folder);
    const order = Object.keys(broken).toReversed();
    const asked = findFaults(names === 'all' ? order : names, world.record, known);
    asked.sort((left, right) => order.indexOf(left.name) - order.indexOf(right.name));
    const done: ChangeResult['faults'][number][] = [];
    for (const fault of asked) done.push(await mendOne(world, fault));
    await wellAgain(world);
    return done;
  });
}

const wellTimeoutMs = 60_000;

interface World {
  readonly context: VerbContext;
  readonly folder: SandboxFolder;
  readonly record: SandboxRecord;
  readonly client: KubeClient;
  readonly open: (memory: FaultContext['memory']) => FaultContext;
}

async function change(
  context: VerbContext,
  name: string,
  verb: 'break' | 'mend',
  run: (world: World) => Promise<ChangeResult['faults']>,
): Promise<ChangeResult> {
  const folder = sandboxFolder(context.stateFolder, name);
  const record = await requireRecord(context, folder);
  if (!(await isSupervised(folder)))
    throw new LfctlError('SANDBOX_NOT_RUNNING', {
      message: `the supervisor of the sandbox "${name}" is gone`,
    });
  const { client, names, secrets } = await openSandbox(context, name);
  const { now, signal } = context;
  const open = (memory: FaultContext['memory']): FaultContext =>
    faultContext({ client, names, record, secrets, memory, now, signal });
  const faults = await alone(folder.lock, verb, () => run({ context, folder, record, client, open }));
  return { name, faults };
}

/** Recorded before it breaks: a run that is cut off can still be mended. */
async function breakOne(world: World, fault: Fault): Promise<ChangeResult['faults'][number]> {
  const { folder, context } = world;
  const began = performance.now();
  const broken = await readBroken(folder);
  if (broken[fault.name] !== undefined) return outcome(fault, 'unchanged', began);
  context.progress(`breaking ${fault.name}`);
  const at = context.now().toISOString();
  const { memory, values } = faultMemory({});
  const save = (): Promise<void> =>
    writeBroken(folder, { ...broken, [fault.name]: { at, memory: values() } });
  await save();
  // Each value is on disk before the fault goes on for long: mending needs it, whatever happens to this run.
  let saved = Promise.resolve();
  const set: typeof memory.set = (key, value) => {
    memory.set(key, value);
    saved = saved.then(save);
  };
  try {
    await fault.break(world.open({ get: memory.get, set }));
  } finally {
    await saved;
  }
  return outcome(fault, 'broken', began);
}

async function mendOne(world: World, fault: Fault): Promise<ChangeResult['faults'][number]> {
  const { folder, context } = world;
  const began = performance.now();
  const { [fault.name]: own, ...others } = await readBroken(folder);
  if (own === undefined) return outcome(fault, 'unchanged', began);
  context.progress(`mending ${fault.name}`);
  const { memory } = faultMemory(own.memory);
  await fault.mend(world.open(memory));
  await writeBroken(folder, others);
  return outcome(fault, 'mended', began);
}

/** With nothing broken any more: back when every part is well, so that a script needs no sleep. */
async function wellAgain({ context, folder, client }: World): Promise<void> {
  if (Object.keys(await readBroken(folder)).length > 0) return;
  context.progress('waiting until all is well');
  const well = steady(() => isAllWell(client));
  await until('every part is well', well, wellTimeoutMs, context.signal);
}

function outcome(
  fault: Fault,
  done: ChangeResult['faults'][number]['outcome'],
  began: number,
): ChangeResult['faults'][number] {
  const ms = Math.round(performance.now() - began);
  return { name: fault.name, outcome: done, firstVerdict: fault.firstVerdict, ms };
}
