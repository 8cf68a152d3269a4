import type { WebSocket } from 'ws';
import { LfctlError } from '../../errors/error.ts';
import type { ExecResult } from '../../ports/kube.ts';
import { stopReason } from '../net/deadline.ts';
import { firstLine } from '../net/network-error.ts';
import type { Connection } from './connection.ts';
import { brokenError } from './failure.ts';
import { channelOf, openWebSocket } from './websocket.ts';

/** Probes say little; what says more is not what was asked for. */
const outputLimitBytes = 16 * 1024 * 1024;

interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/**
 * Runs a command in a container and collects what it says. Channel 1 is stdout, 2 stderr, 3 the outcome;
 * a connection that ends without an outcome was cut, and half an output must not look like a whole one.
 */
export async function exec(
  connection: Connection,
  namespace: string,
  pod: string,
  container: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<ExecResult> {
  const query = new URLSearchParams({
    container,
    stdout: 'true',
    stderr: 'true',
    stdin: 'false',
    tty: 'false',
  });
  for (const part of command) query.append('command', part);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query.toString()}`;
  const doing = { verb: 'get', resource: 'pods/exec', namespace };
  const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  const socket = await openWebSocket(connection, path, protocols, doing, signal);
  const stop = (): void => socket.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await collected(socket, `${namespace}/${pod}/${container}`);
  } catch (error) {
    throw brokenError(connection.context, signal.aborted ? stopReason(signal) : error);
  } finally {
    signal.removeEventListener('abort', stop);
    socket.terminate();
  }
}

async function collected(socket: WebSocket, place: string): Promise<ExecResult> {
  const output: [Buffer[], Buffer[]] = [[], []];
  let sizeBytes = 0;
  const status = await new Promise<ExecStatus>((resolve, reject) => {
    socket.on('message', (message) => {
      const { channel, bytes } = channelOf(message);
      if (channel === 3) resolve(parsed(bytes));
      else if (channel === 1 || channel === 2) output[channel - 1]?.push(bytes);
      sizeBytes += bytes.length;
      if (sizeBytes > outputLimitBytes) reject(execError(place, 'said more than 16 MiB'));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(execError(place, 'was cut off before its outcome was known')));
    socket.resume();
  });
  const [stdout, stderr] = output.map((chunks) => Buffer.concat(chunks).toString('utf8'));
  return { exitCode: exitCodeOf(status, place), stdout: stdout ?? '', stderr: stderr ?? '' };
}

function parsed(bytes: Buffer): ExecStatus {
  try {
    return JSON.parse(bytes.toString('utf8')) as ExecStatus;
  } catch {
    return { status: 'Failure', message: bytes.toString('utf8') };
  }
}

/** A command that ran and failed has an exit code; one that could not be run has only a message. */
function exitCodeOf(status: ExecStatus, place: string): number {
  if (status.status === 'Success') return 0;
  const code = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  if (code !== undefined) return Number(code);
  throw execError(place, `could not run: ${firstLine(status.message ?? 'no reason was given')}`);
}

function execError(place: string, what: string): LfctlError {
  return new LfctlError('KUBE_API', { message: `the command in ${place} ${what}` });
}
