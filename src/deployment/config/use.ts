import { LfctlError } from '../../errors/error.ts';
import { didYouMean } from '../../errors/suggest.ts';
import { withCurrent, writeConfig } from './edit.ts';
import { invalidConfig, readConfigText } from './load.ts';
import { parseConfig } from './parse.ts';

/** `data` of kind ConfigChange. */
export interface ConfigChange {
  readonly file: string;
  readonly deployment: string;
  readonly current: string | null;
  readonly changed: boolean;
}

/** Sets `current` of the file. @throws LfctlError CONFIG_UNREADABLE, CONFIG_INVALID, USAGE */
export async function useDeployment(path: string, name: string): Promise<ConfigChange> {
  const before = (await readConfigText(path, true)) ?? '';
  const { file, problems } = parseConfig(before, { ignoreCurrent: true });
  if (problems.length > 0) throw invalidConfig(path, problems);
  const names = Object.keys(file.deployments ?? {});
  if (!names.includes(name))
    throw new LfctlError('USAGE', {
      message: `no deployment '${name}' in ${path}`,
      fixes: [{ text: didYouMean(name, names) ?? `known deployments: ${names.join(', ') || 'none'}` }],
    });
  const changed = file.current !== name;
  if (changed) await writeConfig(path, withCurrent(before, name));
  return { file: path, deployment: name, current: name, changed };
}
