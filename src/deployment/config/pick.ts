import { basename } from 'node:path';
import type { Sourced } from '../settings.ts';
import type { LoadedConfig } from './load.ts';
import type { ConfigDeployment } from './schema.ts';
import type { SettingsInput } from './settings.ts';

/** One deployment of the file, with everything that may override it. */
export interface Pick {
  readonly input: SettingsInput;
  /** Its name; null when no deployment of the file is used. */
  readonly name: string | null;
  readonly section: ConfigDeployment | null;
}

/** A value of the file, with its line. */
export const fromFile = <Value>(
  { path, parsed }: LoadedConfig,
  at: readonly string[],
  value: Value,
): Sourced<Value> => ({
  value,
  source: 'file',
  origin: `${basename(path)}:${String(parsed.lineOf(at))}`,
});

/** Flag, else lfctl's own variable, else the file. An empty variable counts as unset. */
export function pickOrigin(
  { input, name, section }: Pick,
  flag: { readonly value: string; readonly flag: string } | null,
  variable: string,
  path: readonly string[],
  inFile: (section: ConfigDeployment) => string | undefined,
): Sourced<string> | null {
  if (flag !== null) return { value: flag.value, source: 'flag', origin: flag.flag };
  const value = input.env[variable];
  if (value !== undefined && value !== '') return { value, source: 'environment', origin: variable };
  const own = section === null ? undefined : inFile(section);
  if (own === undefined || input.config === null || name === null) return null;
  return fromFile(input.config, ['deployments', name, ...path], own);
}
