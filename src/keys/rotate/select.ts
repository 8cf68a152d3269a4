import { LfctlError } from '../../errors/error.ts';
import type { PostgresPort } from '../../ports/postgres.ts';
import { resolveProject } from '../project.ts';
import type { KeyRow } from '../row.ts';
import { allKeys, keysOfProject, requireKey } from '../row.ts';

/** Which keys are meant. */
export interface Wanted {
  readonly publicKey: string | undefined;
  /** Id or name. */
  readonly project: string | undefined;
  readonly all: boolean;
  /** Only keys that are older, in milliseconds. */
  readonly olderThanMs: number;
}

/**
 * The keys that are meant, oldest first.
 * @throws LfctlError KEY_UNKNOWN, KEY_OTHER_PROJECT, PROJECT_*, ROTATE_NOTHING, ROTATE_AGENT_KEY
 */
export async function selectKeys(postgres: PostgresPort, wanted: Wanted, now: Date): Promise<KeyRow[]> {
  const project = wanted.project === undefined ? null : await resolveProject(postgres, wanted.project);
  if (wanted.publicKey !== undefined) {
    const row = await requireKey(postgres, wanted.publicKey);
    if (project !== null && row.projectId !== project.id) throw ofOther(row, project.name);
    if (row.isAgentKey)
      throw new LfctlError('ROTATE_AGENT_KEY', { message: `${row.publicKey} is of the in-app agent` });
    return [row];
  }
  const rows = project === null ? await allKeys(postgres) : await keysOfProject(postgres, project.id);
  const own = rows.filter(({ isAgentKey }) => !isAgentKey);
  if (wanted.all)
    return own.filter(({ createdAt }) => now.getTime() - Date.parse(createdAt) >= wanted.olderThanMs);
  if (project !== null && own.length === 1) return own;
  throw unclear(project === null ? null : project.name, own);
}

function ofOther({ publicKey, projectName }: KeyRow, wanted: string): LfctlError {
  const whose = projectName === null ? 'an organisation' : `project ${projectName}`;
  return new LfctlError('KEY_OTHER_PROJECT', { message: `${publicKey} is of ${whose}, not of ${wanted}` });
}

function unclear(project: string | null, rows: readonly KeyRow[]): LfctlError {
  if (project === null)
    return new LfctlError('ROTATE_NOTHING', {
      message: 'no key was named: give its public key, its project, or --all',
    });
  const names = rows.map(({ publicKey, note }) => (note === null ? publicKey : `${publicKey} (${note})`));
  const several = rows.length === 0 ? 'no API key' : `${String(rows.length)} API keys: ${names.join(', ')}`;
  return new LfctlError('ROTATE_NOTHING', { message: `project ${project} has ${several}` });
}
