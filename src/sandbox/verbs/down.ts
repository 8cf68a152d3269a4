import { access, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alone } from '../lock.ts';
import { outsidePaths, sandboxFolder } from '../state.ts';
import { diskError } from '../state-file.ts';
import type { VerbContext } from './context.ts';
import { endAll } from './supervisor-process.ts';

/** What `sandbox down` ended. */
export interface DownResult {
  readonly name: string;
  /** False when there was nothing of it. */
  readonly removed: boolean;
}

/** Ends every process of a sandbox and removes every file of it, its data included. @throws LfctlError SANDBOX_DISK, SANDBOX_BUSY */
export async function sandboxDown(context: VerbContext, name: string): Promise<DownResult> {
  const folder = sandboxFolder(context.stateFolder, name);
  const exists = await access(folder.root).then(
    () => true,
    () => false,
  );
  if (!exists) return { name, removed: false };
  await alone(folder.lock, 'down', async () => {
    context.progress('ending its processes');
    await endAll(folder);
    context.progress('removing its files');
    for (const path of [...outsidePaths(folder), folder.root]) await remove(path);
  });
  // Folders that hold nothing any more: no other sandbox, no fingerprint key.
  for (const path of [dirname(folder.root), context.stateFolder]) await rmdir(path).catch(() => undefined);
  return { name, removed: true };
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch (cause) {
    throw diskError(path, cause);
  }
}
