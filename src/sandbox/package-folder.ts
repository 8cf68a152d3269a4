import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** lfctl's own folder, the one that holds `templates`: above `dist` when bundled, above `src` in a clone. */
export function packageFolder(from: string = import.meta.dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'templates', 'sandbox'))) return folder;
  throw new Error(`no templates folder above ${from}: the package is not complete`);
}

/** Where the supervisor and the pods' program entry are: beside this bundle, else the clone's `dist`. */
export function programFolder(): string {
  const beside = import.meta.dirname;
  return existsSync(join(beside, 'sandbox-supervisor.js')) ? beside : join(packageFolder(), 'dist');
}
