import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Generation } from '../deployment/model.ts';
import { LfctlError } from '../errors/error.ts';
import type { LayoutName, LayoutOwner, WriteMode } from './fault.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { diskError } from './state-file.ts';

/** What a sandbox is, chosen at its first `up` and kept. */
export interface SandboxRecord {
  readonly name: string;
  readonly generation: Generation;
  /** Langfuse version, for example 3.199.0. */
  readonly version: string;
  readonly layout: LayoutName;
  readonly owner: LayoutOwner | null;
  readonly writeMode: WriteMode | null;
  readonly seed: string;
  readonly timeScale: number;
  readonly adminToken: string;
  /** 0: any free one, which is then kept. */
  readonly apiPort: number;
  /** Folders whose node_modules hold chdb and embedded Postgres. */
  readonly partFolders: readonly string[];
  /** Stages of the layout that are applied. */
  readonly stagesApplied: number;
  readonly seeded: boolean;
}

/** What the supervisor says about itself; written whenever it changes. */
export interface SupervisorStatus {
  readonly supervisor: ProcessIdentity;
  readonly phase: 'starting' | 'running' | 'failed' | 'stopping';
  readonly apiUrl: string | null;
  readonly loadBalancerUrl: string | null;
  /** Code and text of what stopped it from starting. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Ports that could not be served, each as a sentence. */
  readonly problems: readonly string[];
  /** Milliseconds from the supervisor's start to each milestone. */
  readonly milestones: Readonly<Record<string, number>>;
}

/** A fault that is broken now, with what it keeps until it is mended. */
export interface BrokenFault {
  readonly at: string;
  readonly memory: Readonly<Record<string, unknown>>;
}

/** Paths of one sandbox. */
export interface SandboxFolder {
  readonly name: string;
  readonly root: string;
  readonly record: string;
  readonly cluster: string;
  readonly kubeconfig: string;
  readonly status: string;
  /** Identity of the supervisor's process. */
  readonly process: string;
  readonly faults: string;
  readonly lock: string;
  readonly log: string;
  readonly controlSocket: string;
  /** What pods live in: logs, volumes, process records. */
  readonly node: string;
}

const socketPathBytes = 100;

/** Paths of the sandbox of that name under lfctl's state folder. @throws LfctlError USAGE on a bad name */
export function sandboxFolder(stateFolder: string, name: string): SandboxFolder {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name))
    throw new LfctlError('USAGE', {
      message: `"${name}" is no sandbox name: use 1 to 40 lower-case letters, digits and dashes`,
    });
  const root = join(stateFolder, 'sandbox', name);
  const socket = join(root, 'control.sock');
  return {
    name,
    root,
    record: join(root, 'sandbox.json'),
    cluster: join(root, 'cluster.json'),
    kubeconfig: join(root, 'kubeconfig'),
    status: join(root, 'status.json'),
    process: join(root, 'supervisor.json'),
    faults: join(root, 'faults.json'),
    lock: `${root}.lock`,
    log: join(root, 'supervisor.log'),
    controlSocket: Buffer.byteLength(socket) <= socketPathBytes ? socket : `${shortFolder(root)}.sock`,
    node: join(root, 'node'),
  };
}

/** A short path that is this sandbox's alone, for what cannot live under a deep or private folder. */
function shortFolder(root: string): string {
  const owner = process.getuid?.() ?? 'user';
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `lfctl-${owner}-${digest}`);
}

/** Where `sandbox install` puts parts that are not beside lfctl. */
export function defaultCacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && xdg.startsWith('/')) return join(xdg, 'lfctl');
  const home = env['HOME'];
  if (home !== undefined && home !== '') return join(home, '.cache', 'lfctl');
  return join(tmpdir(), `lfctl-${process.getuid?.() ?? 'user'}`, 'cache');
}

/** Names of the sandboxes that have state. */
export async function sandboxNames(stateFolder: string): Promise<string[]> {
  const entries = await readdir(join(stateFolder, 'sandbox'), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * Makes the folder. Run as root, Postgres runs as uid 65534, which must reach its data: where a folder on
 * the way is closed to it, the pods' folder lies under the temporary folder and is linked to.
 * @throws LfctlError SANDBOX_DISK
 */
export async function makeFolder(folder: SandboxFolder): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  try {
    await mkdir(folder.root, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    if (isRoot) await chmod(folder.root, 0o711);
    if ((await lstat(folder.node).catch(() => null)) !== null) return;
    if (!isRoot || (await othersMayPass(folder.root))) {
      await mkdir(folder.node, { mode: isRoot ? 0o711 : 0o700 });
      return;
    }
    await mkdir(shortFolder(folder.root), { recursive: true, mode: 0o711 });
    await symlink(shortFolder(folder.root), folder.node);
  } catch (cause) {
    throw diskError(folder.root, cause);
  }
}

async function othersMayPass(folder: string): Promise<boolean> {
  for (let each = folder; each !== dirname(each); each = dirname(each)) {
    const { mode } = await stat(each);
    if ((mode & 0o001) === 0) return false;
  }
  return true;
}

/** Paths beside the folder itself that belong to the sandbox and go with it. */
export function outsidePaths(folder: SandboxFolder): string[] {
  const short = shortFolder(folder.root);
  return [short, `${short}.sock`, folder.lock];
}
