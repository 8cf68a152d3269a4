import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import type { Generation } from '../../deployment/model.ts';
import { LfctlError } from '../../errors/error.ts';
import type { LayoutName, LayoutOwner, WriteMode } from '../fault.ts';
import { requireLayout, sandboxVersions } from '../layouts/index.ts';
import type { SandboxFolder, SandboxRecord } from '../state.ts';
import { makeFolder } from '../state.ts';
import { readStateJson, writeStateJson } from '../state-file.ts';
import { requireRoom } from './room.ts';

/** What `sandbox up` is asked for. */
export interface UpOptions {
  readonly name: string;
  readonly generation: Generation;
  readonly layout: LayoutName;
  /** Who owns the objects, where it is neither Helm nor a person. */
  readonly owner?: LayoutOwner;
  /** Of Langfuse 4 alone; its default is events_only. */
  readonly writeMode?: WriteMode;
  /** The same seed gives the same secrets and ids; random when absent. */
  readonly seed?: string;
  /** Port of the Kubernetes API; any free one when absent. */
  readonly apiPort?: number;
  /** Probes, back-off and graces as the objects say, not ten times faster. */
  readonly realTime?: boolean;
  readonly timeoutMs?: number;
}

/** Makes the state of a new sandbox, or takes that of an old one. @throws LfctlError SANDBOX_DISK, USAGE */
export async function prepare(
  options: UpOptions,
  folder: SandboxFolder,
  folders: readonly string[],
): Promise<SandboxRecord> {
  const known = await readStateJson<SandboxRecord>(folder.record);
  if (known !== null) {
    refuseChange(known, options);
    const record = { ...known, partFolders: folders };
    await makeFolder(folder);
    if (known.partFolders.join() !== folders.join()) await writeStateJson(folder.record, record);
    return record;
  }
  requireLayout(options.layout, options.generation);
  await refuseRemains(folder);
  if (options.writeMode !== undefined && options.generation !== 4)
    throw new LfctlError('USAGE', {
      message: `Langfuse ${options.generation} has no write mode; Langfuse 4 has`,
    });
  const record: SandboxRecord = {
    name: options.name,
    generation: options.generation,
    version: sandboxVersions[options.generation],
    layout: options.layout,
    owner: options.owner ?? null,
    writeMode: options.writeMode ?? null,
    seed: options.seed ?? randomBytes(8).toString('hex'),
    timeScale: options.realTime === true ? 1 : 10,
    adminToken: randomBytes(24).toString('hex'),
    apiPort: options.apiPort ?? 0,
    partFolders: folders,
    stagesApplied: 0,
    seeded: false,
  };
  await makeFolder(folder);
  await requireRoom(folder);
  await writeStateJson(folder.record, record);
  return record;
}

/** State without its record: its secrets are lost, so nothing could log in to its stores. */
async function refuseRemains(folder: SandboxFolder): Promise<void> {
  const remains = await access(folder.cluster).then(
    () => true,
    () => false,
  );
  if (!remains) return;
  throw new LfctlError('SANDBOX_DISK', {
    message: `${folder.record} is missing or damaged`,
    fixes: [{ text: 'start anew', command: `lfctl sandbox down --name ${folder.name}` }],
  });
}

/** A sandbox stays what it was made as; anything else would lose its data silently. */
function refuseChange(known: SandboxRecord, options: UpOptions): void {
  const differs = [
    known.generation === options.generation ? null : `Langfuse ${known.generation}`,
    known.layout === options.layout ? null : `layout ${known.layout}`,
    options.owner === undefined || known.owner === options.owner ? null : 'another owner',
    options.writeMode === undefined || known.writeMode === options.writeMode ? null : 'another write mode',
    options.seed === undefined || known.seed === options.seed ? null : 'another seed',
    options.apiPort === undefined || known.apiPort === options.apiPort ? null : 'another port',
    options.realTime !== true || known.timeScale === 1 ? null : 'a faster clock',
  ].filter((text) => text !== null);
  if (differs.length === 0) return;
  throw new LfctlError('USAGE', {
    message: `the sandbox "${known.name}" is there already, with ${differs.join(', ')}`,
    fixes: [
      { text: 'remove it first', command: `lfctl sandbox down --name ${known.name}` },
      { text: 'or take another name with --name' },
    ],
  });
}
