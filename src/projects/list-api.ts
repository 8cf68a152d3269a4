import type { ApiAnswer, OrganizationApi } from '../tenancy/org-api.ts';
import { recordOf } from '../tenancy/org-api.ts';
import type { Project, ProjectListing } from './project.ts';

/** How many requests for keys are under way at once. */
const atOnce = 4;

/** What the public API tells of an organisation's projects. `why`: the database's reason, for what it alone knows. */
export async function listByApi(
  api: OrganizationApi,
  why: string,
): Promise<Pick<ProjectListing, 'projects' | 'unknown'>> {
  const projects: Project[] = [];
  for (let from = 0; from < api.projects.length; from += atOnce)
    projects.push(
      ...(await Promise.all(
        api.projects.slice(from, from + atOnce).map(async ({ id, name, createdAt }) => ({
          id,
          name,
          createdAt,
          organization: null,
          retentionDays: null,
          deletionPendingSince: null,
          keys: keysIn(await api.send('GET', `/api/public/projects/${encodeURIComponent(id)}/apiKeys`)),
          tracesLastDay: null,
        })),
      )),
    );
  const unsaid = `the API does not say it, and the database was not asked: ${why}`;
  const isRefused = projects.some(({ keys }) => keys === null);
  return {
    projects,
    unknown: {
      organization: unsaid,
      retentionDays: unsaid,
      ...(isRefused ? { keys: 'Langfuse did not list them' } : {}),
    },
  };
}

function keysIn({ status, body }: ApiAnswer): number | null {
  const { apiKeys } = recordOf(body);
  return status === 200 && Array.isArray(apiKeys) ? apiKeys.length : null;
}
