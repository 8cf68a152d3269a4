import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { hasTool } from '../../exec/run.ts';
import { type AgentExec, type AgentLogOptions, type NodeAgent, NodeAgentError } from '../node-agent.ts';
import { ConfigError } from './environment.ts';
import type { ContainerRecord } from './container-record.ts';
import { environmentOf } from './container-start.ts';
import type { ContainerScope } from './container-scope.ts';
import type { KubeletContext } from './context.ts';
import { readLog } from './log-reader.ts';
import { containerFiles } from './pod-folder.ts';
import type { PodWorker } from './pod-worker.ts';

/** The worker of a pod that is there, or null. */
export type FindWorker = (namespace: string, pod: string) => PodWorker | null;

/** What the API server asks the node for: logs, exec, port-forward. */
export function nodeAgent(context: KubeletContext, find: FindWorker): NodeAgent {
  const worker = (namespace: string, pod: string): PodWorker => {
    const running = find(namespace, pod);
    if (running === null) throw new NodeAgentError(404, `pods "${pod}" not found`);
    return running;
  };
  return {
    logs: (namespace, pod, options) => logs(context, worker(namespace, pod), options),
    exec: async (namespace, pod, container, command) =>
      exec(context, worker(namespace, pod), container, command),
    forward: async (namespace, pod, port) => forward(worker(namespace, pod), port),
  };
}

function logs(context: KubeletContext, worker: PodWorker, options: AgentLogOptions): AsyncIterable<Buffer> {
  const { name } = worker.pod.metadata;
  const { container, previous } = options;
  const known = [...(worker.pod.spec.initContainers ?? []), ...worker.pod.spec.containers];
  if (!known.some((each) => each.name === container))
    throw new NodeAgentError(400, `container ${container} is not valid for pod ${name}`);
  const record = worker.record(container);
  if (previous && (record === null || record.lastState.terminated === undefined))
    throw new NodeAgentError(400, `previous terminated container "${container}" in pod "${name}" not found`);
  if (record === null || !record.hasRun) throw new NodeAgentError(400, notStarted(container, name, record));
  const run = record.restartCount - (previous && record.state.running !== undefined ? 1 : 0);
  const ended = (): boolean => record.restartCount !== run || record.state.running === undefined;
  return readLog(containerFiles(worker.folder, container).log(run), options, context.now, ended);
}

function notStarted(container: string, pod: string, record: ContainerRecord | null): string {
  const reason = record?.state.waiting?.reason ?? 'ContainerCreating';
  const where = `container "${container}" in pod "${pod}"`;
  if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff')
    return `${where} is waiting to start: trying and failing to pull image`;
  return `${where} is waiting to start: ${reason}`;
}

function scopeToEnter(worker: PodWorker, container: string): ContainerScope {
  const scope = worker.scope(container);
  if (scope?.record.state.running === undefined)
    throw new NodeAgentError(500, `unable to upgrade connection: container not found ("${container}")`);
  return scope;
}

async function exec(
  context: KubeletContext,
  worker: PodWorker,
  container: string,
  command: readonly string[],
): Promise<AgentExec> {
  const scope = scopeToEnter(worker, container);
  const [name = ''] = command;
  if (!hasTool(name)) throw new NodeAgentError(500, missingCommand(scope, name));
  const child = spawn(context.nodePath, [context.programEntry, 'exec', controlFile(scope), ...command], {
    cwd: scope.files.root,
    env: execEnv(scope),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  const exitCode = new Promise<number>((resolve) => {
    child.on('error', () => resolve(126));
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 143 : 137)));
  });
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, exitCode, kill: () => void child.kill('SIGKILL') };
}

/** containerd's words, as kubectl shows them. */
function missingCommand({ record }: ContainerScope, name: string): string {
  const id = record.containerId.replace('containerd://', '');
  return (
    `Internal error occurred: error executing command in container: failed to exec in container: ` +
    `failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ` +
    `exec: "${name}": executable file not found in $PATH: unknown`
  );
}

/** A sidecar without a process of its own has no control file yet. */
function controlFile(scope: ContainerScope): string {
  return scope.files.control;
}

function execEnv(scope: ContainerScope): Record<string, string> {
  try {
    return environmentOf(scope);
  } catch (error) {
    if (error instanceof ConfigError) throw new NodeAgentError(500, error.message);
    throw error;
  }
}

/** One connection to a port of the pod. */
async function forward(worker: PodWorker, port: number): Promise<Duplex> {
  const address = worker.address();
  const running = worker.pod.spec.containers.some(
    ({ name }) => worker.record(name)?.state.running !== undefined,
  );
  const { name, namespace = 'default' } = worker.pod.metadata;
  if (address === '' || !running)
    throw new NodeAgentError(
      500,
      `unable to forward port because pod is not running. Current status=Pending`,
    );
  return new Promise((resolve, reject) => {
    const socket = connect(port, address);
    socket.setNoDelay(true);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
      const text = `failed to connect to localhost:${port} inside namespace "${namespace}_${name}", IPv4: dial tcp4 ${address}:${port}: connect: ${why}`;
      reject(new NodeAgentError(500, `error forwarding port ${port} to pod ${name}: ${text}`));
    });
  });
}
