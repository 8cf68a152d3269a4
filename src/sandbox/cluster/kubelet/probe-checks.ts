import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import type { Container, Probe } from '../../../ports/kube-objects.ts';

/** Null when the probe passes, else the words of the Unhealthy event. */
export type ProbeResult = string | null;

/** What a probe is aimed at. */
export interface ProbeTarget {
  readonly container: Container;
  readonly address: string;
  /** Runs a command in the container: exit code and output. */
  readonly exec: (command: readonly string[], timeoutMs: number) => Promise<{ code: number; output: string }>;
}

/** One probe, with the real kubelet's messages. */
export async function checkProbe(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  if (probe.httpGet) return httpProbe(probe.httpGet, target, timeoutMs);
  if (probe.tcpSocket)
    return tcpProbe(target.address, portOf(probe.tcpSocket.port, target.container), timeoutMs);
  if (probe.exec) return execProbe(probe.exec.command ?? [], target, timeoutMs);
  return null;
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  return named ?? Number(port);
}

async function httpProbe(
  get: NonNullable<Probe['httpGet']>,
  { container, address }: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  const secure = get.scheme?.toLowerCase() === 'https';
  const port = portOf(get.port, container);
  const url = `${secure ? 'https' : 'http'}://${address}:${port}${get.path ?? '/'}`;
  return new Promise((resolve) => {
    const request = (secure ? https : http).get(url, {
      agent: false,
      rejectUnauthorized: false,
      headers: { 'User-Agent': 'kube-probe/1.32', Accept: '*/*', Connection: 'close' },
    });
    const late = setTimeout(() => {
      resolve(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
      request.destroy();
    }, timeoutMs);
    request.on('response', (response) => {
      clearTimeout(late);
      response.destroy();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400 ? null : `HTTP probe failed with statuscode: ${status}`);
    });
    request.on('error', (error) => {
      clearTimeout(late);
      resolve(`Get "${url}": ${dialError(error, address, port)}`);
    });
  });
}

/** How Go words it. */
function dialError(error: NodeJS.ErrnoException, address: string, port: number): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return `dial tcp ${address}:${port}: connect: connection refused`;
    case 'ECONNRESET':
      return error.message === 'socket hang up'
        ? 'EOF'
        : `read tcp ${address}:${port}: read: connection reset by peer`;
    default:
      return error.message;
  }
}

async function tcpProbe(address: string, port: number, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const finish = (result: ProbeResult): void => {
      resolve(result);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => finish(`dial tcp ${address}:${port}: i/o timeout`));
    socket.on('connect', () => finish(null));
    socket.on('error', (error) => finish(dialError(error, address, port)));
  });
}

async function execProbe(
  command: readonly string[],
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { code, output } = await target.exec(command, timeoutMs);
  if (code === 0) return null;
  return code === 124 ? `command timed out: "${command.join(' ')}" timed out` : output.trim();
}
