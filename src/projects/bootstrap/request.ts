import { readFile } from 'node:fs/promises';
import { LfctlError } from '../../errors/error.ts';
import type { Blueprint } from './blueprint.ts';
import { usualProjects } from './blueprint.ts';
import { parseBlueprint } from './file.ts';

interface Options {
  readonly org: string | undefined;
  readonly file?: string | undefined;
  readonly name: readonly string[];
  readonly team: readonly string[];
}

/** By a file, or by words; both would leave open which counts. @throws LfctlError USAGE, TEAMS_FILE */
export async function blueprintOf({ org, file, name, team }: Options): Promise<Blueprint> {
  if (file === undefined) {
    for (const list of [name, team])
      if (new Set(list).size < list.length) throw usage('a name stands there twice');
    const projects = name.length === 0 ? usualProjects : name.map((one) => ({ name: one }));
    return { organization: org ?? null, projects, teams: team.map((one) => ({ name: one })) };
  }
  if (name.length > 0 || team.length > 0)
    throw usage('projects and teams stand in the file of -f, or in flags');
  const blueprint = parseBlueprint(await textOf(file), file);
  if (org !== undefined && blueprint.organization !== null && org !== blueprint.organization)
    throw usage(`the file says ${blueprint.organization}, the command line ${org}`);
  return { ...blueprint, organization: blueprint.organization ?? org ?? null };
}

const usage = (message: string): LfctlError => new LfctlError('USAGE', { message });

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw usage(`cannot read ${file}: ${code}`);
  }
}
