import { sandboxFolder } from '../state.ts';
import type { VerbContext } from './context.ts';
import { requireRecord } from './status.ts';

/** What a shell needs to work with the sandbox. @throws LfctlError SANDBOX_NOT_RUNNING */
export async function sandboxEnv(
  context: VerbContext,
  name: string,
): Promise<{ readonly KUBECONFIG: string }> {
  const folder = sandboxFolder(context.stateFolder, name);
  await requireRecord(context, folder);
  return { KUBECONFIG: folder.kubeconfig };
}

/** Lines for `eval`, quoted for every POSIX shell. */
export function shellExports(variables: Readonly<Record<string, string>>): string {
  const quote = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}`)
    .join('\n');
}
