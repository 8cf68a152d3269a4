import { execa } from 'execa';
import { mkdir } from 'node:fs/promises';
import { LfctlError } from '../../errors/error.ts';
import type { Generation } from '../../deployment/model.ts';
import { packageFolder } from '../package-folder.ts';
import type { Part } from '../parts.ts';
import { findPart, installFolder, partFolders, partsFor, pinnedVersions } from '../parts.ts';
import { diskError } from '../state-file.ts';
import type { VerbContext } from './context.ts';

/** What `sandbox install` fetched. */
export interface InstallResult {
  readonly parts: readonly {
    readonly name: string;
    readonly package: string;
    readonly outcome: 'present' | 'installed';
    /** Folder whose node_modules has it. */
    readonly folder: string;
  }[];
}

/** Installs the parts that are missing, at the versions lfctl was tested with, into its cache folder. @throws LfctlError SANDBOX_PART_MISSING, SANDBOX_DISK */
export async function sandboxInstall(
  context: VerbContext,
  generation: Generation = 3,
  from: string = packageFolder(),
): Promise<InstallResult> {
  const folders = partFolders(from, context.cacheFolder);
  const missing = partsFor(generation).filter((part) => findPart(part, folders) === null);
  if (missing.length > 0) await npmInstall(context, missing);
  const parts = partsFor(generation).map((part) => {
    const folder = findPart(part, folders);
    if (folder === null)
      throw new LfctlError('SANDBOX_PART_MISSING', {
        message: `npm installed ${part.installs}, but ${part.package} is not for this system`,
      });
    const outcome = missing.some(({ name }) => name === part.name)
      ? ('installed' as const)
      : ('present' as const);
    return { name: part.name, package: part.package, outcome, folder };
  });
  return { parts };
}

async function npmInstall(context: VerbContext, missing: readonly Part[]): Promise<void> {
  const folder = installFolder(context.cacheFolder);
  const versions = await pinnedVersions(packageFolder());
  const packages = missing.map(({ installs }) => `${installs}@${versions[installs] ?? 'latest'}`);
  await mkdir(folder, { recursive: true, mode: 0o755 }).catch((cause: unknown) => {
    throw diskError(folder, cause);
  });
  context.progress(`npm install ${packages.join(' ')} (chdb is 178 MB to fetch)`);
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', ...packages];
  const run = await execa('npm', args, {
    reject: false,
    extendEnv: false,
    env: context.env as Record<string, string>,
    cancelSignal: context.signal,
    stdin: 'ignore',
  });
  if (!run.failed) return;
  context.signal.throwIfAborted();
  throw new LfctlError('SANDBOX_PART_MISSING', {
    message: `npm could not install ${packages.join(' and ')}: ${lastLine(run.stderr) ?? run.shortMessage}`,
    fixes: [{ text: 'run it by hand to see more', command: `npm ${args.join(' ')}` }],
    cause: run,
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => line.includes('npm error') && !line.includes('log of this run'))
    .map((line) => line.replace('npm error', '').trim())
    .find((line) => line !== '' && !line.startsWith('code '));
}
