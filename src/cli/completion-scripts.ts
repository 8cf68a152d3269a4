import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from './package.ts';

/** The script of a shell: bash, zsh or fish. */
export const completionScript = async (shell: string): Promise<string> =>
  await readFile(join(packageFolder(), 'templates', 'completion', `lfctl.${shell}`), 'utf8');
