import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { connect, isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks the cluster's resolver. @throws an error with code ENOTFOUND, or EAI_AGAIN when it does not answer */
export type ResolveAll = (hostname: string) => Promise<readonly string[]>;

/** How long a pod waits for a resolver that is just being started again, and how long for its answer. */
const patienceMs = 3000;
const retryMs = 100;

/** Asks the resolver behind the socket, and waits for one that is being started again. */
export function nameClient(socketPath: string, pod: { namespace: string; name: string }): ResolveAll {
  return async (hostname) => {
    if (isIP(hostname) !== 0) return [hostname];
    const question = JSON.stringify({ hostname, namespace: pod.namespace, pod: pod.name });
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += retryMs) {
      const reply = await ask(socketPath, question).catch(() => null);
      if (reply !== null) return addressesOf(reply, hostname);
      await sleep(retryMs);
    }
    throw nameError(hostname, 'EAI_AGAIN');
  };
}

async function ask(socketPath: string, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    socket.setEncoding('utf8').setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
    socket.on('connect', () => socket.write(`${question}\n`));
    socket.on('data', (part) => {
      text += String(part);
      if (!text.includes('\n')) return;
      resolve(text);
      socket.destroy();
    });
    socket.on('error', reject).on('close', () => reject(new Error('closed')));
  });
}

function addressesOf(reply: string, hostname: string): readonly string[] {
  const { addresses, code } = JSON.parse(reply) as { addresses?: string[]; code?: string };
  if (addresses !== undefined && addresses.length > 0) return addresses;
  throw nameError(hostname, code ?? 'ENOTFOUND');
}

function nameError(hostname: string, code: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ${code} ${hostname}`);
  const errno = code === 'ENOTFOUND' ? -3008 : -3001;
  return Object.assign(error, { code, errno, syscall: 'getaddrinfo', hostname });
}

type LookupCallback = (error: Error | null, address?: unknown, family?: number) => void;

/**
 * Makes this process resolve names as its pod does: net, tls, http and fetch all go through dns.lookup.
 * The machine's own DNS is never asked.
 */
export function useClusterNames(resolve: ResolveAll): void {
  const lookup = (hostname: string, options: unknown, callback?: LookupCallback): void => {
    const done = (typeof options === 'function' ? options : callback) as LookupCallback;
    const all = typeof options === 'object' && options !== null && Reflect.get(options, 'all') === true;
    void answerLookup(resolve, hostname, all, done);
  };
  const lookupPromise = async (hostname: string, options?: { all?: boolean }): Promise<unknown> => {
    const found = (await resolve(hostname)).map((address) => ({ address, family: isIP(address) }));
    return options?.all === true ? found : found[0];
  };
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: lookupPromise });
  syncBuiltinESMExports();
}

async function answerLookup(
  resolve: ResolveAll,
  hostname: string,
  all: boolean,
  done: LookupCallback,
): Promise<void> {
  let found: readonly { address: string; family: number }[];
  try {
    found = (await resolve(hostname)).map((address) => ({ address, family: isIP(address) }));
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  if (all) done(null, found);
  else done(null, found[0]?.address, found[0]?.family);
}
