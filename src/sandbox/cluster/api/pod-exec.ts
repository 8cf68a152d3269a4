import type { Readable } from 'node:stream';
import type { AgentExec } from '../node-agent.ts';
import { NodeAgentError } from '../node-agent.ts';
import type { Channels } from './socket-channels.ts';
import { StatusError } from './status.ts';

const stdinChannel = 0;
const stdoutChannel = 1;
const stderrChannel = 2;
const statusChannel = 3;
/** v5: the next byte is the channel that the client has closed. */
const closeChannel = 255;

/** What `kubectl exec` asks for. */
export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

const exitStatus = (code: number): object =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${code}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      };

const failureStatus = (error: unknown): object => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof NodeAgentError ? error.status : 500;
  return new StatusError(code, 'InternalError', message).status;
};

async function pump(from: Readable, channels: Channels, channel: number, wanted: boolean): Promise<void> {
  for await (const chunk of from as AsyncIterable<Buffer>) if (wanted) await channels.send(channel, chunk);
}

function feedStdin({ socket, onMessage }: Channels, run: AgentExec): void {
  run.stdin.on('error', () => undefined);
  onMessage((channel, bytes) => {
    if (channel === closeChannel && bytes[0] === stdinChannel) run.stdin.end();
    if (channel !== stdinChannel || run.stdin.writableEnded) return;
    if (run.stdin.write(bytes)) return;
    socket.pause();
    run.stdin.once('drain', () => socket.resume());
  });
}

async function runToEnd(channels: Channels, run: AgentExec, request: ExecRequest): Promise<object> {
  channels.socket.on('close', run.kill);
  if (channels.socket.readyState !== channels.socket.OPEN) run.kill();
  if (request.stdin) feedStdin(channels, run);
  else run.stdin.end();
  const [code] = await Promise.all([
    run.exitCode,
    pump(run.stdout, channels, stdoutChannel, request.stdout),
    pump(run.stderr, channels, stderrChannel, request.stderr),
  ]);
  return exitStatus(code);
}

/**
 * Runs a command over an open socket and closes it with the outcome on channel 3.
 * https://github.com/kubernetes/kubernetes/blob/release-1.32/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go
 */
export async function serveExec(
  channels: Channels,
  start: () => Promise<AgentExec>,
  request: ExecRequest,
): Promise<void> {
  const outcome = await start()
    .then((run) => runToEnd(channels, run, request))
    .catch(failureStatus);
  await channels.send(statusChannel, JSON.stringify(outcome));
  channels.socket.close(1000);
}
