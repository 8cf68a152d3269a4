import { once } from 'node:events';
import { connect } from 'node:net';
import type { CallbackHost } from './callback.ts';

const tries = 60;
const betweenMs = 500;
const answerMs = 1000;

/**
 * Waits while Langfuse's Service or port is not there: a sandbox starts LiteLLM before web, and its first trace must not fail
 * for that. Everything else that is wrong shows at once in the trace itself.
 */
export async function untilListening(
  url: URL,
  { resolve }: Pick<CallbackHost, 'resolve'>,
  pause: (durationMs: number) => Promise<void>,
): Promise<void> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  for (let count = 0; count < tries; count += 1) {
    const address = await resolve(url.hostname).catch(() => null);
    const later = address === null ? isOfCluster(url.hostname) : await isRefused(address, port);
    if (!later) return;
    await pause(betweenMs);
  }
}

/** Names of Services come and go; names of the world outside are known or wrong. */
function isOfCluster(hostname: string): boolean {
  return !hostname.includes('.') || /\.svc(?:\.|$)/.test(hostname);
}

async function isRefused(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: answerMs });
  try {
    await Promise.race([once(socket, 'connect'), once(socket, 'timeout')]);
    return false;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
