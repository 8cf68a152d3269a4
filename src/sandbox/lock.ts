import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import { LfctlError } from '../errors/error.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { identify, isAlive } from './process-identity.ts';
import { diskError } from './state-file.ts';

/**
 * Runs alone among the verbs that change this sandbox. The lock of a process that no longer runs is taken over.
 * @throws LfctlError SANDBOX_BUSY when another one holds it
 */
export async function alone<Value>(path: string, verb: string, run: () => Promise<Value>): Promise<Value> {
  await take(path, verb);
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

interface Holder extends ProcessIdentity {
  readonly verb: string;
}

async function take(path: string, verb: string): Promise<void> {
  const me: Holder = { ...(identify(pid) ?? { pid, started: '' }), verb };
  for (const attempt of ['first', 'after a stale one']) {
    if (await claim(path, me)) return;
    const holder = await readHolder(path);
    if (holder !== null && isAlive(holder)) throw busy(holder);
    if (attempt === 'first') await rm(path, { force: true });
  }
  throw busy(await readHolder(path));
}

/** Links a complete file into place, so that nobody ever reads half a holder. */
async function claim(path: string, me: Holder): Promise<boolean> {
  const draft = `${path}.${me.pid}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw diskError(path, cause);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Null when the lock has just been given back, or a full disk cut it off: nobody holds it. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function busy(holder: Holder | null): LfctlError {
  const who = holder === null ? 'another lfctl' : `lfctl sandbox ${holder.verb} (pid ${holder.pid})`;
  return new LfctlError('SANDBOX_BUSY', { message: `${who} is changing this sandbox` });
}
