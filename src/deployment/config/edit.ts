/** Changes of the configuration file that keep its comments and order. */
import { chmod, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomBytes } from 'node:crypto';
import { isMap, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { LfctlError } from '../../errors/error.ts';
import { reasonOf } from './load.ts';
import type { ConfigDeployment } from './schema.ts';

/** A deployment as it is written; absent fields are left out. */
export interface DeploymentChange {
  readonly name: string;
  readonly deployment: ConfigDeployment;
  readonly makeCurrent: boolean;
}

/** The text of the file with the deployment in it; other lines stay as they are. */
export function withDeployment(text: string, { name, deployment, makeCurrent }: DeploymentChange): string {
  const document: Document = parseDocument(text);
  // A file of comments alone, or of nothing, holds no map that a key could be set in.
  if (!isMap(document.contents)) return text + withDeployment('{}', { name, deployment, makeCurrent });
  document.contents.flow = false;
  if (makeCurrent) document.set('current', name);
  if (!isMap(document.get('deployments'))) document.set('deployments', document.createNode({}));
  document.setIn(['deployments', name], document.createNode(deployment));
  return String(document);
}

/** The text of the file with another current deployment. */
export function withCurrent(text: string, name: string): string {
  const document = parseDocument(text);
  document.set('current', name);
  return String(document);
}

/**
 * Writes all of it or nothing: a file beside it, then a rename; mode 0600. A link stays a link.
 * @throws LfctlError CONFIG_UNREADABLE
 */
export async function writeConfig(name: string, text: string): Promise<void> {
  if (name.startsWith('~/'))
    throw new LfctlError('CONFIG_UNREADABLE', {
      message: 'there is no home folder to keep a configuration file in',
      fixes: [{ text: 'set HOME or XDG_CONFIG_HOME, or name a file with --config' }],
    });
  const path = await realpath(name).catch(() => name);
  const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    await chmod(beside, 0o600);
    await refuseFolder(path);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (error instanceof LfctlError) throw error;
    throw new LfctlError('CONFIG_UNREADABLE', {
      message: `cannot write the configuration file ${path}: ${reasonOf(error)}`,
      fixes: [{ text: 'name another file with --config' }],
      cause: error,
    });
  }
}

async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true)
    throw new LfctlError('CONFIG_UNREADABLE', { message: `cannot write ${path}: it is a folder` });
}
