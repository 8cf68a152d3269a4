import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the configuration file is by the XDG rules, unless --config names another; null without a home folder. */
export function configPath(env: Environment, homeFolder: string | null): string | null {
  const base = folderOf(env['XDG_CONFIG_HOME'], homeFolder, '.config');
  return base === null ? null : join(base, 'lfctl', 'config.yaml');
}

/** Folder for state by the XDG rules; null without a home folder. */
export function statePath(env: Environment, homeFolder: string | null): string | null {
  const base = folderOf(env['XDG_STATE_HOME'], homeFolder, '.local/state');
  return base === null ? null : join(base, 'lfctl');
}

/** The rules say that a relative path in these variables is to be ignored. */
function folderOf(variable: string | undefined, homeFolder: string | null, under: string): string | null {
  if (variable?.startsWith('/') === true) return variable;
  return homeFolder === null ? null : join(homeFolder, under);
}
