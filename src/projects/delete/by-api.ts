import { LfctlError } from '../../errors/error.ts';
import type { Tenancy } from '../../tenancy/access.ts';
import { removeByApi } from '../api.ts';
import type { PlannedRun } from '../plan-create.ts';
import type { Project } from '../project.ts';
import { projectsLock, routeTo } from '../way.ts';

/** Without the database Langfuse is asked to delete it itself: its worker does so within minutes, and not all of it. */
export async function planByApi(tenancy: Tenancy, project: Project): Promise<PlannedRun> {
  const { way } = await routeTo(tenancy, undefined);
  if (way.by !== 'api')
    throw new LfctlError('NOT_CONFIGURED', {
      message: 'a project is deleted in Postgres, or through the API',
    });
  const { api } = way;
  return {
    plan: {
      operation: 'project delete',
      subject: `project ${project.id}`,
      lock: projectsLock(tenancy),
      tier: 'large',
      input: { id: project.id, name: project.name, createdAt: project.createdAt },
      basis: { id: project.id, name: project.name, by: 'api' },
      steps: [
        {
          id: `delete-project:${project.id}`,
          text: `ask Langfuse to delete the project ${project.name} (${project.id})`,
          undo: null,
          apply: async () => {
            await removeByApi(api, project.id);
            return null;
          },
        },
      ],
      onFailure: 'stop',
      notes: [
        'its keys are refused at once; its data go when a worker takes the job, one project in ten minutes',
        'raw OTLP files and exported files stay in the bucket: Langfuse does not remove them, and lfctl reaches no store here',
      ],
    },
  };
}
