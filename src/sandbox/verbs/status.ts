import { LfctlError } from '../../errors/error.ts';
import type { LayoutName } from '../fault.ts';
import { openKubeClient } from '../kube-client.ts';
import type { SandboxFolder, SandboxRecord, SupervisorStatus } from '../state.ts';
import { sandboxFolder, sandboxNames } from '../state.ts';
import { readStateJson } from '../state-file.ts';
import type { VerbContext } from './context.ts';
import { readBroken } from './faults-file.ts';
import type { SandboxPart } from './parts.ts';
import { orphanParts, processParts, workloadParts } from './parts.ts';

/** Data of the kind SandboxStatus. */
export interface SandboxStatus {
  readonly name: string;
  /** Langfuse version, for example 3.199.0. */
  readonly langfuse: string;
  readonly layout: LayoutName;
  readonly parts: readonly SandboxPart[];
  /** Faults that are broken now. */
  readonly faults: readonly { readonly name: string; readonly at: string }[];
  readonly kubeconfig: string;
  readonly apiUrl: string | null;
  readonly loadBalancerUrl: string | null;
}

/** Looks at every part. @throws LfctlError SANDBOX_NOT_RUNNING when there is no sandbox of this name */
export async function sandboxStatus(context: VerbContext, name: string): Promise<SandboxStatus> {
  const folder = sandboxFolder(context.stateFolder, name);
  const record = await requireRecord(context, folder);
  return statusOf(context, folder, record);
}

/** The record of a sandbox that exists. @throws LfctlError SANDBOX_NOT_RUNNING */
export async function requireRecord(context: VerbContext, folder: SandboxFolder): Promise<SandboxRecord> {
  const record = await readStateJson<SandboxRecord>(folder.record);
  if (record !== null) return record;
  const others = await sandboxNames(context.stateFolder);
  const known = others.length === 0 ? '' : `; there is: ${others.join(', ')}`;
  const message = `there is no sandbox "${folder.name}"${known}`;
  if (folder.name === 'default') throw new LfctlError('SANDBOX_NOT_RUNNING', { message });
  const command = `lfctl sandbox up --name ${folder.name}`;
  throw new LfctlError('SANDBOX_NOT_RUNNING', { message, fixes: [{ text: 'start this one', command }] });
}

/** Status of a sandbox whose record is known. */
export async function statusOf(
  { now }: Pick<VerbContext, 'now'>,
  folder: SandboxFolder,
  record: SandboxRecord,
): Promise<SandboxStatus> {
  const status = await readStateJson<SupervisorStatus>(folder.status);
  const workloads = await readWorkloads(folder, record, now());
  const broken = await readBroken(folder);
  return {
    name: folder.name,
    langfuse: record.version,
    layout: record.layout,
    parts: [...processParts(status, workloads !== null), ...(workloads ?? (await orphanParts(folder)))],
    faults: Object.entries(broken).map(([fault, { at }]) => ({ name: fault, at })),
    kubeconfig: folder.kubeconfig,
    apiUrl: status?.apiUrl ?? null,
    loadBalancerUrl: status?.loadBalancerUrl ?? null,
  };
}

async function readWorkloads(
  folder: SandboxFolder,
  record: SandboxRecord,
  now: Date,
): Promise<SandboxPart[] | null> {
  try {
    return await workloadParts(await openKubeClient(folder, record.adminToken), now);
  } catch {
    return null;
  }
}

/** Whether every part is up. */
export function allUp(status: SandboxStatus): boolean {
  return status.parts.every((part) => part.status === 'up');
}
