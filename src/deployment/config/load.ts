import { readFile } from 'node:fs/promises';
import type { Fix } from '../../errors/error.ts';
import { LfctlError } from '../../errors/error.ts';
import type { ConfigProblem, ParsedConfig } from './parse.ts';

/** The configuration file as it was found. */
export interface LoadedConfig {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedConfig;
}

/**
 * Reads and checks the configuration file; null when there is none and nobody named one.
 * The YAML parser and the schema are loaded only when there is a file.
 * @throws LfctlError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function loadConfig(path: string | null, named: boolean): Promise<LoadedConfig | null> {
  if (path === null) return null;
  const text = await readConfigText(path, named);
  if (text === null) return null;
  const { parseConfig } = await import('./parse.ts');
  const parsed = parseConfig(text);
  if (parsed.problems.length > 0) throw invalidConfig(path, parsed.problems);
  return { path, text, parsed };
}

/** @throws LfctlError CONFIG_UNREADABLE */
export async function readConfigText(path: string, named: boolean): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!named && isAbsent(error)) return null;
    throw new LfctlError('CONFIG_UNREADABLE', {
      message: `cannot read the configuration file ${path}: ${reasonOf(error)}`,
      cause: error,
    });
  }
}

/** All problems in one error, each with its line. */
export function invalidConfig(path: string, problems: readonly ConfigProblem[]): LfctlError {
  const count = problems.length === 1 ? '1 problem' : `${String(problems.length)} problems`;
  const lines = problems.map(({ line, message }) => `  line ${String(line)}: ${message}`);
  const fixes: Fix[] = [];
  return new LfctlError('CONFIG_INVALID', { message: [`${path} has ${count}:`, ...lines].join('\n'), fixes });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Words for the usual file system errors. */
export function reasonOf(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    ENOTDIR: 'a part of its path is not a folder',
    EISDIR: 'it is a folder',
    EACCES: 'its rights do not allow it',
    EPERM: 'its rights do not allow it',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return words[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}
