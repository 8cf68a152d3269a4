import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { LfctlError } from '../errors/error.ts';

/** Writes a file of the state folder, readable by its owner only; a kill leaves the old or the new one. @throws LfctlError SANDBOX_DISK */
export async function writeState(path: string, text: string): Promise<void> {
  const draft = `${path}.${Math.random().toString(36).slice(2)}.new`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw diskError(path, cause);
  }
}

/** Writes a value as JSON. @throws LfctlError SANDBOX_DISK */
export function writeStateJson(path: string, value: unknown): Promise<void> {
  return writeState(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A value that was written; null when it is not there or only half there. */
export async function readStateJson<Value>(path: string): Promise<Value | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value;
  } catch {
    return null;
  }
}

/** What a failed write means: a full disk reads differently from missing rights. */
export function diskError(path: string, cause: unknown): LfctlError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : `the system says ${code}`;
  return new LfctlError('SANDBOX_DISK', { message: `cannot write ${path}: ${why}`, cause });
}
