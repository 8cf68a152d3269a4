import { join } from 'node:path';
import type { SandboxNames } from '../fault.ts';
import type { KubeClient } from '../kube-client.ts';
import { openKubeClient } from '../kube-client.ts';
import { layoutOfRecord } from '../layouts/of-record.ts';
import type { SandboxSecrets } from '../layouts/secrets.ts';
import { seededSecrets } from '../layouts/secrets.ts';
import { packageFolder } from '../package-folder.ts';
import type { SandboxFolder, SandboxRecord } from '../state.ts';
import { sandboxFolder } from '../state.ts';
import type { VerbContext } from './context.ts';
import { requireRecord } from './status.ts';

/** A running sandbox with what its verbs work with. */
export interface OpenSandbox {
  readonly folder: SandboxFolder;
  readonly record: SandboxRecord;
  readonly client: KubeClient;
  readonly names: SandboxNames;
  readonly secrets: SandboxSecrets;
}

/** @throws LfctlError SANDBOX_NOT_RUNNING */
export async function openSandbox(context: VerbContext, name: string): Promise<OpenSandbox> {
  const folder = sandboxFolder(context.stateFolder, name);
  const record = await requireRecord(context, folder);
  const templatesFolder = join(packageFolder(), 'templates', 'sandbox');
  const layout = await layoutOfRecord(record, templatesFolder, context.now());
  return {
    folder,
    record,
    client: await openKubeClient(folder, record.adminToken),
    names: layout.names,
    secrets: seededSecrets(record.seed),
  };
}
