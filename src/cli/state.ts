import { createHmac, randomBytes } from 'node:crypto';
import { access, constants, link, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../deployment/config/load.ts';
import { statePath } from '../deployment/config/place.ts';
import { LfctlError } from '../errors/error.ts';
import type { Host } from './host.ts';

/**
 * Folder for lfctl's own state, made on first use with mode 0700: `$XDG_STATE_HOME/lfctl`, `~/.local/state/lfctl`,
 * or without a home folder to write to, one of this user's own under the temporary folder.
 * @throws LfctlError STATE_FOLDER
 */
export function openStateFolder(host: Pick<Host, 'env' | 'homeFolder'>): () => Promise<string> {
  let folder: Promise<string> | null = null;
  return () => {
    folder ??= makeStateFolder(host);
    return folder;
  };
}

async function makeStateFolder({ env, homeFolder }: Pick<Host, 'env' | 'homeFolder'>): Promise<string> {
  const own = statePath(env, (await isAtHome(homeFolder)) ? homeFolder : null);
  const path = own ?? join(tmpdir(), `lfctl-${String(process.getuid?.() ?? 'user')}`);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (own === null) await refuseForeign(path);
    return path;
  } catch (error) {
    if (error instanceof LfctlError) throw error;
    throw stateError(path, reasonOf(error), error);
  }
}

/** A home folder that is not there or closed (nobody, a random user id in a pod, cron) is as good as none. */
async function isAtHome(homeFolder: string | null): Promise<boolean> {
  if (homeFolder === null) return false;
  const places = [statePath({}, homeFolder) ?? homeFolder, homeFolder];
  const open = await Promise.all(
    places.map((place) =>
      access(place, constants.W_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return open.includes(true);
}

/** Under the shared temporary folder somebody else may have put a folder or a link of that name. */
async function refuseForeign(path: string): Promise<void> {
  const found = await lstat(path);
  const uid = process.getuid?.();
  const foreign = uid !== undefined && found.uid !== uid;
  if (!found.isDirectory() || foreign || (found.mode & 0o077) !== 0)
    throw stateError(path, 'it belongs to somebody else or others may write to it');
}

const stateError = (path: string, reason: string, cause?: unknown): LfctlError =>
  new LfctlError('STATE_FOLDER', { message: `cannot use the state folder ${path}: ${reason}`, cause });

/**
 * Makes the function that fingerprints a value: 8 hex of an HMAC-SHA-256 under a key of this user.
 * Where no state can be kept (read-only pod) the key lives as long as the run: equal values are still equal in it.
 */
export function openFingerprinter(
  stateFolder: () => Promise<string>,
): () => Promise<(value: string) => string> {
  let key: Promise<Buffer> | null = null;
  return async () => {
    key ??= fingerprintKey(stateFolder);
    const bytes = await key;
    return (value) => createHmac('sha256', bytes).update(value).digest('hex').slice(0, 8);
  };
}

const keyBytes = 32;

/** Where nothing can be kept, fingerprints are comparable within this run alone. */
async function fingerprintKey(stateFolder: () => Promise<string>): Promise<Buffer> {
  const fresh = randomBytes(keyBytes);
  try {
    const path = join(await stateFolder(), 'fingerprint.key');
    return (await readKey(path)) ?? (await keep(path, fresh));
  } catch {
    return fresh;
  }
}

/** Null for a key that is missing, unreadable or damaged: each is answered by a new one. */
async function readKey(path: string): Promise<Buffer | null> {
  try {
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
    return key.length === keyBytes ? key : null;
  } catch {
    return null;
  }
}

/**
 * Two runs may start at once: the file that is there first counts. It appears whole, by a link, or another run would
 * read one that is still empty and take it for damaged. A damaged one is replaced.
 */
async function keep(path: string, key: Buffer): Promise<Buffer> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
    return key;
  } catch {
    const other = await readKey(path);
    if (other !== null) return other;
    await rename(draft, path);
    return (await readKey(path)) ?? key;
  } finally {
    await rm(draft, { force: true });
  }
}
