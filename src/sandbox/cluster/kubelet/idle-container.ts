import { appendFileSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { dirname } from 'node:path';
import { formatLogLine } from '../../pod/log-lines.ts';
import type { Exit, Running } from './running.ts';

/** Where Istio's sidecar answers its readiness probe: https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const readinessPort = 15_021;

/**
 * A sidecar next to a main container (istio-proxy, log shippers): it costs no process of its own. It logs,
 * answers Istio's readiness probe, and ends on a signal.
 */
export function startIdleContainer(
  address: string,
  image: string,
  logFile: string,
  now: () => Date,
): Running {
  let end: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => {
    end = resolve;
  });
  const print = (line: string): void => {
    mkdirSync(dirname(logFile), { recursive: true });
    appendFileSync(logFile, formatLogLine(now(), 'stdout', line));
  };
  const isProxy = /proxyv2|envoy/.test(image);
  const server = isProxy ? http.createServer((_request, response) => response.end()) : null;
  server?.on('error', () => undefined).listen(readinessPort, address);
  server?.unref();
  print(isProxy ? `${now().toISOString()}\tinfo\tEnvoy proxy is ready` : 'started');
  return {
    identity: null,
    exited,
    signal: (signal) => {
      server?.close();
      server?.closeAllConnections();
      end({ code: signal === 'SIGKILL' ? 137 : 0, signal: signal === 'SIGKILL' ? signal : null });
    },
  };
}
