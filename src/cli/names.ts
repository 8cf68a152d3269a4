import type { Command } from './command.ts';

/** `skipChecks` → `skip-checks`. */
const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `--skip-checks` of `skipChecks`. */
export const flagOf = (name: string): string => `--${kebab(name)}`;

/** `LFCTL_SANDBOX_UP_SEED`; a global one has no path. */
export function variableOf(path: readonly string[], name: string): string {
  return ['lfctl', ...path, kebab(name)].join('_').replaceAll('-', '_').toUpperCase();
}

/** `lfctl sandbox up`. */
export const lineOf = (command: Pick<Command, 'path'>): string => ['lfctl', ...command.path].join(' ');
