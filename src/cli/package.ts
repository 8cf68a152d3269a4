import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../../package.json';
import { LfctlError } from '../errors/error.ts';

/** This lfctl's own version. */
export const lfctlVersion: string = version;

/** Folder of the package: what is shipped as files (schemas, docs, templates) lies in it. From sources and bundle alike. */
export function packageFolder(from: string = import.meta.url): string {
  for (let folder = dirname(fileURLToPath(from)); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'schemas')) && existsSync(join(folder, 'package.json'))) return folder;
  throw new LfctlError('BUG', { message: 'the files of the package lfctl are not beside its program' });
}
