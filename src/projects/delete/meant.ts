import { LfctlError } from '../../errors/error.ts';
import type { Json } from '../../plan/json.ts';
import type { JournalRun, RunSummary } from '../../plan/journal.ts';
import { unfinishedRun } from '../../plan/pick-run.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { recordOf } from '../../tenancy/org-api.ts';
import { findProject } from '../find.ts';
import type { Project } from '../project.ts';

/** The operation's name in the journal. */
export const deleteOperation = 'project delete';

interface Meant {
  readonly project: Project;
  /** The run that deletes it and did not come to an end. */
  readonly open: RunSummary | null;
}

/** A project whose deletion has begun is known by the journal alone; a living one goes before it where names are alike. */
export async function meant(tenancy: Tenancy, runs: readonly JournalRun[], wanted: string): Promise<Meant> {
  const openBy = (field: 'id' | 'name', value: string): RunSummary | null =>
    unfinishedRun(runs, deleteOperation, ({ input }) => recordOf(input)[field] === value);
  const byId = openBy('id', wanted);
  if (byId !== null) return { open: byId, project: projectOf(byId.input) };
  try {
    const project = await findProject(tenancy, wanted);
    const open = openBy('id', project.id);
    return { open, project: open === null ? project : projectOf(open.input) };
  } catch (error) {
    const byName = openBy('name', wanted);
    if (byName === null || !(error instanceof LfctlError) || error.code !== 'PROJECT_UNKNOWN') throw error;
    return { open: byName, project: projectOf(byName.input) };
  }
}

/** The project as the unfinished run began with it. */
function projectOf(input: Json): Project {
  const { id, name, organization, createdAt } = recordOf(input);
  const { id: orgId, name: orgName } = recordOf(organization);
  return {
    id: String(id),
    name: String(name),
    organization: typeof orgId === 'string' ? { id: orgId, name: String(orgName) } : null,
    createdAt: String(createdAt),
    retentionDays: null,
    deletionPendingSince: null,
    keys: null,
    tracesLastDay: null,
  };
}
