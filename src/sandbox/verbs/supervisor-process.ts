import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LfctlError } from '../../errors/error.ts';
import { programFolder } from '../package-folder.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { identify, isAlive, signalProcess } from '../process-identity.ts';
import { askSupervisor } from '../supervisor/control.ts';
import type { SandboxFolder, SupervisorStatus } from '../state.ts';
import { diskError, readStateJson, writeStateJson } from '../state-file.ts';
import type { VerbContext } from './context.ts';
import type { PodProcess } from './pod-processes.ts';
import { podProcesses } from './pod-processes.ts';

/** The supervisor's process: as `up` wrote it down when it started it. */
async function knownSupervisor(folder: SandboxFolder): Promise<ProcessIdentity | null> {
  const status = await readStateJson<SupervisorStatus>(folder.status);
  return status?.supervisor ?? readStateJson<ProcessIdentity>(folder.process);
}

/** A supervisor on a busy machine takes its time; one that hangs never answers. */
const busyMs = 4000;

/** Whether the supervisor runs and answers. */
export async function isSupervised(folder: SandboxFolder): Promise<boolean> {
  const supervisor = await knownSupervisor(folder);
  if (supervisor === null || !isAlive(supervisor)) return false;
  return askSupervisor(folder.controlSocket, '/alive', busyMs);
}

/** @throws LfctlError SANDBOX_START when the supervisor has ended without a word */
export async function requireSupervisor(folder: SandboxFolder): Promise<void> {
  const supervisor = await knownSupervisor(folder);
  if (supervisor !== null && isAlive(supervisor)) return;
  // Its last words are written before it ends.
  throwFailure(await readStateJson<SupervisorStatus>(folder.status), folder);
  throw new LfctlError('SANDBOX_START', {
    message: 'the supervisor ended while it was waited for',
    fixes: [{ text: `its log may say why: ${folder.log}` }],
  });
}

/** Starts the supervisor in the background, out of reach of the terminal's Ctrl-C. @throws LfctlError SANDBOX_DISK */
export async function startSupervisor(context: VerbContext, folder: SandboxFolder): Promise<void> {
  const entry = join(context.programFolder ?? programFolder(), 'sandbox-supervisor.js');
  const log = openLog(folder.log);
  const { PATH, HOME, TMPDIR, LANG } = context.env;
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, LANG }).filter(([, value]) => value !== undefined),
  );
  const child = spawn(execPath, [entry, context.stateFolder, folder.name], {
    cwd: folder.root,
    detached: true,
    env,
    stdio: ['ignore', log, log],
  });
  child.on('error', () => undefined);
  child.unref();
  closeSync(log);
  // `down` must find it even before it has written its own status.
  await writeStateJson(folder.process, identify(child.pid ?? 0));
}

function openLog(path: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (cause) {
    throw diskError(path, cause);
  }
}

/** Ends a supervisor that does not answer, at once: its pods go on, and the next one adopts them. */
export async function endHungSupervisor(folder: SandboxFolder): Promise<void> {
  const supervisor = await knownSupervisor(folder);
  if (supervisor !== null && signalProcess(supervisor, 'SIGKILL')) await gone([supervisor], 2000);
  await rm(folder.status, { force: true });
}

/** Ends the supervisor and every process it started; pid and start time are checked first. */
export async function endAll(folder: SandboxFolder, graceMs = 15_000): Promise<void> {
  const supervisor = await knownSupervisor(folder);
  if (supervisor !== null && isAlive(supervisor)) {
    const asked = await askSupervisor(folder.controlSocket, '/stop');
    if (!asked) signalProcess(supervisor, 'SIGTERM');
    await gone([supervisor], asked ? graceMs : 5000);
    signalProcess(supervisor, 'SIGKILL');
    await gone([supervisor], 2000);
  }
  await endPods(await podProcesses(folder));
}

async function endPods(pods: readonly PodProcess[]): Promise<void> {
  for (const pod of pods) signalProcess(pod, 'SIGTERM');
  await gone(pods, 2000);
  // A pod's own children (redis-server, postgres) are in its process group.
  for (const pod of pods) signalProcess(pod, 'SIGKILL', 'group');
  await gone(pods, 2000);
}

async function gone(processes: readonly ProcessIdentity[], withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (processes.some((each) => isAlive(each)) && performance.now() < deadline) await sleep(20);
}

/** @throws LfctlError with the code of what kept the supervisor from starting */
export function throwFailure(status: SupervisorStatus | null, folder: SandboxFolder): void {
  if (status?.phase !== 'failed' || status.failure === null) return;
  const code = status.failure.code === 'SANDBOX_PORT' ? 'SANDBOX_PORT' : 'SANDBOX_START';
  throw new LfctlError(code, {
    message: status.failure.message,
    fixes: [{ text: `the supervisor's log has more: ${folder.log}` }],
  });
}
