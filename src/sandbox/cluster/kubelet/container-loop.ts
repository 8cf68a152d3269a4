import type { ContainerState } from '../../../ports/kube-objects.ts';
import type { SandboxImage } from '../../images.ts';
import { findImage } from '../../images.ts';
import { isAlive } from '../../process-identity.ts';
import { timestamp } from '../timestamp.ts';
import { newContainerId } from './container-record.ts';
import { change, type ContainerScope, event, longName, waiting } from './container-scope.ts';
import { backOffSeconds, configure, pullImage, startContainer } from './container-start.ts';
import { probeExec } from './probe-exec.ts';
import { pause, startProbes } from './probes.ts';
import { endGroup } from './process-group.ts';
import { bytesOf } from './quantities.ts';
import { adoptProcess, type Exit, exitFrom, type Running } from './running.ts';

/** A run of this length clears the back-off: ten minutes on the sandbox's clock. */
const steadySeconds = 600;
/** How soon a container that is over its memory limit from the start is killed. */
const outOfMemoryMs = 300;

/** Runs a container until it is done for good, the pod ends, or this kubelet leaves. */
export async function runContainer(scope: ContainerScope): Promise<void> {
  let running = takeOver(scope);
  const before = scope.record.state.terminated;
  if (before !== undefined && !shouldRestart(scope, { code: before.exitCode })) return;
  while (!scope.halted.aborted) {
    running ??= await startRun(scope);
    if (running === null) {
      if (scope.halted.aborted) return;
      continue;
    }
    const exit = await watchRun(scope, running);
    if (exit === null) return;
    finishRun(scope, exit);
    running = null;
    if (!shouldRestart(scope, exit)) return;
    await backOff(scope);
  }
}

/** The process of a former kubelet, when it still runs; one that ended meanwhile is noted. */
function takeOver(scope: ContainerScope): Running | null {
  const { record, files } = scope;
  if (record.state.running === undefined || record.process === null) return null;
  const exitFile = files.exit(record.restartCount);
  if (isAlive(record.process)) return adoptProcess(record.process, exitFile);
  endGroup(record.process);
  finishRun(scope, { ...exitFrom(exitFile), outOfMemory: false });
  return null;
}

async function startRun(scope: ContainerScope): Promise<Running | null> {
  const image = await pullImage(scope);
  const env = image === null ? null : await configure(scope);
  if (image === null || env === null || scope.halted.aborted) return null;
  const { record, container } = scope;
  const restartCount = record.hasRun ? record.restartCount + 1 : 0;
  const lastState = lastStateOf(scope);
  Object.assign(record, { restartCount, hasRun: true, containerId: newContainerId(), lastState });
  event(scope, 'Normal', 'Created', `Created container: ${container.name}`);
  try {
    const running = await startContainer(scope, image, env);
    event(scope, 'Normal', 'Started', `Started container ${container.name}`);
    change(scope, {
      state: { running: { startedAt: timestamp(scope.context.now()) } },
      process: running.identity,
      started: container.startupProbe === undefined,
      ready: false,
    });
    return running;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    event(scope, 'Warning', 'Failed', `Error: failed to start containerd task "${container.name}": ${why}`);
    change(scope, { state: waiting('RunContainerError', why), failures: record.failures + 1 });
    await backOff(scope);
    return null;
  }
}

interface RunEnd extends Exit {
  readonly outOfMemory: boolean;
}

/** Probes the run and waits for its end; null when the kubelet leaves it running. */
async function watchRun(scope: ContainerScope, running: Running): Promise<RunEnd | null> {
  const { container, context, address } = scope;
  const killing = new AbortController();
  const stopProbes = scope.isInit
    ? () => undefined
    : startProbes({ container, address, exec: probeExec(scope) }, context.timeScale, {
        onStarted: () => change(scope, { started: true }),
        onReady: (ready) => {
          if (scope.record.ready !== ready) change(scope, { ready });
        },
        onUnhealthy: (kind, message) =>
          event(scope, 'Warning', 'Unhealthy', `${kind} probe failed: ${message}`),
        onDead: (kind) => {
          const text = `Container ${container.name} failed ${kind.toLowerCase()} probe, will be restarted`;
          event(scope, 'Normal', 'Killing', text);
          killing.abort();
        },
      });
  const memory = limitMemory(scope, findImage(container.image ?? ''), running);
  const left = leaves(scope);
  const end = await Promise.race([running.exited, left, aborted(killing.signal), aborted(scope.ending)]);
  stopProbes();
  if (end === 'left') return null;
  const exit = end === 'aborted' ? await kill(scope, running) : end;
  return { ...exit, outOfMemory: memory.exceeded() };
}

async function aborted(signal: AbortSignal): Promise<'aborted'> {
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return 'aborted';
}

/** Settles when the kubelet stops without ending its pods. */
async function leaves({ halted, ending }: ContainerScope): Promise<'left'> {
  await aborted(halted);
  return ending.aborted ? new Promise(() => undefined) : 'left';
}

async function kill(scope: ContainerScope, running: Running): Promise<Exit> {
  running.signal('SIGTERM');
  const graceMs = (scope.graceSeconds() * 1000) / scope.context.timeScale;
  const done = new AbortController();
  void running.exited.then(() => done.abort());
  await pause(Math.max(graceMs, 50), done.signal);
  running.signal('SIGKILL');
  return running.exited;
}

/** A limit that the real program could not even start with kills the run as the kernel would. */
function limitMemory(
  { container }: ContainerScope,
  image: SandboxImage | null,
  running: Running,
): { exceeded: () => boolean } {
  const limit = container.resources?.limits?.['memory'];
  if (limit === undefined || image === null || bytesOf(limit) >= image.memoryFloorBytes)
    return { exceeded: () => false };
  let killed = false;
  const timer = setTimeout(() => {
    killed = true;
    running.signal('SIGKILL');
  }, outOfMemoryMs);
  void running.exited.then(() => clearTimeout(timer));
  return { exceeded: () => killed };
}

function finishRun(scope: ContainerScope, { code, outOfMemory }: RunEnd): void {
  const { record, context } = scope;
  const startedAt = record.state.running?.startedAt ?? timestamp(context.now());
  const reason = outOfMemory ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error';
  const finishedAt = timestamp(context.now());
  const terminated = {
    exitCode: code,
    reason,
    startedAt,
    finishedAt,
    containerID: record.containerId,
  };
  const state: ContainerState = { terminated };
  const ranMs = context.now().getTime() - Date.parse(startedAt);
  const steady = ranMs > (steadySeconds * 1000) / context.timeScale;
  change(scope, {
    state,
    ready: false,
    started: false,
    process: null,
    failures: steady ? 1 : record.failures + 1,
  });
}

function shouldRestart({ pod, isInit, halted }: ContainerScope, { code }: Pick<Exit, 'code'>): boolean {
  if (halted.aborted) return false;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (isInit) return code !== 0 && policy !== 'Never';
  return policy === 'Always' || (policy === 'OnFailure' && code !== 0);
}

/** The kubelet looks for ended containers once a second (its PLEG's relist period): till then the end is to be seen. */
const relistMs = 1000;

/** The first restart comes at the next look, then 10 s, 20 s, 40 s … up to 5 min apart. */
async function backOff(scope: ContainerScope): Promise<void> {
  const { record, container, context } = scope;
  const lastState = lastStateOf(scope);
  if (record.failures <= 1) return pause(relistMs, scope.halted);
  const seconds = backOffSeconds(record.failures - 1);
  const name = longName(scope);
  event(scope, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${name}`);
  const delay = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const message = `back-off ${delay} restarting failed container=${container.name} pod=${name}`;
  change(scope, { state: waiting('CrashLoopBackOff', message), lastState });
  await pause((seconds * 1000) / context.timeScale, scope.halted);
}

/** An end that something else follows becomes the last state. */
function lastStateOf({ record }: ContainerScope): ContainerState {
  return record.state.terminated === undefined ? record.lastState : record.state;
}
