import { rm, statfs } from 'node:fs/promises';
import { LfctlError } from '../../errors/error.ts';
import type { SandboxFolder } from '../state.ts';
import { outsidePaths } from '../state.ts';

/** Fresh stores take 53 MB on disk; traces come on top. */
const neededBytes = 100 * 1024 * 1024;
const fullBytes = 8 * 1024 * 1024;

async function freeBytes(folder: SandboxFolder): Promise<number> {
  const { bavail, bsize } = await statfs(folder.node);
  return bavail * bsize;
}

/** Whether the disk that the pods write to has nothing left. */
export async function isFull(folder: SandboxFolder): Promise<boolean> {
  return (await freeBytes(folder)) < fullBytes;
}

/** Leaves nothing of a sandbox that cannot have the room. @throws LfctlError SANDBOX_DISK */
export async function requireRoom(folder: SandboxFolder, needed = neededBytes): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= needed) return;
  const [needs, has] = [needed, free].map((bytes) => `${Math.floor(bytes / 1024 / 1024)} MB`);
  const place = folder.node;
  for (const path of [...outsidePaths(folder), folder.root]) await rm(path, { recursive: true, force: true });
  throw new LfctlError('SANDBOX_DISK', {
    message: `the sandbox needs ${needs} at ${place}, and there is ${has}`,
  });
}
