import { setTimeout as sleep } from 'node:timers/promises';
import { LfctlError } from '../../errors/error.ts';
import { alone } from '../lock.ts';
import { requireLoopback } from '../loopback.ts';
import { packageFolder } from '../package-folder.ts';
import { partFolders, requireParts } from '../parts.ts';
import type { SandboxFolder, SandboxRecord, SupervisorStatus } from '../state.ts';
import { sandboxFolder } from '../state.ts';
import { readStateJson } from '../state-file.ts';
import type { VerbContext } from './context.ts';
import type { UpOptions } from './prepare.ts';
import { prepare } from './prepare.ts';
import { isFull } from './room.ts';
import type { SandboxStatus } from './status.ts';
import { allUp, statusOf } from './status.ts';
import {
  endHungSupervisor,
  isSupervised,
  requireSupervisor,
  startSupervisor,
  throwFailure,
} from './supervisor-process.ts';

/** What `sandbox up` brought up. */
export interface UpResult {
  readonly status: SandboxStatus;
  /** False when its supervisor ran already. */
  readonly started: boolean;
  /** Parts that were not up at the first look. */
  readonly repaired: readonly string[];
  readonly ms: number;
  /** Milliseconds after the supervisor's start. */
  readonly milestones: Readonly<Record<string, number>>;
}

const upTimeoutMs = 120_000;
/** With faults broken on purpose not everything becomes ready: then `up` waits this long and says so. */
const brokenPatienceMs = 8000;
const pauseMs = 100;

/**
 * Brings a sandbox up, or repairs it: what runs is kept, what is gone is started.
 * @throws LfctlError SANDBOX_PART_MISSING, SANDBOX_LOOPBACK, SANDBOX_DISK, SANDBOX_PORT, SANDBOX_START, SANDBOX_BUSY, USAGE
 */
export async function sandboxUp(context: VerbContext, options: UpOptions): Promise<UpResult> {
  const folder = sandboxFolder(context.stateFolder, options.name);
  const began = performance.now();
  const folders = partFolders(packageFolder(), context.cacheFolder);
  requireParts(options.generation, folders);
  await requireLoopback();
  return alone(folder.lock, 'up', async () => {
    const record = await prepare(options, folder, folders);
    const before = await statusOf(context, folder, record);
    const repaired = before.parts.filter((part) => part.status !== 'up').map(({ id }) => id);
    const started = !(await isSupervised(folder));
    if (started) await start(context, folder);
    try {
      const status = await settled(context, folder, record, options.timeoutMs ?? upTimeoutMs);
      const written = await readStateJson<SupervisorStatus>(folder.status);
      const ms = Math.round(performance.now() - began);
      return { status, started, repaired, ms, milestones: written?.milestones ?? {} };
    } catch (error) {
      if (context.signal.aborted)
        context.note(
          `the sandbox goes on starting: "sandbox up" waits for it again, "sandbox down" removes it`,
        );
      throw error;
    }
  });
}

/** A supervisor that hangs is ended first; its pods go on and are adopted. */
async function start(context: VerbContext, folder: SandboxFolder): Promise<void> {
  await endHungSupervisor(folder);
  context.progress('starting the supervisor');
  await startSupervisor(context, folder);
}

async function settled(
  context: VerbContext,
  folder: SandboxFolder,
  record: SandboxRecord,
  timeoutMs: number,
): Promise<SandboxStatus> {
  const began = performance.now();
  let status: SandboxStatus | null = null;
  for (;;) {
    context.signal.throwIfAborted();
    const supervisor = await readStateJson<SupervisorStatus>(folder.status);
    throwFailure(supervisor, folder);
    await requireSupervisor(folder);
    if (supervisor?.apiUrl != null) status = await statusOf(context, folder, record);
    if (status !== null && supervisor?.phase === 'running' && allUp(status)) return status;
    const waitedMs = performance.now() - began;
    if (status !== null && status.faults.length > 0 && waitedMs > brokenPatienceMs) return status;
    if (waitedMs > timeoutMs) throw await notReady(status, folder);
    context.progress(waitingFor(status));
    await sleep(pauseMs);
  }
}

function waitingFor(status: SandboxStatus | null): string {
  if (status === null) return 'starting the cluster';
  const waiting = status.parts.filter((part) => part.status !== 'up').map(({ id }) => id);
  return waiting.length === 0 ? 'writing the first rows' : `waiting for ${waiting.join(', ')}`;
}

async function notReady(status: SandboxStatus | null, folder: SandboxFolder): Promise<LfctlError> {
  if (await isFull(folder))
    return new LfctlError('SANDBOX_DISK', { message: `the disk of ${folder.node} is full` });
  const down = (status?.parts ?? []).filter((part) => part.status !== 'up');
  const parts = down.map(({ id, detail }) => (detail === '' ? id : `${id} (${detail})`)).join(', ');
  return new LfctlError('SANDBOX_START', {
    message: parts === '' ? 'the supervisor did not get ready' : `not ready: ${parts}`,
    fixes: [{ text: `the supervisor's log has more: ${folder.log}` }],
  });
}
