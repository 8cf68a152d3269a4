import { setMaxListeners } from 'node:events';
import type { OpenPorts, PortOptions } from './ports.ts';
import { openPorts } from './ports.ts';

/** `graceMs`: how long connections outlive the signal, so that what was begun can be finished, undone or removed. */
export type WorkOptions = PortOptions & { readonly graceMs: number };

/** Opens what the settings offer, does the work, and closes it again. */
export async function withOpenPorts<Value>(
  { graceMs, ...options }: WorkOptions,
  work: (opened: OpenPorts) => Promise<Value>,
): Promise<Value> {
  const { signal } = options;
  const ending = new AbortController();
  // Every request and every connection listens to them.
  setMaxListeners(0, ending.signal, signal);
  const end = (): void => void setTimeout(() => ending.abort(signal.reason), graceMs).unref();
  signal.addEventListener('abort', end, { once: true });
  const opened = openPorts({ ...options, signal: ending.signal });
  try {
    return await work(opened);
  } finally {
    signal.removeEventListener('abort', end);
    await opened.close();
  }
}
