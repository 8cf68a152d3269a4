import type { SandboxNames } from '../fault.ts';
import type { KubeClient } from '../kube-client.ts';
import { openKubeClient } from '../kube-client.ts';
import { layoutNames } from '../layouts/index.ts';
import type { SandboxSecrets } from '../layouts/secrets.ts';
import { seededSecrets } from '../layouts/secrets.ts';
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
  return {
    folder,
    record,
    client: await openKubeClient(folder, record.adminToken),
    names: layoutNames(record.layout, record.generation, record.owner),
    secrets: seededSecrets(record.seed),
  };
}
