/** What the public API does with projects: web/src/ee/features/admin-api/server/projects of langfuse/langfuse. */
import { LfctlError } from '../errors/error.ts';
import type { ApiAnswer, OrganizationApi } from '../tenancy/org-api.ts';
import { recordOf, saying } from '../tenancy/org-api.ts';

/** Makes a project and gives its id. One of this name is that of an earlier attempt: the plan saw none. */
export async function postProject(
  api: OrganizationApi,
  name: string,
  retentionDays: number | undefined,
): Promise<string> {
  const retention = retentionDays === undefined ? {} : { retention: retentionDays };
  const answer = await api.send('POST', '/api/public/projects', { name, ...retention });
  const { id } = recordOf(answer.body);
  if (answer.status === 201 && typeof id === 'string') return id;
  const made = answer.status === 409 ? await findByName(api, name) : null;
  if (made !== null) return made;
  throw refusal(answer, name);
}

/** Id of the living project of this name; null where the organisation has none. */
export async function findByName({ send }: OrganizationApi, name: string): Promise<string | null> {
  const { body } = await send('GET', '/api/public/organizations/projects');
  const { projects } = recordOf(body);
  const listed = (Array.isArray(projects) ? (projects as unknown[]) : []).map(recordOf);
  const id = listed.find((one) => one['name'] === name)?.['id'];
  return typeof id === 'string' ? id : null;
}

/** @throws LfctlError PROJECT_TAKEN */
export async function requireFreeByApi(api: OrganizationApi, name: string): Promise<void> {
  const taken = await findByName(api, name);
  if (taken === null) return;
  throw new LfctlError('PROJECT_TAKEN', {
    message: `the organisation has a project '${name}' already: ${taken}`,
  });
}

const pathOf = (id: string): string => `/api/public/projects/${encodeURIComponent(id)}`;

/** Metadata and retention stay as they are when they are not sent. */
export async function putName({ send }: OrganizationApi, id: string, name: string): Promise<void> {
  const answer = await send('PUT', pathOf(id), { name });
  if (answer.status !== 200) throw refusal(answer, name);
}

/** Marks it and queues its deletion; one that is gone already is what was wanted. */
export async function removeByApi({ send }: OrganizationApi, id: string): Promise<void> {
  const answer = await send('DELETE', pathOf(id));
  if (answer.status !== 202 && answer.status !== 404) throw refusal(answer, id);
}

/** A refusal as lfctl's own error. */
function refusal({ status, body }: ApiAnswer, what: string): LfctlError {
  const message = `Langfuse answered ${String(status)}: ${saying(body) || 'without a word'} (${what})`;
  const isRetention = /retention/i.test(message);
  if (status === 409) return new LfctlError('PROJECT_TAKEN', { message });
  if (status === 403 && isRetention) return new LfctlError('RETENTION_LICENCE', { message });
  if (status === 400) return new LfctlError(isRetention ? 'RETENTION' : 'PROJECT_NAME', { message });
  if (status === 404) return new LfctlError('PROJECT_UNKNOWN', { message });
  return new LfctlError('LANGFUSE_FAILED', { message });
}
